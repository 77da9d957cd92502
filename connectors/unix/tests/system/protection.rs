//! Changes that could lock people out, and those that can't.

use unix_connector::day::Day;
use unix_connector::machine::{Entitlement, Status};
use unix_connector::root::Root;
use unix_connector::write::{Change, WriteError, Writer};

use crate::live_account::LiveAccount;
use crate::private_machine::{on_private_machine, set, writer};
use crate::private_root::{PrivateRoot, TODAY};

/// A machine whose root has no password. `alice` is its only administrator.
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
fn root_is_protected_below_another_root() {
    let root = PrivateRoot::new();
    let before = root.snapshot();
    let writer = root.writer().change_system_accounts(true);
    assert!(is_protected(writer.deactivate("root", TODAY)));
    assert!(is_protected(writer.delete("root").map(|()| Change::Changed)));
    assert_eq!(root.snapshot(), before);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_last_administrator_can_be_removed_only_after_another_one_is_added() {
    let root = without_root();
    root.replace("etc/shadow", "bob:!:", "bob:$6$salt$hash:");
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
fn root_with_a_password_is_an_administrator() {
    let root = without_root();
    root.replace("etc/shadow", "root:*:", "root:$6$salt$hash:");
    assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Changed);
    // An account that is locked out already can't be locked out again.
    assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Unchanged);
    root.writer().delete("alice").unwrap();
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn the_password_of_root_can_be_in_passwd() {
    let root = without_root();
    root.replace("etc/shadow", "root:*:19000:0:99999:7:::\n", "");
    assert!(is_protected(root.writer().deactivate("alice", TODAY)));
    root.replace("etc/passwd", "root:x:", "root:$6$salt$hash:");
    assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Changed);
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn another_administrator_counts_if_sudo_accepts_a_password_that_exists() {
    for sudoers in [
        "alice, bob ALL=(ALL) ALL",
        "alice ALL=(ALL) ALL\nbob ALL=(ALL) NOPASSWD: ALL\nDefaults targetpw",
        "Defaults targetpw\nDefaults !targetpw\nalice, bob ALL=(ALL) ALL",
        "Defaults runaspw, runas_default=carol\nalice, bob ALL=(ALL) ALL",
        "Defaults@other targetpw\nalice, bob ALL=(ALL) ALL",
        "alice, bob ALL=(ALL) ALL\nbob other=(ALL) !ALL",
        "+admins, alice, bob ALL=(ALL) ALL",
        "ALL, !+contractors, alice, bob ALL=(ALL) ALL",
        "alice, bob ALL=(ALL) NOTBEFORE=2020010100 ALL",
        "alice, bob ALL=(ALL) !/bin/sh, ALL",
    ] {
        let root = without_root();
        root.set("etc/hostname", "web1\n");
        root.set("etc/sudoers", &format!("{sudoers}\n"));
        root.replace("etc/shadow", "carol:*:", "carol:$6$salt$hash:");
        assert!(is_protected(root.writer().deactivate("alice", TODAY)), "{sudoers}: bob has no password");
        root.replace("etc/shadow", "bob:!:", "bob:$6$salt$hash:");
        assert_eq!(root.writer().deactivate("alice", TODAY).unwrap(), Change::Changed, "{sudoers}");
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn an_account_that_cannot_log_in_at_all_is_not_an_administrator() {
    for shadow in ["alice:$6$salt$hash:19000:0:99999:7::1:", "alice:$6$salt$hash:19000:0:30:7:10::"] {
        let root = without_root();
        root.replace("etc/shadow", "alice:$6$salt$hash:19000:0:99999:7:::", shadow);
        root.writer().delete("alice").unwrap();
    }
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn deleting_an_account_may_take_sudo_from_another_one_with_its_uid() {
    let root = without_root();
    root.add("etc/passwd", "second:x:1000:1000::/:/bin/sh");
    root.add("etc/shadow", "second:$6$salt$hash:19000:0:99999:7:::");
    root.set("etc/sudoers", "alice ALL=(ALL) ALL\n");
    // sudo knows the second account as alice, while alice exists.
    assert!(is_protected(root.writer().delete("alice").map(|()| Change::Changed)));
    root.set("etc/sudoers", "#1000 ALL=(ALL) ALL\n");
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
fn the_connectors_own_account_is_protected() {
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
#[ignore = "needs root: cargo xtask test --system"]
fn the_connector_does_not_lose_a_narrow_rule() {
    on_private_machine("protection::the_connector_does_not_lose_a_narrow_rule", || {
        set("etc/passwd", "root:x:0:0::/root:/bin/sh\nrunner:x:3001:100::/:/bin/sh\n");
        set("etc/shadow", "root:$6$a$b:19000::::::\nrunner:*:19000::::::\n");
        set("etc/group", "root:x:0:\nusers:x:100:\nsudo:x:27:runner\nops:x:3020:runner\nlimited:x:3030:\n");
        set("etc/gshadow", "root:*::\nusers:*::\nsudo:*::runner\nops:!::runner\nlimited:!::\n");
        let narrow = "%ops ALL=/usr/sbin/useradd\n%limited ALL=!/usr/sbin/useradd\n";
        set("etc/sudoers", narrow);
        let own = writer().runs_as(vec![3001]);
        assert!(is_protected(own.unassign("runner", Entitlement::Member, "ops")));
        assert!(is_protected(own.assign("runner", Entitlement::Member, "limited")));
        // A group without rules doesn't matter, nor does one whose rules are for others.
        assert_eq!(own.unassign("runner", Entitlement::Member, "sudo").unwrap(), Change::Changed);
        set("etc/sudoers", &format!("{narrow}runner ALL=NOPASSWD: ALL\n"));
        assert_eq!(own.unassign("runner", Entitlement::Member, "ops").unwrap(), Change::Changed);
    });
}

#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn uids_below_another_root_are_not_the_connectors() {
    let root = PrivateRoot::new();
    let writer = root.writer().runs_as(vec![1000]);
    assert_eq!(writer.deactivate("alice", TODAY).unwrap(), Change::Changed);
}
