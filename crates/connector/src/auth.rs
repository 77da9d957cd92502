//! The credentials and settings that an integration declares.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{AnyCredentials, CredentialKind, each_kind};
use crate::read::{Place, Problem, part};

/// The credentials that an integration takes.
///
/// Use one of the types in [`model`](crate::model), [`AnyCredentials`] for several kinds, or [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `OAuthCredentials` or another `…Credentials` of `connector::model`, \
            `AnyCredentials` for several kinds, or omit `.auth`"
)]
pub trait Auth: sealed::Pick + Send + Sync + 'static {
    /// The accepted kinds. Empty if the integration needs no credentials.
    const KINDS: &'static [CredentialKind];
}

/// The settings that an integration takes.
///
/// Implemented for every type with `#[derive(Deserialize, JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the settings of an integration",
    note = "it needs `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Settings: DeserializeOwned + JsonSchema + Send + 'static {}

// Reports one error instead of one for each missing derive.
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Settings for T {}

/// For an integration that needs no credentials. Any credentials in a request are ignored.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoAuth;

impl NoAuth {
    /// Creates the only value.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// For an integration without settings. In a request, they may be absent, `null` or `{}`.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoSettings {}

impl NoSettings {
    /// Creates the only value.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

/// Whether the requests for a capability carry credentials: [`WithCredentials`] or [`WithoutCredentials`].
pub trait CarriedCredentials: sealed::Carried {
    /// The credentials that a handler takes if the integration declares `A`.
    type Taken<A: Auth>: Auth;
    /// The builder's credentials after a registration: `T` if the handler takes them, otherwise still `A`.
    type Declared<A, T>;
    /// Whether requests carry credentials.
    const CARRIED: bool;
}

/// Requests carry the credentials that the integration declares. So do those for custom capabilities.
#[derive(Debug)]
pub enum WithCredentials {}

impl CarriedCredentials for WithCredentials {
    type Taken<A: Auth> = A;
    type Declared<A, T> = T;
    const CARRIED: bool = true;
}

/// Requests carry no credentials, because the capability obtains or checks them. Its handler takes [`NoAuth`] in every
/// integration.
#[derive(Debug)]
pub enum WithoutCredentials {}

impl CarriedCredentials for WithoutCredentials {
    type Taken<A: Auth> = NoAuth;
    type Declared<A, T> = A;
    const CARRIED: bool = false;
}

/// The kinds of credentials that an integration accepts.
#[derive(Clone, Copy)]
pub(crate) struct Kinds(&'static [CredentialKind]);

impl Kinds {
    pub(crate) const fn of<A: Auth>() -> Self {
        Self(A::KINDS)
    }

    pub(crate) const fn all(self) -> &'static [CredentialKind] {
        self.0
    }
}

pub(crate) mod sealed {
    use super::AnyCredentials;

    pub trait Carried {}

    impl Carried for super::WithCredentials {}
    impl Carried for super::WithoutCredentials {}

    pub trait Pick: Sized {
        /// Selects the credentials that the integration takes from those in a request, or `None` if they are missing.
        fn pick(found: AnyCredentials) -> Option<Self>;
    }
}

macro_rules! kinds {
    ($($kind:ident, $type:ident, $field:ident;)*) => {
        $(
            impl Auth for crate::model::$type {
                const KINDS: &'static [CredentialKind] = &[CredentialKind::$kind];
            }

            impl sealed::Pick for crate::model::$type {
                fn pick(found: AnyCredentials) -> Option<Self> {
                    found.$field
                }
            }
        )*

        impl AnyCredentials {
            /// Reads credentials of one kind from JSON. If a kind occurs several times, the first occurrence is kept.
            pub(crate) fn read(&mut self, kind: CredentialKind, place: Place, text: &str) -> Result<(), Problem> {
                match kind {
                    $(CredentialKind::$kind => {
                        let read = part(place, text)?;
                        self.$field.get_or_insert(read);
                    })*
                }
                Ok(())
            }
        }

        impl Kinds {
            /// The schema of one kind, without a wire format's additions.
            pub(crate) fn schema(self, kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
                match kind {
                    $(CredentialKind::$kind => crate::model::$type::json_schema(generator),)*
                }
            }
        }
    };
}
each_kind!(kinds);

impl Auth for AnyCredentials {
    const KINDS: &'static [CredentialKind] = CredentialKind::ALL;
}

impl sealed::Pick for AnyCredentials {
    fn pick(found: AnyCredentials) -> Option<Self> {
        (!found.is_empty()).then_some(found)
    }
}

impl Auth for NoAuth {
    const KINDS: &'static [CredentialKind] = &[];
}

impl sealed::Pick for NoAuth {
    fn pick(_: AnyCredentials) -> Option<Self> {
        Some(Self)
    }
}
