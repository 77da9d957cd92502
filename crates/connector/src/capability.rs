//! Capabilities: the operations that a connector can perform.
//!
//! A standard capability is a marker type that names its request and response types. Custom capabilities implement
//! [`CustomCapability`].

mod access_graph;
mod account;
mod activity;
mod application;
mod application_assignment;
mod arbitrary;
mod attribute;
mod authorization;
mod bounds;
mod connected_info;
mod credential;
mod credentials;
mod entitlement;
mod expense;
mod family;
mod info;
mod non_human_account;
mod offboarding;
mod payload;
mod probe;
mod probe_sample;
mod resource;
mod table;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::{CarriedCredentials, WithCredentials, WithoutCredentials};

pub use access_graph::*;
pub use account::*;
pub use activity::*;
pub use application::*;
pub use application_assignment::*;
pub use arbitrary::*;
pub use attribute::*;
pub use authorization::*;
pub use bounds::{Answers, BlockingAnswers, CustomRequestOf, RequestOf};
pub use connected_info::*;
pub use credential::*;
pub use credentials::*;
pub use entitlement::*;
pub use expense::*;
pub use family::Family;
pub use info::*;
pub use non_human_account::*;
pub use offboarding::*;
pub use payload::{Arguments, RequestPayload, WithArgs};
pub use probe::*;
pub use probe_sample::*;
pub use resource::*;
pub(crate) use table::each_capability;

/// What a call does to the upstream. It determines whether a caller may retry when the outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Changes nothing. It can be repeated freely.
    Read,
    /// Leads to the same state no matter how often it is repeated.
    IdempotentWrite,
    /// Repeating it may duplicate work, for example create a second account. Never retry it blindly.
    UnsafeWrite,
}

impl Effect {
    /// The name in machine-readable output: `read`, `idempotent_write` or `unsafe_write`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::IdempotentWrite => "idempotent_write",
            Self::UnsafeWrite => "unsafe_write",
        }
    }
}

/// Writes the effect for people, with spaces.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::IdempotentWrite => "idempotent write",
            Self::UnsafeWrite => "unsafe write",
        })
    }
}

/// A standard capability: one of the marker types in this module, such as [`ListAccounts`].
pub trait Capability: sealed::Sealed + Send + Sync + 'static {
    /// The request payload.
    type Request: Send + 'static;
    /// The response payload.
    type Response: Send + 'static;
    /// Whether requests carry credentials.
    type Credentials: CarriedCredentials;
    /// The name in snake case, as in the openapi format.
    const NAME: &'static str;
    /// The name in the classic format, or `None` if that format doesn't have the capability.
    const CLASSIC_NAME: Option<&'static str>;
    /// What it is about.
    const FAMILY: Family;
    /// The effect on the upstream.
    const EFFECT: Effect;
    /// A one-line description.
    const SUMMARY: &'static str;
    /// Whether it returns a listing page by page.
    const IS_PAGED: bool;
}

/// A custom capability. Its types are written by plain serde in every wire format.
///
/// ```
/// use connector::capability::{CustomCapability, Effect};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, JsonSchema)]
/// struct RotateBadgeRequest {
///     account_id: String,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// struct RotateBadgeResponse {
///     badge: u64,
/// }
///
/// struct RotateBadge;
///
/// impl CustomCapability for RotateBadge {
///     type Request = RotateBadgeRequest;
///     type Response = RotateBadgeResponse;
///     const NAME: &'static str = "rotate_badge";
///     const EFFECT: Effect = Effect::UnsafeWrite;
///     const SUMMARY: &'static str = "Issues a new badge to an account";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a custom capability",
    note = "implement `connector::capability::CustomCapability` for it; a standard capability is registered with \
            `register`, as a method with `#[capability(…)]`"
)]
pub trait CustomCapability: Send + Sync + 'static {
    /// The request payload.
    type Request: DeserializeOwned + JsonSchema + Send + 'static;
    /// The response payload.
    type Response: Serialize + JsonSchema + Send + 'static;
    /// The name in snake case. It must be neither a standard name nor one that the SDK reserves.
    const NAME: &'static str;
    /// The effect on the upstream.
    const EFFECT: Effect;
    /// A one-line description.
    const SUMMARY: &'static str;
    /// Whether it returns a listing page by page.
    const IS_PAGED: bool = false;
}

/// Returns whether two names refer to the same capability: hyphens and underscores are equivalent.
///
/// ```
/// assert!(connector::capability::same_name("list-accounts", "list_accounts"));
/// ```
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    let fold = |byte: u8| if byte == b'-' { b'_' } else { byte };
    one.len() == other.len() && one.bytes().map(fold).eq(other.bytes().map(fold))
}

mod sealed {
    /// Seals `Capability`: a wire format needs to know how to write each one.
    pub trait Sealed {}
}

macro_rules! is_paged {
    (paged) => {
        true
    };
    (whole) => {
        false
    };
}

macro_rules! credentials {
    () => {
        WithCredentials
    };
    (credentials) => {
        WithoutCredentials
    };
}

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

macro_rules! declare {
    ($(
        $(#[$doc:meta])*
        $marker:ident, $name:literal, $family:ident, $effect:ident, $paging:ident $(without $credentials:ident)?,
        $request:ident => $response:ident, $summary:literal
        $(, classic($classic_name:literal: $($classic:tt)*))? $(, openapi($($openapi:tt)*))?;
    )*) => {
        $(
            #[doc = $summary]
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $marker;

            impl sealed::Sealed for $marker {}

            impl Capability for $marker {
                type Request = $request;
                type Response = $response;
                type Credentials = credentials!($($credentials)?);
                const NAME: &'static str = $name;
                const CLASSIC_NAME: Option<&'static str> = optional!($($classic_name)?);
                const FAMILY: Family = Family::$family;
                const EFFECT: Effect = Effect::$effect;
                const SUMMARY: &'static str = $summary;
                const IS_PAGED: bool = is_paged!($paging);
            }

            impl RequestPayload for $request {
                type Standard = Self;
                type Args = payload::NoArgs;
                const HAS_ARGS: bool = false;

                fn assemble(standard: Self, _: Self::Args) -> Self {
                    standard
                }
            }
        )*

        /// The names of the standard capabilities, sorted.
        pub const STANDARD_NAMES: &[&str] = &[$($name),*];
    };
}
each_capability!(declare);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hyphens_and_underscores_are_equivalent() {
        assert!(same_name("create_account", "create-account"));
        assert!(!same_name("create_account", "create account"));
        assert!(!same_name("create_account", "create_accounts"));
        assert!(!same_name("create_account", "Create_account"));
    }
}
