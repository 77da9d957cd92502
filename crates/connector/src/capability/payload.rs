//! What a handler's request may carry besides the standard payload.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The payload of a request: a standard one, or a standard one [`WithArgs`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the payload of a standard request",
    label = "not a request payload",
    note = "a handler takes `Request<P, …>` where `P` is the capability's own request, `ListAccountsRequest` say, or \
            `WithArgs<ListAccountsRequest, YourArgs>`"
)]
pub trait RequestPayload: Sized + Send + 'static {
    /// The standard payload in it.
    type Standard: Send + 'static;
    /// What comes besides, in the same JSON object.
    type Args: Send + 'static;
    /// Whether there is anything to read for `Args`.
    const HAS_ARGS: bool = true;

    /// Puts the two together.
    fn assemble(standard: Self::Standard, args: Self::Args) -> Self;
}

/// The arguments that only this connector has. Implemented by every type that can be read from JSON and described by a
/// schema: `#[derive(Deserialize, JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the arguments of a request",
    note = "it needs `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Arguments: DeserializeOwned + JsonSchema + Send + 'static {}

// One message instead of one for each derive, with the list of all types that have it.
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Arguments for T {}

/// A standard payload with arguments that only this connector has. On the wire both share one JSON object.
///
/// Each of the two is read from the whole object and ignores what is the other's. So `X` must not be marked
/// `#[serde(deny_unknown_fields)]`: it would refuse every request that has a field of the standard payload.
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
    /// The connector's own arguments.
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

/// The arguments of a payload that has none.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NoArgs {}
