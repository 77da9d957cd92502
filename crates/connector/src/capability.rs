//! Capabilities: what a connector can be asked to do.
//!
//! A standard capability is a marker type that names its request and response. The families have a file each; a
//! capability of a connector's own implements [`CustomCapability`].

mod account;
mod activity;
mod attribute;
mod authorization;
mod bounds;
mod credentials;
mod entitlement;
mod payload;
mod resource;
mod table;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use account::*;
pub use activity::*;
pub use attribute::*;
pub use authorization::*;
pub use bounds::{Answers, BlockingAnswers, CustomRequestOf, RequestOf};
pub use credentials::*;
pub use entitlement::*;
pub use payload::{Arguments, RequestPayload, WithArgs};
pub use resource::*;
pub(crate) use table::each_capability;

/// What a call does to the upstream, and so what a caller may do when the outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Changes nothing: may be repeated at will.
    Read,
    /// Leads to the same state however often it is repeated.
    IdempotentWrite,
    /// May do its work again when repeated, a second account say: never repeat it blindly.
    UnsafeWrite,
}

impl Effect {
    /// The effect as programs read it: `read`, `idempotent_write`, `unsafe_write`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::IdempotentWrite => "idempotent_write",
            Self::UnsafeWrite => "unsafe_write",
        }
    }
}

/// For people.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::IdempotentWrite => "idempotent write",
            Self::UnsafeWrite => "unsafe write",
        })
    }
}

/// A standard capability: one of the marker types of this module, [`ListAccounts`] say.
pub trait Capability: sealed::Sealed + Send + Sync + 'static {
    /// What it is asked with.
    type Request: Send + 'static;
    /// What it answers.
    type Response: Send + 'static;
    /// Its name, in snake case, as the openapi format spells it.
    const NAME: &'static str;
    /// Its name as the classic format spells it; `None` if that does not have it.
    const CLASSIC_NAME: Option<&'static str>;
    /// What it does to the upstream.
    const EFFECT: Effect;
    /// What it does, in one line.
    const SUMMARY: &'static str;
    /// Whether it answers a listing page by page.
    const IS_PAGED: bool;
}

/// A capability of a connector's own. Its types are written by plain serde in every wire format.
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
    /// What it is asked with.
    type Request: DeserializeOwned + JsonSchema + Send + 'static;
    /// What it answers.
    type Response: Serialize + JsonSchema + Send + 'static;
    /// Its name, in snake case; no standard name and none that the SDK has reserved for itself.
    const NAME: &'static str;
    /// What it does to the upstream.
    const EFFECT: Effect;
    /// What it does, in one line.
    const SUMMARY: &'static str;
    /// Whether it answers a listing page by page.
    const IS_PAGED: bool = false;
}

/// Whether two spellings name the same capability: hyphens and underscores are the same.
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
    /// Keeps `Capability` to the SDK: a wire format has to know how to spell each one.
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
        $marker:ident, $name:literal, $effect:ident, $paging:ident, $request:ident => $response:ident, $summary:literal
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
                const NAME: &'static str = $name;
                const CLASSIC_NAME: Option<&'static str> = optional!($($classic_name)?);
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
    fn hyphens_and_underscores_are_the_same_and_nothing_else_is() {
        assert!(same_name("create_account", "create-account"));
        assert!(!same_name("create_account", "create account"));
        assert!(!same_name("create_account", "create_accounts"));
        assert!(!same_name("create_account", "Create_account"));
    }
}
