//! Names and images that try to redirect the tools.

use std::os::unix::fs::symlink;
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use unix_connector::machine::Entitlement::{Administrator, Member};
use unix_connector::write::{NewAccount, WriteError};

use crate::private_root::{PrivateRoot, ROOT, TODAY};

const NAME: &str = "hostile::names_cannot_redirect_the_tools";

/// Mounts a copy of `/etc` and empty folders for mailboxes and logs, then runs the test again.
const IN_PRIVATE_NAMESPACE: &str = "
    cp -a /etc \"$1/running\" && mount --bind \"$1/running\" /etc &&
    mount -t tmpfs none /var/mail && mount -t tmpfs none /var/log &&
    exec \"$2\" --exact \"$3\" --ignored --nocapture";

/// Creates an account on the running machine.
fn create(account: Value) -> Value {
    let envelope = json!({ "request": { "account": account, "entitlements": [] } });
    let integration = unix_connector::integration();
    let response = integration.dispatch_blocking("create_account", envelope.to_string().as_bytes());
    serde_json::from_slice(&response).unwrap()
}

/// Runs itself again in its own mount namespace, where the files of the running machine can be changed.
#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn names_cannot_redirect_the_tools() {
    if let Ok(jail) = env::var(ROOT) {
        return in_private_namespace(&jail);
    }
    let jail = PrivateRoot::new();
    let before = jail.snapshot();
    let output = Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", IN_PRIVATE_NAMESPACE, "sh"])
        .arg(jail.directory())
        .arg(env::current_exe().unwrap())
        .arg(NAME)
        .env(ROOT, jail.directory())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}{errors}");
    assert_eq!(jail.snapshot(), before, "the jail is not used");
}

fn in_private_namespace(jail: &str) {
    let accounts = || fs::read_to_string("/etc/passwd").unwrap();
    let before = accounts();
    let options = ["--root", "--prefix"].map(|option| format!("{option}={jail}"));
    let hostile: Vec<&str> =
        options.iter().map(String::as_str).chain(["-R", "-P", "--root", "--prefix", " -R "]).collect();
    for text in hostile {
        for field in ["given_name", "family_name"] {
            let mut account = json!({ "username": "dora", "given_name": "Dora", "family_name": "Maar" });
            account[field] = text.into();
            let error = create(account)["error"].clone();
            assert_eq!(error["error_code"], "unix.bad_request", "{field} {text}: {error}");
            assert_eq!(error["message"], format!("{field}: must not start with `-`"));
        }
        let error = create(json!({ "username": text }))["error"].clone();
        assert_eq!(error["error_code"], "unix.bad_request", "{text}: {error}");
    }
    assert_eq!(accounts(), before);

    // Inside a name they are text.
    let family_name = format!("--root={jail}");
    let created = create(json!({ "username": "dora", "given_name": format!("Dora {family_name}") }));
    assert_eq!(created["response"]["created"], true, "{created}");
    let expected = format!(":Dora {family_name}:");
    assert!(accounts().lines().any(|line| line.starts_with("dora:") && line.contains(&expected)));
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn every_value_is_attached_to_its_option() {
    let root = PrivateRoot::new();
    // An administrator of this name can only come from the image.
    root.set("etc/gshadow", "dev:!:--prefix=/tmp/jail:alice\n");
    let printed = root.path("printed");
    let spy = |tool: &str| {
        let path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
        format!("printf '%s\\n' \"$@\" >> {}; {path}; exec {tool} \"$@\"", printed.display())
    };
    let mut account = NewAccount::new("dora");
    account.full_name = Some("Dora --root=/tmp/jail".to_owned());
    account.suspended = true;
    account.entitlements = vec![(Member, "dev".to_owned())];
    root.writer_with("useradd", &spy("useradd")).create_homes(true).create(&account, TODAY).unwrap();
    let _ = root.writer_with("usermod", &spy("usermod")).activate("dora", TODAY).unwrap();
    let gpasswd = root.writer_with("gpasswd", &spy("gpasswd"));
    let _ = gpasswd.unassign("dora", Member, "dev").unwrap();
    // `gpasswd` doesn't know this user, so it changes nothing. Only its arguments matter.
    let error = gpasswd.assign("dora", Administrator, "dev").unwrap_err();
    assert!(matches!(error, WriteError::ToolFailed { .. }), "{error}");
    root.writer_with("userdel", &spy("userdel")).delete("dora").unwrap();

    let printed = fs::read_to_string(printed).unwrap();
    let root = root.directory().display().to_string();
    for argument in printed.lines() {
        let changes_root = argument.starts_with("--root=") || argument.starts_with("--prefix=");
        let ours = argument == format!("--root={root}") || argument == format!("--prefix={root}");
        assert!(!changes_root || ours, "{argument}\n{printed}");
        assert!(argument.starts_with("--") || ["dora", "dev"].contains(&argument), "{argument}\n{printed}");
    }
    for expected in ["--comment=Dora --root=/tmp/jail", "--administrators=--prefix=/tmp/jail,dora"] {
        assert!(printed.lines().any(|argument| argument == expected), "{expected}\n{printed}");
    }
}

/// The error for an image that would make the tools leave it. Checks that nothing outside has changed.
fn rejection(create_homes: bool, spoil: impl Fn(&PrivateRoot, &str)) -> String {
    let root = PrivateRoot::new();
    let outside = PrivateRoot::new();
    outside.set("home/secret", "of the running machine");
    spoil(&root, outside.path("home").to_str().unwrap());
    let before = root.snapshot();
    let writer = root.writer().create_homes(create_homes);
    let error = writer.create(&NewAccount::new("dora"), TODAY).unwrap_err();
    assert!(matches!(error, WriteError::Unsupported { .. }), "{error}");
    assert_eq!(root.snapshot(), before);
    assert_eq!(fs::read_to_string(outside.path("home/secret")).unwrap(), "of the running machine");
    let names = fs::read_dir(outside.path("home")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["secret"]);
    error.to_string()
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn home_directories_stay_in_the_image() {
    let dots = rejection(true, |root, outside| {
        root.set("etc/default/useradd", &format!("HOME=/../../../../../..{outside}\n"));
    });
    assert!(dots.ends_with("/dora leads out of the root"), "{dots}");
    let link = rejection(true, |root, outside| {
        fs::remove_dir(root.path("home")).unwrap();
        symlink(outside, root.path("home")).unwrap();
    });
    assert_eq!(link, "not possible on this machine: /home/dora leads out of the root");
    let skeleton = rejection(true, |root, outside| {
        root.set("etc/default/useradd", &format!("SKEL=/../../../../../..{outside}\n"));
    });
    assert!(skeleton.ends_with(" leads out of the root"), "{skeleton}");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn mailboxes_and_backups_stay_in_the_image() {
    let mailbox = rejection(false, |root, outside| {
        root.set("etc/default/useradd", "CREATE_MAIL_SPOOL=yes\n");
        root.set("etc/login.defs", &format!("MAIL_DIR /../../../../../..{outside}\n"));
    });
    assert!(mailbox.ends_with("/dora leads out of the root"), "{mailbox}");
    let mailbox = rejection(false, |root, outside| {
        root.set("etc/default/useradd", "CREATE_MAIL_SPOOL=yes\n");
        fs::create_dir(root.path("var")).unwrap();
        symlink(outside, root.path("var/mail")).unwrap();
    });
    assert_eq!(mailbox, "not possible on this machine: /var/mail/dora leads out of the root");
    for backup in ["passwd-", "shadow-", "group+", "gshadow-"] {
        let error = rejection(false, |root, outside| {
            symlink(format!("{outside}/secret"), root.path(&format!("etc/{backup}"))).unwrap();
        });
        assert_eq!(error, format!("not possible on this machine: etc/{backup} leads out of the root"));
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_home_directory_can_be_behind_a_link_in_the_image() {
    let root = PrivateRoot::new();
    fs::remove_dir(root.path("home")).unwrap();
    fs::create_dir_all(root.path("var/home")).unwrap();
    symlink("var/home", root.path("home")).unwrap();
    root.writer().create_homes(true).create(&NewAccount::new("dora"), TODAY).unwrap();
    assert!(root.path("var/home/dora").is_dir());
    assert_eq!(root.line("etc/passwd", "dora").split(':').nth(5), Some("/home/dora"));
}
