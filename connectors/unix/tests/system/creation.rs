//! New accounts.

use std::fs;
use std::time::Duration;

use unix_connector::machine::{Entitlement, Status};
use unix_connector::write::{NewAccount, Noun, WriteError};

use crate::private_root::{PrivateRoot, TODAY};

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_new_account_is_active_without_password_and_home() {
    let root = PrivateRoot::new();
    root.set("etc/login.defs", "CREATE_HOME yes\nUID_MIN 1000\n");
    let mut account = NewAccount::new("dora");
    account.full_name = Some("Dora Maar".to_owned());
    root.writer().create(&account, TODAY).unwrap();
    assert_eq!(root.line("etc/passwd", "dora").split(':').nth(4), Some("Dora Maar"));
    assert!(root.line("etc/shadow", "dora").starts_with("dora:!:"));
    assert_eq!(root.status("dora"), Some(Status::Active));
    assert!(!root.path("home/dora").exists());
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_new_account_can_start_suspended_with_a_home_and_entitlements() {
    let root = PrivateRoot::new();
    root.set("etc/skel/.profile", "hello");
    let mut account = NewAccount::new("dora");
    account.suspended = true;
    account.entitlements = vec![
        (Entitlement::Member, "dev".to_owned()),
        (Entitlement::Administrator, "ops".to_owned()),
        (Entitlement::Sudo, "host".to_owned()),
    ];
    root.writer().create_homes(true).create(&account, TODAY).unwrap();
    assert_eq!(root.status("dora"), Some(Status::Suspended));
    assert_eq!(root.line("etc/group", "dev"), "dev:x:2000:alice,bob,dora");
    assert_eq!(root.line("etc/group", "sudo"), "sudo:x:27:dora");
    assert_eq!(root.line("etc/gshadow", "ops").split(':').nth(2), Some("dora"));
    assert!(root.path("home/dora").is_dir());
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn existing_names_are_rejected() {
    let root = PrivateRoot::new();
    root.set("etc/login.defs", "USERGROUPS_ENAB yes\n");
    let before = root.snapshot();
    let create = |name| root.writer().create(&NewAccount::new(name), TODAY).unwrap_err();
    assert!(matches!(create("alice"), WriteError::AlreadyExists { noun: Noun::Account, .. }));
    assert!(matches!(create("dev"), WriteError::AlreadyExists { noun: Noun::Group, .. }));
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn invalid_accounts_are_rejected_before_any_change() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    let writer = root.writer();
    for name in ["-x", "1000", "a b", "a:b", "..", ""] {
        let error = writer.create(&NewAccount::new(name), TODAY).unwrap_err();
        assert!(matches!(error, WriteError::InvalidName { .. }), "{name:?}: {error}");
    }
    let mut account = NewAccount::new("dora");
    account.full_name = Some("x:0:0".to_owned());
    assert!(matches!(writer.create(&account, TODAY), Err(WriteError::InvalidValue { .. })));
    for (entitlement, resource) in [
        (Entitlement::Member, "ghosts"),
        (Entitlement::Administrator, "ghosts"),
        (Entitlement::Sudo, "other"),
    ] {
        let mut account = NewAccount::new("dora");
        account.entitlements = vec![(entitlement, resource.to_owned())];
        assert!(matches!(writer.create(&account, TODAY), Err(WriteError::NotFound { .. })), "{resource}");
    }
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_incomplete_creation_is_undone() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    root.set("home/eric/notes", "from an earlier eric");
    let writer = root.writer_with("usermod", "echo 'usermod: out of order' >&2; exit 5").create_homes(true);
    for name in ["dora", "eric"] {
        let mut account = NewAccount::new(name);
        account.entitlements = vec![(Entitlement::Member, "dev".to_owned())];
        let error = writer.create(&account, TODAY).unwrap_err();
        let WriteError::Undone { source, .. } = &error else { panic!("{error}") };
        assert_eq!(source.to_string(), "usermod failed (exit 5): usermod: out of order");
        assert_eq!(root.line("etc/passwd", name), "");
    }
    assert_eq!(root.snapshot(), before);
    assert!(!root.path("home/dora").exists(), "the new home goes with the account");
    assert!(root.path("home/eric/notes").exists(), "a home that was there before stays");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_whose_creation_takes_too_long_is_deleted_again() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    let slow = "PATH=/usr/sbin:/usr/bin:/sbin:/bin; useradd \"$@\"; exec sleep 60";
    let writer = root.writer_with("useradd", slow).tool_timeout(Duration::from_secs(5));
    let error = writer.create(&NewAccount::new("dora"), TODAY).unwrap_err();
    let WriteError::Undone { source, .. } = &error else { panic!("{error}") };
    assert!(matches!(**source, WriteError::TimedOut { tool: "useradd", .. }), "{source}");
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_created_concurrently_is_not_deleted() {
    let root = PrivateRoot::new();
    let race = "PATH=/usr/sbin:/usr/bin:/sbin:/bin; useradd \"$@\"; exec useradd \"$@\"";
    let error = root.writer_with("useradd", race).create(&NewAccount::new("dora"), TODAY).unwrap_err();
    assert!(matches!(error, WriteError::AlreadyExists { noun: Noun::Account, .. }), "{error}");
    assert_ne!(root.line("etc/passwd", "dora"), "");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn login_records_of_the_running_machine_are_kept() {
    let root = PrivateRoot::new();
    let printed = root.path("printed");
    let spy = format!(
        "echo \"$*\" > {}; PATH=/usr/sbin:/usr/bin:/sbin:/bin; exec useradd \"$@\"",
        printed.display()
    );
    root.writer_with("useradd", &spy).create(&NewAccount::new("dora"), TODAY).unwrap();
    let printed = fs::read_to_string(printed).unwrap();
    assert!(printed.contains("--no-log-init"), "{printed}");
}
