//! What an integration declares of its credentials and settings.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{AnyCredentials, CredentialKind, each_kind};
use crate::read::{Place, Problem, part};

/// The credentials that an integration takes: one of the types in [`model`](crate::model),
/// [`AnyCredentials`] for several kinds, or [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `OAuthCredentials` or another `…Credentials` of `connector::model`, \
            `AnyCredentials` for several kinds, or leave `.auth` out"
)]
pub trait Auth: sealed::Pick + Send + Sync + 'static {
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

mod sealed {
    use super::AnyCredentials;

    pub trait Pick: Sized {
        /// What an integration of this type takes of the credentials in a request; `None` if they are not there.
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
            /// Reads credentials of one kind from JSON. Of several of that kind the first are kept.
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
            /// The schema of one kind, without what a wire format adds to it.
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
