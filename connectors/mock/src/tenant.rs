//! The fictional tenant: its users, its groups, and who holds which entitlement.
//!
//! Everything follows from the number of accounts, so nothing is stored. A user is a number, and each page of a listing
//! is generated from the positions that it covers. Writes don't change anything: their result is returned, but not
//! kept.

mod association;
mod attribute;
mod bot;
mod edge;
mod group;
mod key;
mod license;
mod user;
mod year;

pub(crate) use association::Association;
pub(crate) use attribute::Attribute;
pub(crate) use bot::Bot;
pub(crate) use edge::Edge;
pub(crate) use group::{App, ENTITLEMENT_TYPE, Entitlement, GROUPS, Group, RESOURCE_TYPE, roles};
pub(crate) use key::{Key, Keys};
pub(crate) use license::License;
pub(crate) use user::User;
pub(crate) use year::end;

use std::ops::Range;

use connector::model::{InvalidTimestamp, Timestamp};

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

    /// The start of the user's day: when it last changed, and bought its license.
    ///
    /// The users' days are in the order of the listing, spread evenly over the year.
    pub(crate) fn day_of(self, user: User) -> Result<Timestamp, InvalidTimestamp> {
        year::day(user.index() * year::DAYS / self.accounts.max(1))
    }

    /// The position of the first user whose day starts at `at` or later.
    pub(crate) fn first_from(self, at: Timestamp) -> u64 {
        self.first_on(year::first_day_from(at))
    }

    /// The position of the first user whose day starts later than `at`.
    pub(crate) fn first_after(self, at: Timestamp) -> u64 {
        self.first_on(year::first_day_after(at))
    }

    /// The position of the first user whose day is this one or a later one.
    fn first_on(self, day: u64) -> u64 {
        day.saturating_mul(self.accounts).div_ceil(year::DAYS).min(self.accounts)
    }

    /// Number of associations.
    pub(crate) fn associations(self) -> u64 {
        association::held_before(self.accounts)
    }

    /// The associations at these positions of the listing, which is sorted by user.
    pub(crate) fn associations_at(self, positions: Range<u64>) -> impl Iterator<Item = Association> {
        association::listing(self.accounts, positions)
    }

    /// How many accounts all applications have together.
    pub(crate) fn app_accounts(self) -> u64 {
        GROUPS.iter().map(|group| group.members(self)).sum()
    }

    /// The accounts at these positions of their listing, which is sorted by application, then by user.
    pub(crate) fn app_accounts_at(self, positions: Range<u64>) -> impl Iterator<Item = (&'static App, User)> {
        let mut before = 0;
        GROUPS.iter().flat_map(move |group| {
            let members = group.members(self);
            let within = |position: u64| position.saturating_sub(before).min(members);
            let positions = within(positions.start)..within(positions.end);
            before += members;
            group.members_at(positions).map(move |user| (&group.app, user))
        })
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
    fn accounts_of_applications_are_the_same_from_any_position() {
        let tenant = Tenant::new(67);
        let listed = |positions| -> Vec<_> {
            tenant.app_accounts_at(positions).map(|(app, user)| (app.id, user.index())).collect()
        };
        let whole = listed(0..u64::MAX);
        assert_eq!(tenant.app_accounts(), whole.len() as u64);
        for start in 0..=whole.len() {
            let end = (start + 5).min(whole.len());
            assert_eq!(listed(start as u64..end as u64), whole[start..end], "{start}");
        }
    }

    #[test]
    fn users_of_a_day_are_found_by_date() {
        for accounts in [1, 20, 250, 365, 1_000] {
            let tenant = Tenant::new(accounts);
            for user in tenant.users(0..accounts) {
                let day = tenant.day_of(user).unwrap();
                let (first, after) = (tenant.first_from(day), tenant.first_after(day));
                assert!(first <= user.index() && user.index() < after, "{accounts}: {user:?}");
                for other in tenant.users(first..after) {
                    assert_eq!(tenant.day_of(other), Ok(day), "{accounts}: {other:?}");
                }
            }
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
