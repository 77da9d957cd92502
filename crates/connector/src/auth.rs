//! The credentials and settings that an integration declares.

mod by_id;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) use by_id::ById;
pub use by_id::{CredentialType, Credentials, DeclaredCredential, FoundCredentials, InvalidCredentials};

use crate::model::{AnyCredentials, CredentialKind, each_kind};
use crate::read::{Place, Problem, part};

/// The credentials that an integration takes.
///
/// Use one of the types in [`model`](crate::model), a struct that derives [`Credentials`] for several with IDs,
/// [`AnyCredentials`] for any kind, or [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `OAuthCredentials` or another `…Credentials` of `connector::model`, \
            `AnyCredentials` for several kinds, a struct with `#[derive(connector::Credentials)]`, or omit `.auth`"
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
pub(crate) struct Kinds {
    all: &'static [CredentialKind],
    by_id: Option<ById>,
}

impl Kinds {
    pub(crate) const fn of<A: Auth>() -> Self {
        Self { all: A::KINDS, by_id: A::BY_ID }
    }

    pub(crate) const fn all(self) -> &'static [CredentialKind] {
        self.all
    }

    /// The credentials, if they are declared by ID.
    pub(crate) const fn by_id(self) -> Option<ById> {
        self.by_id
    }

    /// The schema of one kind, without a wire format's additions. Of several credentials of the kind, it is the first's.
    pub(crate) fn schema(self, kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
        let declared =
            self.by_id.and_then(|by_id| by_id.declared.iter().find(|declared| declared.kind == kind));
        match declared {
            Some(declared) => (declared.schema)(generator),
            None => schema_of(kind, generator),
        }
    }
}

pub(crate) mod sealed {
    use super::{AnyCredentials, ById, CredentialKind, FoundCredentials, Problem};

    pub trait Carried {}

    impl Carried for super::WithCredentials {}
    impl Carried for super::WithoutCredentials {}

    pub trait IsKind {}

    pub trait Pick: Sized {
        /// The credentials, if they are declared by ID.
        const BY_ID: Option<ById> = None;

        /// Reads the credentials of a request.
        fn pick(source: &dyn Source) -> Result<Self, Problem>;
    }

    /// A request's credentials, as its wire format carries them.
    pub trait Source {
        /// Reads these kinds. Some or all of them may be missing.
        fn by_kind(&self, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem>;

        /// Finds the declared credentials.
        fn by_id(&self, declared: ById) -> Result<FoundCredentials<'_>, Problem>;

        /// The problem of a request without credentials of these kinds.
        fn required(&self, wanted: &[CredentialKind]) -> Problem;
    }
}

macro_rules! kinds {
    ($($kind:ident, $type:ident, $field:ident;)*) => {
        $(
            impl Auth for crate::model::$type {
                const KINDS: &'static [CredentialKind] = &[CredentialKind::$kind];
            }

            impl sealed::Pick for crate::model::$type {
                fn pick(source: &dyn sealed::Source) -> Result<Self, Problem> {
                    source.by_kind(Self::KINDS)?.$field.ok_or_else(|| source.required(Self::KINDS))
                }
            }

            impl sealed::IsKind for crate::model::$type {}

            impl CredentialType for crate::model::$type {
                const KIND: CredentialKind = CredentialKind::$kind;
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

        /// The schema of one kind.
        pub(crate) fn schema_of(kind: CredentialKind, generator: &mut SchemaGenerator) -> Schema {
            match kind {
                $(CredentialKind::$kind => crate::model::$type::json_schema(generator),)*
            }
        }
    };
}
each_kind!(kinds);

impl Auth for AnyCredentials {
    const KINDS: &'static [CredentialKind] = CredentialKind::ALL;
}

impl sealed::Pick for AnyCredentials {
    fn pick(source: &dyn sealed::Source) -> Result<Self, Problem> {
        let found = source.by_kind(Self::KINDS)?;
        if found.is_empty() { Err(source.required(Self::KINDS)) } else { Ok(found) }
    }
}

impl Auth for NoAuth {
    const KINDS: &'static [CredentialKind] = &[];
}

impl sealed::Pick for NoAuth {
    fn pick(_: &dyn sealed::Source) -> Result<Self, Problem> {
        Ok(Self)
    }
}

// Reports that `Auth` isn't implemented, and not `Credentials`.
#[diagnostic::do_not_recommend]
impl<C: Credentials> Auth for C {
    const KINDS: &'static [CredentialKind] = Distinct::<C>::KINDS.0.split_at(Distinct::<C>::KINDS.1).0;
}

#[diagnostic::do_not_recommend]
impl<C: Credentials> sealed::Pick for C {
    const BY_ID: Option<ById> = Some(ById::of::<C>());

    fn pick(source: &dyn sealed::Source) -> Result<Self, Problem> {
        C::read(&source.by_id(ById::of::<C>())?).map_err(|invalid| invalid.0)
    }
}

/// The kinds of declared credentials.
struct Distinct<C>(std::marker::PhantomData<C>);

impl<C: Credentials> Distinct<C> {
    /// Each kind once, in the order of the declarations, and how many there are.
    const KINDS: &'static ([CredentialKind; CredentialKind::ALL.len()], usize) = &{
        let mut kinds = [CredentialKind::Basic; CredentialKind::ALL.len()];
        let mut len = 0;
        let mut index = 0;
        while index < C::DECLARED.len() {
            let kind = C::DECLARED[index].kind;
            let mut earlier = 0;
            while earlier < len && kinds[earlier] as u8 != kind as u8 {
                earlier += 1;
            }
            if earlier == len {
                kinds[len] = kind;
                len += 1;
            }
            index += 1;
        }
        (kinds, len)
    };
}
