//! Activate, deactivate, delete.

use std::fs;
use std::time::Duration;

use unix_connector::machine::Status;
use unix_connector::write::{Change, WriteError};

use crate::private_root::{PrivateRoot, TODAY};

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn deactivating_locks_and_expires_and_activating_undoes_both() {
    let root = PrivateRoot::new();
    let writer = root.writer();
    let before = root.line("etc/shadow", "alice");
    assert_eq!(writer.deactivate("alice", TODAY).unwrap(), Change::Changed);
    assert_eq!(root.line("etc/shadow", "alice"), "alice:!$6$salt$hash:19000:0:99999:7::1:");
    assert_eq!(root.status("alice"), Some(Status::Suspended));
    assert_eq!(writer.deactivate("alice", TODAY).unwrap(), Change::Unchanged);

    assert_eq!(writer.activate("alice", TODAY).unwrap(), Change::Changed);
    assert_eq!(root.line("etc/shadow", "alice"), before);
    assert_eq!(root.status("alice"), Some(Status::Active));
    assert_eq!(writer.activate("alice", TODAY).unwrap(), Change::Unchanged);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn accounts_without_a_password_are_restored() {
    let root = PrivateRoot::new();
    root.add("etc/passwd", "rhel:x:1003:100::/:/bin/sh");
    root.add("etc/shadow", "rhel:!!:19000::::::");
    for account in ["bob", "carol", "rhel"] {
        let before = root.line("etc/shadow", account);
        assert_eq!(root.writer().deactivate(account, TODAY).unwrap(), Change::Changed);
        assert_eq!(root.status(account), Some(Status::Suspended), "{account}");
        assert_eq!(root.writer().deactivate(account, TODAY).unwrap(), Change::Unchanged);
        assert_eq!(root.writer().activate(account, TODAY).unwrap(), Change::Changed);
        assert_eq!(root.status(account), Some(Status::Active), "{account}");
        assert!(!root.line("etc/shadow", account).contains("$"));
        // A bare `!` and `!!` mean the same. Only the date must be removed.
        let password = |line: &str| line.split(':').nth(1).unwrap().replace("!!", "!");
        assert_eq!(password(&root.line("etc/shadow", account)), password(&before));
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_inactive_account_can_be_activated() {
    let root = PrivateRoot::new();
    root.add("etc/passwd", "fa:x:1003:100::/:/bin/sh\nkey:x:1004:100::/:/bin/sh");
    root.add("etc/shadow", "fa:$6$x$y:19000:0:30:7:10::\nkey:*:19000:0:30:7:10::");
    for (account, expected) in [
        // The owner must choose a new password.
        ("fa", "fa:$6$x$y:0:0:30:7:10::"),
        // There is no password to change.
        ("key", "key:*:20000:0:30:7:10::"),
    ] {
        assert_eq!(root.status(account), Some(Status::Suspended));
        assert_eq!(root.writer().activate(account, TODAY).unwrap(), Change::Changed);
        assert_eq!(root.line("etc/shadow", account), expected);
        assert_eq!(root.status(account), Some(Status::Active));
        assert_eq!(root.writer().activate(account, TODAY).unwrap(), Change::Unchanged);
        let _ = root.writer().deactivate(account, TODAY).unwrap();
        let _ = root.writer().activate(account, TODAY).unwrap();
        assert_eq!(root.line("etc/shadow", account), expected);
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn empty_passwords_are_not_restored() {
    let root = PrivateRoot::new();
    root.add("etc/passwd", "open:x:1003:100::/:/bin/sh");
    root.add("etc/shadow", "open::19000:0:99999:7:::");
    let _ = root.writer().deactivate("open", TODAY).unwrap();
    let _ = root.writer().activate("open", TODAY).unwrap();
    assert_eq!(root.line("etc/shadow", "open"), "open:!:19000:0:99999:7:::");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn activating_removes_all_locks_and_no_future_date() {
    let root = PrivateRoot::new();
    root.add(
        "etc/passwd",
        "twice:x:1003:100::/:/bin/sh\nlater:x:1004:100::/:/bin/sh\nzero:x:1005:100::/:/bin/sh",
    );
    root.add("etc/shadow", "twice:!!$6$a$b:1::::::\nlater:!$6$a$b:1:::::20001:\nzero:$6$a$b:1:::::0:");
    for (account, expected) in [
        ("twice", "twice:$6$a$b:1::::::"),
        ("later", "later:$6$a$b:1:::::20001:"),
        ("zero", "zero:$6$a$b:1::::::"),
    ] {
        assert_eq!(root.writer().activate(account, TODAY).unwrap(), Change::Changed);
        assert_eq!(root.line("etc/shadow", account), expected);
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_without_a_shadow_line_can_only_be_deactivated() {
    let root = PrivateRoot::new();
    root.add("etc/passwd", "stray:x:1003:100::/:/bin/sh");
    assert!(matches!(root.writer().activate("stray", TODAY), Err(WriteError::Unsupported { .. })));
    assert_eq!(root.writer().deactivate("stray", TODAY).unwrap(), Change::Changed);
    assert_eq!(root.status("stray"), Some(Status::Suspended));

    fs::remove_file(root.path("etc/shadow")).unwrap();
    let error = root.writer().deactivate("alice", TODAY).unwrap_err();
    assert_eq!(error.to_string(), "not possible on this machine: etc/shadow: missing");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn deleting_removes_the_account_from_all_files_and_keeps_its_home() {
    let root = PrivateRoot::new();
    root.set("etc/login.defs", "USERGROUPS_ENAB yes\n");
    root.set("home/alice/notes", "mine");
    root.writer().delete("alice").unwrap();
    for path in ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"] {
        assert!(!fs::read_to_string(root.path(path)).unwrap().contains("alice"), "{path}");
    }
    assert!(root.path("home/alice/notes").exists());
    assert!(matches!(root.writer().delete("alice"), Err(WriteError::NotFound { .. })));
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn unknown_and_invalid_names_reach_no_tool() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    let writer = root.writer();
    assert!(matches!(writer.activate("ghost", TODAY), Err(WriteError::NotFound { .. })));
    assert!(matches!(writer.deactivate("ghost", TODAY), Err(WriteError::NotFound { .. })));
    assert!(matches!(writer.delete("ghost"), Err(WriteError::NotFound { .. })));
    for name in ["", "-r", "a:b", "a\nb", "../x"] {
        assert!(matches!(writer.delete(name), Err(WriteError::InvalidName { .. })), "{name:?}");
        assert!(matches!(writer.deactivate(name, TODAY), Err(WriteError::InvalidName { .. })), "{name:?}");
    }
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_files_decide_whether_a_tool_succeeded() {
    let root = PrivateRoot::new();
    let idle = root.writer_with("usermod", "echo 'usermod: never mind' >&2; exit 0");
    let error = idle.deactivate("alice", TODAY).unwrap_err();
    assert_eq!(error.to_string(), "usermod did not apply the change: usermod: never mind");

    let failing = root.writer_with("usermod", "PATH=/usr/sbin:/usr/bin:/sbin:/bin; usermod \"$@\"; exit 1");
    assert_eq!(failing.deactivate("alice", TODAY).unwrap(), Change::Changed);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn locked_files_are_retried_and_then_reported() {
    let root = PrivateRoot::new();
    let lock = root.path("etc/group.lock");
    fs::write(&lock, format!("{}\0", std::process::id())).unwrap();
    let writer = root.writer().lock_patience(Duration::from_millis(300));
    let assign = || writer.assign("carol", unix_connector::machine::Entitlement::Administrator, "dev");
    let error = assign().unwrap_err();
    assert!(matches!(error, WriteError::Busy { .. }) && error.is_retryable(), "{error}");
    fs::remove_file(lock).unwrap();
    assert_eq!(assign().unwrap(), Change::Changed);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_root_that_leads_outside_is_rejected() {
    let outside = PrivateRoot::new();
    let before = outside.snapshot();
    let root = PrivateRoot::new();
    fs::remove_dir_all(root.path("etc")).unwrap();
    std::os::unix::fs::symlink(outside.path("etc"), root.path("etc")).unwrap();
    // Seen from inside the root, the link leads to a place that has the same account.
    let inside = format!("{}/etc/passwd", outside.directory().display());
    root.set(inside.trim_start_matches('/'), "alice:x:1000:1000:::\n");
    let shadow = format!("{}/etc/shadow", outside.directory().display());
    root.set(shadow.trim_start_matches('/'), "alice:$6$a$b:1::::::\n");
    let error = root.writer().deactivate("alice", TODAY).unwrap_err();
    assert_eq!(error.to_string(), "not possible on this machine: etc leads out of the root");
    assert_eq!(outside.snapshot(), before);
}
