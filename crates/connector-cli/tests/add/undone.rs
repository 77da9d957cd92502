//! Changes that are undone.

use std::process::Command;

use crate::support::{CLASS_STYLE, NEW, add, connector_with, files};

#[test]
fn changes_that_do_not_compile_are_undone() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, stdout, errors) = add(&folder, "delete_account");
        assert_eq!((status, stdout.as_str()), (Some(1), ""));
        assert!(errors.contains("DeleteAccount") && errors.contains("all changes were undone"), "{errors}");
        assert!(errors.contains(".register(DeleteAccount, delete_account)"), "{errors}");
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
fn several_capabilities_are_added_all_or_none() {
    let folder = connector_with(NEW);
    let before = files(&folder);
    for (names, about) in [
        ("create_account list_accounts", "list_accounts is already registered"),
        ("create_account create_account", "create_account is already registered"),
        ("create_account get_account", "get_account exists only in the openapi wire format"),
        ("create_account delete_account", "all changes were undone"),
        ("create_account fly", "unknown capability \"fly\""),
    ] {
        let (status, _, errors) = add(&folder, names);
        assert!(status != Some(0) && errors.contains(about), "{names}: {errors}");
        assert_eq!(files(&folder), before, "{names}");
    }
    let (status, stdout, errors) = add(&folder, "create_account get_authorization_url");
    assert_eq!(status, Some(0), "{errors}");
    for part in
        ["create_account returns `not_implemented`", "get_authorization_url returns `not_implemented`"]
    {
        assert!(stdout.contains(part), "{stdout}");
    }
    assert_eq!(stdout.matches("integration.rs").count(), 1, "{stdout}");
}

#[test]
#[cfg(unix)]
fn interrupted_changes_are_undone() {
    use std::os::unix::process::CommandExt as _;
    let folder = connector_with(NEW);
    let before = files(&folder);
    // A slow `cargo check`. Another process writes the script: if this one did, a concurrent fork could keep the file
    // open, and it couldn't be executed.
    let cargo = folder.path().join("cargo");
    let begun = folder.path().join("cargo.begun");
    let text = format!(
        "#!/bin/sh\n[ \"$1\" = check ] && : > \"$0.begun\" && exec sleep 600\nexec {} \"$@\"\n",
        env!("CARGO")
    );
    let write = "printf %s \"$1\" > \"$0\"; chmod +x \"$0\"";
    assert!(
        Command::new("sh").args(["-c", write]).arg(&cargo).arg(text).status().expect("sh runs").success()
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.args(["add", "create_account", "-d", "acme"]).current_dir(folder.path()).env("CARGO", &cargo);
    // Like a terminal, signals the whole process group.
    let adding = command.process_group(0).stderr(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut tries = 0..6000;
    while !begun.exists() {
        assert!(tries.next().is_some(), "cargo does not check");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_ne!(files(&folder), before);
    let killed = Command::new("kill").args(["-INT", "--", &format!("-{}", adding.id())]).status();
    assert!(killed.expect("kill runs").success());
    let output = adding.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("interrupted; all changes were undone"), "{stderr}");
    assert_eq!(files(&folder), before);
}
