//! [`Attribute`]: the custom attributes of the tenant's users.

use connector::model::CustomAttributeType;
use serde::Serialize;

use super::User;

/// A custom attribute of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Attribute {
    /// Where the user works.
    Department,
    /// The user's manager. User 0 has none.
    Manager,
}

impl Attribute {
    pub(crate) const ALL: [Self; 2] = [Self::Department, Self::Manager];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Manager => "manager",
        }
    }

    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Department => "Where the user works",
            Self::Manager => "The user's manager",
        }
    }

    pub(crate) const fn kind(self) -> CustomAttributeType {
        match self {
            Self::Department => CustomAttributeType::String,
            Self::Manager => CustomAttributeType::User,
        }
    }

    /// The value for `user`, if any.
    pub(super) fn value_for(self, user: User) -> Option<String> {
        match self {
            Self::Department => {
                let name = match user.index() % 4 {
                    0 => "Administration",
                    1 => "Production",
                    2 => "Research",
                    _ => "Sales",
                };
                Some(name.to_owned())
            }
            // Every user manages ten others.
            Self::Manager => user.index().checked_sub(1).map(|before| User::new(before / 10).id()),
        }
    }
}
