//! What an integration declares of its credentials and settings.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{AnyCredentials, CredentialKind, each_kind};

/// The credentials that an integration takes: one of the types in [`model`](crate::model),
/// [`AnyCredentials`] for several kinds, or [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `OAuthCredentials` or another `…Credentials` of `connector::model`, \
            `AnyCredentials` for several kinds, or leave `.auth` out"
)]
pub trait Auth: sealed::FromSet + Send + Sync + 'static {
    /// The kinds it accepts; empty if the integration needs none.
    const KINDS: &'static [CredentialKind];
}

/// The settings that an integration takes. Implemented by every type that can be read from JSON and described by a
/// schema: `#[derive(Deserialize, JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the settings of an integration",
    note = "it needs `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Settings: DeserializeOwned + JsonSchema + Send + 'static {}

// One message instead of one for each derive, with the list of all types that have it.
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Settings for T {}

/// The credentials of an integration that needs none: whatever a request carries is ignored.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoAuth;

impl NoAuth {
    /// The only value.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// The settings of an integration that has none: absent, `null` or `{}`.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoSettings {}

impl NoSettings {
    /// The only value.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

pub(crate) mod sealed {
    /// Taking one kind out of what a request carries.
    pub trait FromSet: Sized {
        #[doc(hidden)]
        fn take(found: super::AnyCredentials) -> Option<Self>;
    }
}

macro_rules! one_kind {
    ($($kind:ident, $type:ident, $field:ident;)*) => {$(
        impl Auth for crate::model::$type {
            const KINDS: &'static [CredentialKind] = &[CredentialKind::$kind];
        }

        impl sealed::FromSet for crate::model::$type {
            fn take(found: AnyCredentials) -> Option<Self> {
                found.$field
            }
        }
    )*};
}
each_kind!(one_kind);

impl Auth for NoAuth {
    const KINDS: &'static [CredentialKind] = &[];
}

impl sealed::FromSet for NoAuth {
    fn take(_: AnyCredentials) -> Option<Self> {
        Some(Self)
    }
}

impl Auth for AnyCredentials {
    const KINDS: &'static [CredentialKind] = CredentialKind::ALL;
}

impl sealed::FromSet for AnyCredentials {
    fn take(found: AnyCredentials) -> Option<Self> {
        (!found.is_empty()).then_some(found)
    }
}
