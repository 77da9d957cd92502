//! Calls by a user without special rights.

use std::env;

use unix_connector::machine::{Entitlement, Machine};
use unix_connector::root::Root;
use unix_connector::write::{NewAccount, WriteError, Writer};

use crate::private_root::{PrivateRoot, ROOT, TODAY};

const NAME: &str = "rights::users_without_rights_get_partial_listings_and_change_nothing";

/// Runs itself again as `nobody`.
#[test]
#[ignore = "needs root and the shadow tools: cargo xtask test --system"]
fn users_without_rights_get_partial_listings_and_change_nothing() {
    if let Some(root) = env::var_os(ROOT) {
        return as_nobody(&Root::new(root));
    }
    let root = PrivateRoot::new();
    let before = root.snapshot();
    root.again_as_nobody(NAME);
    assert_eq!(root.snapshot(), before);
}

fn as_nobody(root: &Root) {
    let machine = Machine::new(root.clone());
    let accounts = machine.accounts(TODAY);
    assert_eq!(accounts.problems(), ["etc/shadow: permission denied"]);
    assert_eq!(accounts.items.len(), 4);
    assert!(accounts.items.iter().all(|account| account.status.is_none()));
    assert_eq!(
        machine.associations().problems(),
        ["etc/gshadow: permission denied", "etc/sudoers: permission denied"]
    );

    let writer = Writer::new(root.clone());
    let denied = |result: Result<(), WriteError>| match result {
        Err(WriteError::PermissionDenied { .. }) => {}
        other => panic!("{other:?}"),
    };
    denied(writer.create(&NewAccount::new("dora"), TODAY));
    denied(writer.delete("alice"));
    denied(writer.deactivate("alice", TODAY).map(|_| ()));
    denied(writer.activate("alice", TODAY).map(|_| ()));
    for (entitlement, resource) in
        [(Entitlement::Member, "ops"), (Entitlement::Administrator, "ops"), (Entitlement::Sudo, "host")]
    {
        denied(writer.assign("bob", entitlement, resource).map(|_| ()));
    }
    denied(writer.unassign("bob", Entitlement::Member, "dev").map(|_| ()));
    assert!(matches!(writer.delete("ghost"), Err(WriteError::NotFound { .. })));
    assert!(matches!(writer.create(&NewAccount::new("alice"), TODAY), Err(WriteError::AlreadyExists { .. })));
}
