//! The made-up tenant: users, groups, and who holds what.
//!
//! All of it follows from how many accounts there are, so nothing is stored: a user is a number, and a page of any
//! listing is made from the numbers that it spans. Nothing is changed either: what a write leads to is told, not kept.

mod association;
mod attribute;
mod group;
mod user;

pub(crate) use association::Association;
pub(crate) use attribute::Attribute;
pub(crate) use group::{ENTITLEMENT_TYPE, Entitlement, GROUPS, Group, RESOURCE_TYPE, roles};
pub(crate) use user::User;

use std::ops::Range;

/// The domain of the tenant, which identifies it.
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

    /// How many users there are.
    pub(crate) const fn accounts(self) -> u64 {
        self.accounts
    }

    /// The users at these positions of their listing.
    pub(crate) fn users(self, positions: Range<u64>) -> impl Iterator<Item = User> {
        (positions.start..positions.end.min(self.accounts)).map(User::new)
    }

    /// The user of this id.
    pub(crate) fn user(self, id: &str) -> Option<User> {
        let user = User::new(id.parse().ok()?);
        // `+1` and `01` are read as numbers, but are nobody's id.
        (user.index() < self.accounts && user.id() == id).then_some(user)
    }

    /// The user who signs in with this name, whatever its case.
    pub(crate) fn user_named(self, username: &str) -> Option<User> {
        self.user(username.to_ascii_lowercase().strip_prefix("user")?)
    }

    /// The user with this address, whatever its case.
    pub(crate) fn user_at(self, email: &str) -> Option<User> {
        self.user_named(email.to_ascii_lowercase().strip_suffix("@example.com")?)
    }

    /// The user that would come next.
    pub(crate) const fn next_user(self) -> User {
        User::new(self.accounts)
    }

    /// How many associations there are.
    pub(crate) fn associations(self) -> u64 {
        association::held_before(self.accounts)
    }

    /// The associations at these positions of their listing, which is sorted by user.
    pub(crate) fn associations_at(self, positions: Range<u64>) -> impl Iterator<Item = Association> {
        association::listing(self.accounts, positions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_as_it_is_listed_names_a_user() {
        let tenant = Tenant::new(20);
        assert_eq!(tenant.user("19").map(User::index), Some(19));
        for id in ["20", "", "+1", "01", "1 ", "-1", "18446744073709551616"] {
            assert!(tenant.user(id).is_none(), "{id:?}");
        }
    }

    #[test]
    fn names_and_addresses_are_found_in_any_case() {
        let tenant = Tenant::new(20);
        assert_eq!(tenant.user_at("User7@EXAMPLE.com").map(User::index), Some(7));
        assert_eq!(tenant.user_named("USER7").map(User::index), Some(7));
        assert!(tenant.user_at("user7@example.org").is_none());
        assert!(tenant.user_named("user20").is_none());
    }
}
