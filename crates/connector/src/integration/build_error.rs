//! [`BuildError`]: mistakes in an integration that the compiler can't detect.

use std::panic::Location;

use crate::wire::Wire;

/// Why an integration can't be built. These are mistakes of its author, found before the first request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The app id is empty.
    #[error("the app id is empty")]
    EmptyAppId,
    /// The app id has characters that aren't allowed in error codes, paths or URLs.
    #[error("the app id {0:?} is invalid: only ASCII letters, digits, `-` and `_` are allowed")]
    InvalidAppId(String),
    /// A capability is registered twice.
    #[error("the capability `{0}` is registered twice")]
    DuplicateCapability(String),
    /// A custom capability's name is not in snake case.
    #[error("the custom capability `{0}` must be named in snake case, like `rotate_badge`")]
    InvalidName(String),
    /// A custom capability has a name that the SDK reserves.
    #[error("the name of the custom capability `{0}` is reserved")]
    ReservedName(String),
    /// Credentials, settings or state are declared after a capability.
    #[error("`.{method}` at {at} comes after a capability; move it before the first `register`")]
    DeclaredLate {
        /// The method: `auth`, `settings` or `state`.
        method: &'static str,
        /// Where it is called.
        at: &'static Location<'static>,
    },
    /// The wire format doesn't have a kind of credentials.
    #[error("the {wire} wire format has no credentials of kind {kind}")]
    UnsupportedCredentials {
        /// The format.
        wire: Wire,
        /// The kind.
        kind: String,
    },
    /// The wire format can't carry the credentials that are declared by ID.
    #[error(
        "a request in the {0} wire format carries one credential of the kind basic or oauth, which is not enough for \
         the declared ones"
    )]
    CredentialsNotCarried(Wire),
    /// There is a mistake in the credentials that are declared by ID, or in how they are validated.
    #[error("invalid credentials: {0}")]
    InvalidCredentials(String),
    /// The schema of the settings does not describe a JSON object.
    #[error("the settings must be a JSON object: use a struct with named fields")]
    SettingsNotAnObject,
    /// A setting is shown depending on another one that doesn't exist.
    #[error("the setting `{field}` is shown if `{other}` has a value, but there is no setting `{other}`")]
    UnknownCondition {
        /// The setting with [`Field::shown_if`](crate::schema::Field::shown_if).
        field: String,
        /// The setting that it names.
        other: String,
    },
    /// Two types of resources or entitlements have the same ID.
    #[error("the {kind} type `{id}` is declared twice")]
    DuplicateType {
        /// `resource`, `entitlement` or `access graph entitlement`.
        kind: &'static str,
        /// The ID.
        id: String,
    },
    /// A type or a rule names a type of resource or entitlement that isn't declared.
    #[error("{by} names the {kind} type `{id}`, which is not declared")]
    UndeclaredType {
        /// `resource` or `access graph entitlement`.
        kind: &'static str,
        /// The ID of the type.
        id: String,
        /// What names it.
        by: String,
    },
    /// The limits of an entitlement type can't be met: a minimum is larger than the maximum.
    #[error("the entitlement type `{0}` has a minimum that is larger than its maximum")]
    ImpossibleLimits(String),
    /// A page size is zero, or the default is larger than the maximum.
    #[error("page sizes must be at least 1, and the default must not be larger than the maximum")]
    InvalidPageSize,
    /// A description, limits or scopes are given for a capability that isn't registered.
    #[error("the capability `{0}` is not registered, but has a description, limits or scopes")]
    NotRegistered(String),
    /// The options of the built-in probe contradict each other.
    #[error("the probe is set up wrong: {0}")]
    InvalidProbe(String),
    /// The policy of the built-in `fulfill_arbitrary_endpoint` allows something that no policy can allow.
    #[error("the endpoint policy is wrong: {0}")]
    InvalidEndpointPolicy(String),
}
