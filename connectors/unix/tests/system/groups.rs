//! Members and administrators.

use std::fs;
use std::thread;

use unix_connector::machine::Entitlement::{Administrator, Member, Sudo};
use unix_connector::write::{Change, Noun, WriteError};

use crate::private_root::PrivateRoot;

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn members_join_and_leave_once() {
    let root = PrivateRoot::new();
    let writer = root.writer();
    assert_eq!(writer.assign("carol", Member, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.assign("carol", Member, "dev").unwrap(), Change::Unchanged);
    assert_eq!(root.line("etc/group", "dev"), "dev:x:2000:alice,bob,carol");
    assert_eq!(root.line("etc/gshadow", "dev"), "dev:!:alice:alice,bob,carol");
    assert_eq!(writer.unassign("bob", Member, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("bob", Member, "dev").unwrap(), Change::Unchanged);
    assert_eq!(root.line("etc/group", "dev"), "dev:x:2000:alice,carol");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn changing_members_runs_nothing_in_the_image() {
    let root = PrivateRoot::new();
    let writer = root.writer_with("gpasswd", "exit 9");
    assert_eq!(writer.assign("carol", Member, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.assign("carol", Sudo, "host").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("bob", Member, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("carol", Sudo, "host").unwrap(), Change::Changed);
    assert_eq!(root.line("etc/group", "dev"), "dev:x:2000:alice,carol");
    assert_eq!(root.line("etc/group", "sudo"), "sudo:x:27:");
    assert_eq!(root.line("etc/group", "ops"), "ops:x:2001:");
    // The administrators stay.
    assert_eq!(root.line("etc/gshadow", "dev"), "dev:!:alice:alice,carol");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn numeric_group_names_are_not_used_as_numbers() {
    let root = PrivateRoot::new();
    root.add("etc/group", "2001:x:3000:alice\n2fa:x:3002:");
    let before = root.snapshot();
    let error = root.writer().assign("bob", Member, "2001").unwrap_err();
    assert_eq!(error.to_string(), "not possible on this machine: the name of group \"2001\" is a number");
    assert!(matches!(root.writer().unassign("alice", Member, "2001"), Err(WriteError::Unsupported { .. })));
    assert_eq!(root.snapshot(), before);
    assert_eq!(root.writer().assign("bob", Member, "2fa").unwrap(), Change::Changed);
    assert_eq!(root.line("etc/group", "2fa"), "2fa:x:3002:bob");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn primary_groups_cannot_be_removed() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    assert_eq!(root.writer().assign("bob", Member, "users").unwrap(), Change::Unchanged);
    let error = root.writer().unassign("bob", Member, "users").unwrap_err();
    assert!(matches!(error, WriteError::PrimaryGroup { .. }), "{error}");
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_membership_through_a_group_with_the_same_number_is_removed_there() {
    let root = PrivateRoot::new();
    root.replace("etc/group", "ops:x:2001:\n", "ops:x:27:carol\nwheel:x:27:carol\n");
    let writer = root.writer();
    let before = root.snapshot();
    let expected = "not possible on this machine: \"carol\" is in group \"sudo\" only through \"ops\", \
                    which has the same number";
    for (entitlement, resource) in [(Member, "sudo"), (Sudo, "host")] {
        let error = writer.unassign("carol", entitlement, resource).unwrap_err();
        assert!(matches!(error, WriteError::Unsupported { .. }), "{error}");
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(root.snapshot(), before);
    let error = writer.unassign("carol", Member, "ops").unwrap_err();
    let expected = "\"carol\" is still in group \"wheel\", which has the same number";
    assert_eq!(error.to_string(), format!("the change has no effect on this machine: {expected}"));
    assert_eq!(writer.unassign("carol", Member, "wheel").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("carol", Member, "sudo").unwrap(), Change::Unchanged);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn administrators_are_added_and_removed_individually() {
    let root = PrivateRoot::new();
    let writer = root.writer();
    assert_eq!(writer.assign("carol", Administrator, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.assign("carol", Administrator, "dev").unwrap(), Change::Unchanged);
    assert_eq!(root.line("etc/gshadow", "dev"), "dev:!:alice,carol:alice,bob");
    assert_eq!(writer.unassign("alice", Administrator, "dev").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("alice", Administrator, "dev").unwrap(), Change::Unchanged);
    assert_eq!(writer.unassign("carol", Administrator, "dev").unwrap(), Change::Changed);
    assert_eq!(root.line("etc/gshadow", "dev"), "dev:!::alice,bob");
    assert_eq!(
        writer.assign("bob", Administrator, "ops").unwrap(),
        Change::Changed,
        "a group that is missing from gshadow"
    );
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn without_gshadow_there_are_members_but_no_administrators() {
    let root = PrivateRoot::new();
    fs::remove_file(root.path("etc/gshadow")).unwrap();
    let error = root.writer().assign("bob", Administrator, "ops").unwrap_err();
    assert_eq!(error.to_string(), "not possible on this machine: etc/gshadow: missing");
    assert_eq!(root.writer().assign("bob", Member, "ops").unwrap(), Change::Changed);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn unknown_accounts_and_groups_have_different_errors() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    for entitlement in [Member, Administrator] {
        for (account, group, missing) in [("ghost", "dev", Noun::Account), ("bob", "ghosts", Noun::Group)] {
            let assign = root.writer().assign(account, entitlement, group).unwrap_err();
            let unassign = root.writer().unassign(account, entitlement, group).unwrap_err();
            for error in [assign, unassign] {
                assert!(matches!(error, WriteError::NotFound { noun, .. } if noun == missing), "{error}");
            }
        }
    }
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn simultaneous_changes_lose_nothing() {
    let root = PrivateRoot::new();
    let users: Vec<String> = (0..8).map(|i| format!("u{i}")).collect();
    for (number, user) in users.iter().enumerate() {
        root.add("etc/passwd", &format!("{user}:x:{}:100::/:/bin/sh", 3000 + number));
        root.add("etc/shadow", &format!("{user}:*:1::::::"));
    }
    thread::scope(|scope| {
        for user in &users {
            scope.spawn(|| {
                assert_eq!(root.writer().assign(user, Administrator, "dev").unwrap(), Change::Changed);
                assert_eq!(root.writer().assign(user, Member, "ops").unwrap(), Change::Changed);
            });
        }
    });
    let (admins, members) = (root.line("etc/gshadow", "dev"), root.line("etc/group", "ops"));
    for user in &users {
        assert!(admins.contains(user) && members.contains(user), "{user}: {admins} {members}");
    }
}
