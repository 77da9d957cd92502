//! [`BuildError`]: what an author did wrong that the compiler cannot see.

use std::panic::Location;

use crate::wire::Wire;

/// An integration that cannot be built: a mistake of its author, found before the first request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The app id is empty.
    #[error("the app id is empty")]
    EmptyAppId,
    /// The app id has characters that an error code, a path or an address could not carry.
    #[error("the app id {0:?} has characters other than letters, digits, `-` and `_`")]
    InvalidAppId(String),
    /// A capability is registered twice.
    #[error("the capability `{0}` is registered twice")]
    DuplicateCapability(String),
    /// A custom capability's name is not in snake case.
    #[error("the custom capability `{0}` is not named in snake case (`rotate_badge`)")]
    InvalidName(String),
    /// A custom capability has a name that the SDK needs for itself.
    #[error("the custom capability `{0}` has a name that is reserved")]
    ReservedName(String),
    /// Credentials, settings or state were declared after a capability.
    #[error("`.{method}` at {at} comes after a capability; move it before the first `register`")]
    DeclaredLate {
        /// The method: `auth`, `settings` or `state`.
        method: &'static str,
        /// Where it is called.
        at: &'static Location<'static>,
    },
    /// The wire format lacks a kind of credentials.
    #[error("the {wire} wire format has no credentials of kind {kind}")]
    UnsupportedCredentials {
        /// The format.
        wire: Wire,
        /// The kind.
        kind: String,
    },
    /// The schema of the settings does not describe a JSON object.
    #[error("the settings are not a JSON object: make them a struct with named fields")]
    SettingsNotAnObject,
    /// A page size is zero, or the default is larger than the maximum.
    #[error("a page size is zero, or the default is larger than the maximum")]
    InvalidPageSize,
    /// A display name is given to a capability that is not registered.
    #[error("the capability `{0}` is described but not registered")]
    NotRegistered(String),
}
