//! The fictional tenant: its users, its groups, and who holds which entitlement.
//!
//! Everything follows from the number of accounts, so nothing is stored. A user is a number, and each page of a listing
//! is generated from the positions that it covers. Writes don't change anything: their result is returned, but not
//! kept.

mod association;
mod attribute;
mod group;
mod user;

pub(crate) use association::Association;
pub(crate) use attribute::Attribute;
pub(crate) use group::{ENTITLEMENT_TYPE, Entitlement, GROUPS, Group, RESOURCE_TYPE, roles};
pub(crate) use user::User;

use std::ops::Range;

/// The tenant's domain, which identifies it.
pub(crate) const DOMAIN: &str = "mock.example.com";

/// A tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tenant {
    accounts: u64,
}

impl Tenant {
    pub(crate) const fn new(accounts: u64) -> Self {
        Self { accounts }
    }

    /// Number of users.
    pub(crate) const fn accounts(self) -> u64 {
        self.accounts
    }

    /// The users at these positions of the listing.
    pub(crate) fn users(self, positions: Range<u64>) -> impl Iterator<Item = User> {
        (positions.start..positions.end.min(self.accounts)).map(User::new)
    }

    /// The user with this ID.
    pub(crate) fn user(self, id: &str) -> Option<User> {
        let user = User::new(id.parse().ok()?);
        // `+1` and `01` parse as numbers, but they aren't IDs.
        (user.index() < self.accounts && user.id() == id).then_some(user)
    }

    /// The user with this login name, ignoring case.
    pub(crate) fn user_named(self, username: &str) -> Option<User> {
        self.user(username.to_ascii_lowercase().strip_prefix("user")?)
    }

    /// The user with this email, ignoring case.
    pub(crate) fn user_at(self, email: &str) -> Option<User> {
        self.user_named(email.to_ascii_lowercase().strip_suffix("@example.com")?)
    }

    /// The user that would be created next.
    pub(crate) const fn next_user(self) -> User {
        User::new(self.accounts)
    }

    /// Number of associations.
    pub(crate) fn associations(self) -> u64 {
        association::held_before(self.accounts)
    }

    /// The associations at these positions of the listing, which is sorted by user.
    pub(crate) fn associations_at(self, positions: Range<u64>) -> impl Iterator<Item = Association> {
        association::listing(self.accounts, positions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_ids_find_a_user() {
        let tenant = Tenant::new(20);
        assert_eq!(tenant.user("19").map(User::index), Some(19));
        for id in ["20", "", "+1", "01", "1 ", "-1", "18446744073709551616"] {
            assert!(tenant.user(id).is_none(), "{id:?}");
        }
    }

    #[test]
    fn names_and_emails_ignore_case() {
        let tenant = Tenant::new(20);
        assert_eq!(tenant.user_at("User7@EXAMPLE.com").map(User::index), Some(7));
        assert_eq!(tenant.user_named("USER7").map(User::index), Some(7));
        assert!(tenant.user_at("user7@example.org").is_none());
        assert!(tenant.user_named("user20").is_none());
    }
}
