//! Request payloads, with or without custom arguments.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The payload of a request: a standard one, possibly combined with custom arguments as [`WithArgs`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the payload of a standard request",
    label = "not a request payload",
    note = "a handler takes `Request<P, …>` where `P` is the capability's own request, such as `ListAccountsRequest`, or \
            `WithArgs<ListAccountsRequest, YourArgs>`"
)]
pub trait RequestPayload: Sized + Send + 'static {
    /// The standard payload.
    type Standard: Send + 'static;
    /// The custom arguments, which share the JSON object with the standard payload.
    type Args: Send + 'static;
    /// Whether there are any `Args` to read.
    const HAS_ARGS: bool = true;

    /// Combines the standard payload and the arguments.
    fn assemble(standard: Self::Standard, args: Self::Args) -> Self;
}

/// Custom arguments of a request.
///
/// Implemented for every type with `#[derive(Deserialize, JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the arguments of a request",
    note = "it needs `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Arguments: DeserializeOwned + JsonSchema + Send + 'static {}

// Reports one error instead of one for each missing derive.
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Arguments for T {}

/// A standard payload combined with custom arguments. On the wire, both share one JSON object.
///
/// `P` and `X` are each read from the whole object and ignore each other's fields. So don't mark `X` as
/// `#[serde(deny_unknown_fields)]`: it would reject every request that has a field of the standard payload.
///
/// ```
/// use connector::capability::{ListAccountsRequest, WithArgs};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Domain {
///     domain: String,
/// }
///
/// type MyListAccounts = WithArgs<ListAccountsRequest, Domain>; // {"custom_attributes": […], "domain": "…"}
/// ```
#[derive(Clone, Debug)]
pub struct WithArgs<P, X> {
    /// The standard payload.
    pub standard: P,
    /// The custom arguments.
    pub args: X,
}

impl<P, X> RequestPayload for WithArgs<P, X>
where
    P: RequestPayload<Standard = P>,
    X: Send + 'static,
{
    type Standard = P;
    type Args = X;

    fn assemble(standard: P, args: X) -> Self {
        Self { standard, args }
    }
}

/// The arguments of a payload without custom arguments.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NoArgs {}
