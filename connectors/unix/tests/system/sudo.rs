//! Sudo through a group.

use std::fs;

use unix_connector::machine::Entitlement::Sudo;
use unix_connector::write::{Change, WriteError};

use crate::private_root::PrivateRoot;

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn sudo_is_assigned_and_removed_through_its_group() {
    let root = PrivateRoot::new();
    let writer = root.writer();
    assert_eq!(writer.assign("bob", Sudo, "host").unwrap(), Change::Changed);
    assert_eq!(writer.assign("bob", Sudo, "host").unwrap(), Change::Unchanged);
    assert_eq!(root.line("etc/group", "sudo"), "sudo:x:27:bob");
    assert_eq!(root.machine().sudo().items.iter().filter(|grant| grant.account == "bob").count(), 1);
    assert_eq!(writer.unassign("bob", Sudo, "host").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("bob", Sudo, "host").unwrap(), Change::Unchanged);
    assert_eq!(root.line("etc/group", "sudo"), "sudo:x:27:");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn sudo_from_other_rules_is_not_removed() {
    let root = PrivateRoot::new();
    root.add("etc/sudoers", "bob ALL=/bin/ls\n%dev ALL=ALL");
    let _ = root.writer().assign("bob", unix_connector::machine::Entitlement::Member, "sudo").unwrap();
    let before = root.snapshot();
    let error = root.writer().unassign("bob", Sudo, "host").unwrap_err();
    assert_eq!(error.to_string(), "\"bob\" has sudo through bob (etc/sudoers:3), %dev (etc/sudoers:4)");
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn sudo_cannot_be_assigned_without_a_group() {
    let root = PrivateRoot::new();
    root.set("etc/sudoers", "root ALL=ALL\n%ops ALL=/bin/ls\n");
    let error = root.writer().assign("bob", Sudo, "host").unwrap_err();
    assert!(matches!(error, WriteError::Unsupported { .. }), "{error}");
    fs::remove_file(root.path("etc/sudoers")).unwrap();
    let error = root.writer().assign("bob", Sudo, "host").unwrap_err();
    assert_eq!(error.to_string(), "not possible on this machine: etc/sudoers: missing");
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_membership_without_effect_is_undone() {
    let root = PrivateRoot::new();
    root.add("etc/sudoers", "bob ALL=(ALL) !ALL");
    let before = root.snapshot();
    let error = root.writer().assign("bob", Sudo, "host").unwrap_err();
    assert!(matches!(error, WriteError::Unsupported { .. }), "{error}");
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn there_is_only_one_host() {
    let root = PrivateRoot::new();
    assert!(matches!(root.writer().assign("bob", Sudo, "web1"), Err(WriteError::NotFound { .. })));
    assert!(matches!(root.writer().unassign("bob", Sudo, "web1"), Err(WriteError::NotFound { .. })));
}
