//! Whom a change could lock out, and who is left.

use unix_connector::day::Day;
use unix_connector::machine::{Entitlement, Status};
use unix_connector::root::Root;
use unix_connector::write::{Change, WriteError, Writer};

use crate::live_account::LiveAccount;
use crate::private_root::{PrivateRoot, TODAY};

/// A machine whose root has no password: whoever has sudo keeps it going.
fn without_root() -> PrivateRoot {
    let root = PrivateRoot::new();
    root.replace("etc/shadow", "root:$6$salt$hash:", "root:*:");
    root.replace("etc/group", "sudo:x:27:", "sudo:x:27:alice");
    root.replace("etc/gshadow", "sudo:*::", "sudo:*::alice");
    root
}

fn is_protected(result: Result<Change, WriteError>) -> bool {
    matches!(result, Err(WriteError::Protected { .. }))
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn root_below_another_root_is_neither_suspended_nor_deleted() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    let writer = root.writer().change_system_accounts(true);
    assert!(is_protected(writer.deactivate("root", TODAY)));
    assert!(is_protected(writer.delete("root").map(|()| Change::Changed)));
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_last_one_with_sudo_goes_only_after_another_one_came() {
    let root = without_root();
    let before = root.snapshot();
    let writer = root.writer();
    let take = || writer.unassign("alice", Entitlement::Sudo, "host");
    assert!(is_protected(writer.deactivate("alice", TODAY)));
    assert!(is_protected(writer.delete("alice").map(|()| Change::Changed)));
    assert!(is_protected(take()));
    assert!(is_protected(writer.unassign("alice", Entitlement::Member, "sudo")));
    assert_eq!(root.snapshot(), before);

    assert_eq!(writer.assign("bob", Entitlement::Sudo, "host").unwrap(), Change::Changed);
    assert_eq!(take().unwrap(), Change::Changed);
    assert!(is_protected(writer.deactivate("bob", TODAY)));
    writer.delete("alice").unwrap();
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_password_of_root_is_a_way_in() {
    let root = without_root();
    root.replace("etc/shadow", "root:*:", "root:$6$salt$hash:");
    assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Changed);
    // Who is out already cannot be locked out again.
    assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Unchanged);
    root.writer().delete("alice").unwrap();
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn system_accounts_are_changed_if_the_settings_allow_it() {
    let root = PrivateRoot::new();
    root.add("etc/passwd", "daemon:x:1:1::/:/usr/sbin/nologin");
    root.add("etc/shadow", "daemon:*:19000:0:99999:7:::");
    assert!(is_protected(root.writer().deactivate("daemon", TODAY)));
    let writer = root.writer().change_system_accounts(true);
    assert_eq!(writer.deactivate("daemon", TODAY).unwrap(), Change::Changed);
    assert_eq!(root.status("daemon"), Some(Status::Suspended));
    writer.delete("daemon").unwrap();
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_account_that_the_connector_runs_as_stays() {
    let account = LiveAccount::new("uc-own", "*");
    let writer = Writer::new(Root::default()).runs_as(vec![account.uid()]);
    let today = Day::today();
    for result in
        [writer.deactivate(account.name, today), writer.delete(account.name).map(|()| Change::Changed)]
    {
        let error = result.unwrap_err().to_string();
        assert_eq!(error, "account \"uc-own\" is protected: the connector runs as this account");
    }
    assert_eq!(Writer::new(Root::default()).deactivate(account.name, today).unwrap(), Change::Changed);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn a_number_below_another_root_is_not_the_connector_s() {
    let root = PrivateRoot::new();
    let writer = root.writer().runs_as(vec![1000]);
    assert_eq!(writer.deactivate("alice", TODAY).unwrap(), Change::Changed);
}
