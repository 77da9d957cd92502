//! [`Fake`]: generated people, groups and entitlements, the same in every run.

use serde_json::json;

use crate::model::{
    AccountStatus, ActivityEventType, FoundAccountData, FoundEntitlementAssociation, FoundEntitlementData,
    FoundResourceData, LastActivityData, Timestamp,
};

#[rustfmt::skip]
const GIVEN: &[&str] = &[
    "Ada", "Ayşe", "Björn", "Chidi", "Chloé", "Dmitri", "Edsger", "Fatima", "Grace", "Hedy", "Ines",
    "Jürgen", "Katherine", "Linh", "Margaret", "Niamh", "Olu", "Priya", "Radia", "Søren", "Tomáš",
    "Ulla", "Wei", "Yuki",
];

#[rustfmt::skip]
const FAMILY: &[&str] = &[
    "Almeida", "Brontë", "Çelik", "Dijkstra", "El-Sayed", "Fernández", "Goldberg", "Hopper", "Ito",
    "Johnson", "Kowalski", "Lamarr", "Müller", "Nguyễn", "O'Neill", "Perlman", "Quist", "Rao",
    "Smith", "Tran", "Ueda", "van der Berg", "Wójcik", "Zhang",
];

const GROUPS: &[&str] =
    &["Engineering", "Sales", "Support", "Finance", "Legal", "Marketing", "Research", "Security"];

/// 2024-01-01T00:00:00Z, and the number of seconds in that year.
const YEAR: (i64, u64) = (1_704_067_200, 366 * 86_400);

/// Generates people, groups and entitlements. The same seed generates the same data, and each item is unique within a
/// `Fake`.
///
/// Names are from many languages, to test non-ASCII text. Mail addresses end with `example.com`, which is reserved (RFC
/// 2606).
///
/// ```
/// use connector::testing::Fake;
///
/// let mut fake = Fake::new(7);
/// let accounts: Vec<_> = (0..1000).map(|_| fake.account()).collect();
/// assert_eq!(accounts[0], Fake::new(7).account());
/// assert_ne!(accounts[0].email, accounts[1].email);
/// ```
#[derive(Clone, Debug)]
pub struct Fake {
    state: u64,
    count: u64,
}

impl Fake {
    /// A generator for this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed, count: 0 }
    }

    /// A number below `bound`; 0 if that is 0.
    pub const fn number(&mut self, bound: u64) -> u64 {
        // SplitMix64: simple, and good enough for test data.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        if bound == 0 { 0 } else { mixed % bound }
    }

    /// One of `choices`; `None` if there are none.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        let at = self.number(choices.len() as u64);
        choices.get(usize::try_from(at).unwrap_or_default())
    }

    /// An id: 16 hexadecimal digits.
    pub fn id(&mut self) -> String {
        self.count += 1;
        // The second half makes it unique.
        format!("{:08x}{:08x}", self.number(1 << 32), self.count)
    }

    /// A given name and a family name.
    pub fn name(&mut self) -> (String, String) {
        let given = self.pick(GIVEN).copied().unwrap_or_default();
        let family = self.pick(FAMILY).copied().unwrap_or_default();
        (given.to_owned(), family.to_owned())
    }

    /// An instant in 2024.
    pub fn timestamp(&mut self) -> Timestamp {
        let seconds = YEAR.0.saturating_add_unsigned(self.number(YEAR.1));
        Timestamp::from(jiff::Timestamp::from_second(seconds).unwrap_or_default())
    }

    /// A person's account. Eight out of ten are active.
    pub fn account(&mut self) -> FoundAccountData {
        let id = self.id();
        let (given, family) = self.name();
        let initial: String = given.chars().filter(char::is_ascii_alphabetic).take(1).collect();
        let letters: String = family.chars().filter(char::is_ascii_alphabetic).collect();
        let username = format!("{initial}{letters}{}", self.count).to_ascii_lowercase();
        FoundAccountData {
            email: Some(format!("{username}@example.com")),
            given_name: Some(given),
            family_name: Some(family),
            username: Some(username),
            user_status: Some(match self.number(10) {
                0 => AccountStatus::Suspended,
                1 => AccountStatus::Pending,
                _ => AccountStatus::Active,
            }),
            ..FoundAccountData::new(id)
        }
    }

    /// A resource of the given type.
    pub fn resource(&mut self, resource_type: &str) -> FoundResourceData {
        let id = self.id();
        let label = self.pick(GROUPS).copied().unwrap_or_default();
        FoundResourceData::new(id, format!("{label} {}", self.count), resource_type)
    }

    /// An assignable entitlement of the given type on a resource.
    pub fn entitlement(&mut self, entitlement_type: &str, on: &FoundResourceData) -> FoundEntitlementData {
        FoundEntitlementData {
            is_assignable: Some(true),
            label: Some(format!("{entitlement_type} of {}", on.label)),
            ..FoundEntitlementData::new(self.id(), on.integration_specific_id.as_str(), entitlement_type)
        }
    }

    /// An account's entitlement.
    #[must_use]
    pub fn association(
        account: &FoundAccountData,
        entitlement: &FoundEntitlementData,
    ) -> FoundEntitlementAssociation {
        FoundEntitlementAssociation {
            integration_specific_entitlement_id: entitlement.integration_specific_id.clone(),
            account: account.clone(),
            integration_specific_resource_id: entitlement.integration_specific_resource_id.clone(),
        }
    }

    /// The last login of an account.
    pub fn last_login(&mut self, account: &FoundAccountData) -> LastActivityData {
        let id = account.integration_specific_id.as_str();
        LastActivityData::new(id, ActivityEventType::LastLogin, self.timestamp())
    }

    /// A user as a typical upstream returns it: `id`, `login`, `email`, `name`, `active`, `created_at`.
    pub fn upstream_user(&mut self) -> serde_json::Value {
        let account = self.account();
        let name = [account.given_name, account.family_name].map(Option::unwrap_or_default).join(" ");
        json!({
            "id": account.integration_specific_id,
            "login": account.username,
            "email": account.email,
            "name": name,
            "active": account.user_status == Some(AccountStatus::Active),
            "created_at": self.timestamp(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn thousands_of_accounts_are_all_different() {
        let mut fake = Fake::new(1);
        let accounts: Vec<_> = (0..20_000).map(|_| fake.account()).collect();
        let unique =
            |of: fn(&FoundAccountData) -> String| accounts.iter().map(of).collect::<HashSet<_>>().len();
        assert_eq!(unique(|account| account.integration_specific_id.clone()), 20_000);
        assert_eq!(unique(|account| account.email.clone().unwrap_or_default()), 20_000);
        assert!(accounts.iter().all(|account| account.email.as_ref().is_some_and(|email| email.is_ascii())));
    }

    #[test]
    fn the_data_depends_on_the_seed() {
        let generate = |seed| {
            let mut fake = Fake::new(seed);
            let group = fake.resource("group");
            let member = fake.entitlement("member", &group);
            (fake.account(), member, fake.timestamp(), fake.upstream_user())
        };
        assert_eq!(generate(5), generate(5));
        assert_ne!(generate(5), generate(6));
        assert!(generate(5).2.to_string().starts_with("2024-"));
    }
}
