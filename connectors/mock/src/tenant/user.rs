//! [`User`]: a user of the tenant, represented by a number.

use connector::model::{
    AccountStatus, ActivityEventType, CustomAttributes, ExtraData, FoundAccountData, InvalidTimestamp,
    Timestamp,
};
use serde::Serialize;

use super::{Attribute, year};

/// A prime, so that consecutive users have different times of activity.
const STEP: u64 = 7_368_787;

/// A user of the tenant. As JSON, it has the upstream's field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "UpstreamUser")]
pub(crate) struct User {
    index: u64,
}

impl User {
    pub(crate) const fn new(index: u64) -> Self {
        Self { index }
    }

    /// The user's position among all users, starting at 0.
    pub(crate) const fn index(self) -> u64 {
        self.index
    }

    pub(crate) fn id(self) -> String {
        self.index.to_string()
    }

    /// The user's values of these attributes; `None` if none are requested.
    pub(crate) fn attributes(self, requested: &[Attribute]) -> Option<CustomAttributes> {
        let value = |attribute: &Attribute| Some((attribute.name().to_owned(), attribute.value_for(self)?));
        (!requested.is_empty()).then(|| requested.iter().filter_map(value).collect())
    }

    /// The kind of the user's last activity.
    pub(crate) const fn last_event(self) -> ActivityEventType {
        if self.index.is_multiple_of(2) {
            ActivityEventType::LastLogin
        } else {
            ActivityEventType::LastActivity
        }
    }

    /// The time of the user's last activity, in 2024.
    pub(crate) fn last_active(self) -> Result<Timestamp, InvalidTimestamp> {
        year::second(self.index.wrapping_mul(STEP) % year::SECONDS)
    }
}

impl From<User> for FoundAccountData {
    fn from(user: User) -> Self {
        let id = user.id();
        let username = ["user", id.as_str()].concat();
        Self {
            email: Some([username.as_str(), "@example.com"].concat()),
            given_name: Some("Given".to_owned()),
            family_name: Some("Family".to_owned()),
            username: Some(username),
            user_status: Some(AccountStatus::Active),
            extra_data: Some(ExtraData::from_iter([("n".to_owned(), "1".into())])),
            ..Self::new(id)
        }
    }
}

/// A user as the upstream sends it.
#[derive(Serialize)]
struct UpstreamUser {
    id: u64,
    login: String,
    mail: String,
    first_name: &'static str,
    last_name: &'static str,
    state: &'static str,
    n: &'static str,
}

impl From<User> for UpstreamUser {
    fn from(User { index }: User) -> Self {
        Self {
            id: index,
            login: format!("user{index}"),
            mail: format!("user{index}@example.com"),
            first_name: "Given",
            last_name: "Family",
            state: "ACTIVE",
            n: "1",
        }
    }
}
