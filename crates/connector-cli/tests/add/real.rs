//! Connectors with the real SDK.

use std::fs;
use std::process::Command;

use connector::{StandardCapability, Wire};

#[test]
#[ignore = "needs minutes and crates.io: cargo xtask test --system"]
fn added_capabilities_pass_their_tests_with_the_real_sdk() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../connector")).unwrap();
    let manifest = format!(
        "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nlumos-connector = {{ path = {sdk:?} }}\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let sources = folder.path().join("src");
    // Not deleted, to speed up the next run.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/add");
    let connector = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
        command.args(args).current_dir(folder.path()).env("CARGO_TARGET_DIR", target).output().unwrap()
    };
    let both = |one: &StandardCapability| one.classic_name.is_some();
    for (auth, wire, is_wanted) in [
        ("BasicCredentials", Wire::Classic, &both as &dyn Fn(&StandardCapability) -> bool),
        ("TokenCredentials", Wire::OpenApi, &|one| !both(one)),
        ("OAuthCredentials", Wire::OpenApi, &|one| one.name.starts_with("list_")),
    ] {
        let standard = connector::standard_capabilities().into_iter();
        let wanted: Vec<_> = standard.filter(is_wanted).map(|one| one.name).collect();
        for style in [chain(auth, wire), block(auth, wire)] {
            let _ = fs::remove_dir_all(&sources);
            fs::create_dir(&sources).unwrap();
            fs::write(sources.join("main.rs"), style).unwrap();
            let output = connector(&[&["add"], &wanted[..]].concat());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let output = connector(&["hacking", "test"]);
            let stdout = String::from_utf8_lossy(&output.stdout);
            let passed = format!("{} passed", wanted.len());
            assert!(output.status.success() && stdout.contains(&passed), "{stdout}");
        }
    }
}

/// A connector with calls of a builder.
fn chain(auth: &str, wire: Wire) -> String {
    program(
        "",
        &format!(
            "connector::Integration::builder(\"acme\"){}\n        .auth::<connector::model::{auth}>()",
            call(wire)
        ),
    )
}

/// A class-style connector.
fn block(auth: &str, wire: Wire) -> String {
    let block = format!(
        "struct Acme;\n\n#[connector::capabilities(auth = connector::model::{auth})]\nimpl Acme {{}}\n\n"
    );
    program(&block, &format!("Acme.into_builder(\"acme\"){}", call(wire)))
}

fn call(wire: Wire) -> &'static str {
    if wire == Wire::OpenApi { "\n        .wire(connector::Wire::OpenApi)" } else { "" }
}

fn program(items: &str, builder: &str) -> String {
    format!(
        "{items}fn integration() -> connector::Integration {{\n    {builder}\n        .build()\n}}\n\n\
         fn main() -> std::process::ExitCode {{\n    connector::cli::run(integration())\n}}\n"
    )
}
