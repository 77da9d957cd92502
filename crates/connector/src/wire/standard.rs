//! [`StandardCapability`]: a row of the table of standard capabilities.

use super::{Wire, WireCapability};
use crate::auth::CarriedCredentials as _;
use crate::capability::Effect;

/// Describes a standard capability.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandardCapability {
    /// The name in snake case, as in the openapi format.
    pub name: &'static str,
    /// The name in the classic format, or `None` if that format doesn't have the capability.
    pub classic_name: Option<&'static str>,
    /// The marker type in [`capability`](crate::capability).
    pub marker: &'static str,
    /// The type of the request payload in [`capability`](crate::capability).
    pub request: &'static str,
    /// The type of the response payload in [`capability`](crate::capability).
    pub response: &'static str,
    /// The effect on the upstream.
    pub effect: Effect,
    /// A one-line description.
    pub summary: &'static str,
    /// Whether it returns a listing page by page.
    pub is_paged: bool,
    /// Whether openapi requests carry the integration's credentials. If not, the handler takes
    /// [`NoAuth`](crate::NoAuth).
    pub carries_credentials: bool,
    /// The wire formats that have it.
    pub wires: Vec<Wire>,
}

impl StandardCapability {
    pub(super) fn of<C: WireCapability>([marker, request, response]: [&'static str; 3]) -> Self {
        Self {
            name: C::NAME,
            classic_name: C::CLASSIC_NAME,
            marker,
            request,
            response,
            effect: C::EFFECT,
            summary: C::SUMMARY,
            is_paged: C::IS_PAGED,
            carries_credentials: C::Credentials::CARRIED,
            wires: match C::CLASSIC_NAME {
                Some(_) => Wire::ALL.to_vec(),
                None => vec![Wire::OpenApi],
            },
        }
    }
}
