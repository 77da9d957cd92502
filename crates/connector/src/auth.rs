//! What an integration declares of its credentials and settings.

use std::fmt;

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
pub trait Auth: sealed::ReadCredentials + Send + Sync + 'static {
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

/// The kinds of credentials that an integration accepts, and their schemas.
#[derive(Clone, Copy)]
pub(crate) struct Kinds {
    all: &'static [CredentialKind],
    schema: fn(CredentialKind, &mut SchemaGenerator) -> Schema,
}

impl Kinds {
    pub(crate) const fn of<A: Auth>() -> Self {
        Self { all: A::KINDS, schema: A::schema }
    }

    pub(crate) const fn all(self) -> &'static [CredentialKind] {
        self.all
    }

    /// The schema of one of the kinds, without what a wire format adds to it.
    pub(crate) fn schema(self, kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
        (self.schema)(kind, generator)
    }
}

/// Credentials in a request, not read yet.
pub struct Given<'a> {
    pub(crate) kind: CredentialKind,
    pub(crate) place: Place,
    pub(crate) text: &'a str,
}

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("kind", &self.kind).field("place", &self.place).finish_non_exhaustive()
    }
}

pub(crate) mod sealed {
    use schemars::{Schema, SchemaGenerator};

    use super::{CredentialKind, Given, Problem};

    /// Reading what a request carries. Each kind has a reader and a schema of its own, so that a connector is linked
    /// with those only of the kinds that it takes.
    pub trait ReadCredentials: Sized {
        /// What has been read so far.
        type Found: Default;

        /// Reads credentials of a kind that is wanted. Of several the first are kept.
        #[doc(hidden)]
        fn read(given: Given<'_>, found: &mut Self::Found) -> Result<(), Problem>;

        /// What was found; `None` if it is not enough.
        #[doc(hidden)]
        fn take(found: Self::Found) -> Option<Self>;

        /// The schema of a kind that is wanted.
        #[doc(hidden)]
        fn schema(kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema;
    }
}

macro_rules! one_kind {
    ($($kind:ident, $type:ident, $field:ident;)*) => {
        $(
            impl Auth for crate::model::$type {
                const KINDS: &'static [CredentialKind] = &[CredentialKind::$kind];
            }

            impl sealed::ReadCredentials for crate::model::$type {
                type Found = Option<Self>;

                fn read(given: Given<'_>, found: &mut Option<Self>) -> Result<(), Problem> {
                    let read = part(given.place, given.text)?;
                    found.get_or_insert(read);
                    Ok(())
                }

                fn take(found: Option<Self>) -> Option<Self> {
                    found
                }

                fn schema(_: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
                    Self::json_schema(generator)
                }
            }
        )*

        impl sealed::ReadCredentials for AnyCredentials {
            type Found = Self;

            fn read(given: Given<'_>, found: &mut Self) -> Result<(), Problem> {
                match given.kind {
                    $(CredentialKind::$kind => crate::model::$type::read(given, &mut found.$field),)*
                }
            }

            fn take(found: Self) -> Option<Self> {
                (!found.is_empty()).then_some(found)
            }

            fn schema(kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
                match kind {
                    $(CredentialKind::$kind => crate::model::$type::schema(kind, generator),)*
                }
            }
        }
    };
}
each_kind!(one_kind);

impl Auth for AnyCredentials {
    const KINDS: &'static [CredentialKind] = CredentialKind::ALL;
}

impl Auth for NoAuth {
    const KINDS: &'static [CredentialKind] = &[];
}

impl sealed::ReadCredentials for NoAuth {
    type Found = ();

    fn read(_: Given<'_>, (): &mut ()) -> Result<(), Problem> {
        Ok(())
    }

    fn take((): ()) -> Option<Self> {
        Some(Self)
    }

    fn schema(_: CredentialKind, _: &mut SchemaGenerator) -> Schema {
        false.into()
    }
}
