//! [`License`]: what a user may do, and what that costs.

use serde::Serialize;

use super::User;

/// The license of a user, paid once a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum License {
    /// Everything, for users with an even number.
    Full,
    /// The cheapest license.
    Basic,
}

impl License {
    pub(crate) const fn of(user: User) -> Self {
        if user.index().is_multiple_of(2) { Self::Full } else { Self::Basic }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Full => "Full license",
            Self::Basic => "Basic license",
        }
    }

    /// The price of a year, in dollars.
    pub(crate) const fn price(self) -> &'static str {
        match self {
            Self::Full => "240.00",
            Self::Basic => "60.00",
        }
    }
}
