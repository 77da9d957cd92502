//! Requests to capabilities that only read.

use serde_json::{Value, json};

use super::session::Session;
use crate::capability::{self as cap, Effect, each_capability, same_name};

/// Whether a request type accepts a payload. If openapi has its own type for the request, the payload isn't tried: such
/// requests need more than an ID.
macro_rules! accepts {
    ($request:ident, $payload:ident) => {
        serde_json::from_value::<cap::$request>($payload.clone()).is_ok()
    };
    ($request:ident, $payload:ident, $($openapi:tt)*) => {
        false
    };
}

macro_rules! takes {
    ($(
        $(#[$doc:meta])*
        $marker:ident, $name:literal, $family:ident, $effect:ident, $paging:ident $(without $credentials:ident)?,
        $request:ident => $response:ident, $summary:literal
        $(, classic($($classic:tt)*))? $(, openapi($($openapi:tt)*))?;
    )*) => {
        /// Whether `name` is a standard capability that only reads and takes `payload`.
        fn takes(name: &str, payload: &Value) -> bool {
            $(if same_name(name, $name) {
                return Effect::$effect == Effect::Read && accepts!($request, payload $(, $($openapi)*)?);
            })*
            false
        }
    };
}
each_capability!(takes);

impl Session<'_> {
    /// A payload for a capability that only reads, if the fixture has what it needs.
    pub(super) fn reading(&self, name: &str) -> Option<Value> {
        if let Some(request) = self.fixture.requests.get(&name.replace('-', "_")) {
            return Some(request.clone());
        }
        if same_name(name, "list-resources") {
            return self.resource_requests().into_iter().next().map(|(_, request)| request);
        }
        if same_name(name, "list-entitlements") {
            return self.entitlement_request().map(|(_, request)| request);
        }
        let of_account =
            self.account_id().map(|id| [json!({ "account_id": id }), json!({ "account_ids": [id] })]);
        let payloads = std::iter::once(json!({})).chain(of_account.into_iter().flatten());
        payloads.into_iter().find(|payload| takes(name, payload))
    }

    /// The capabilities that only read and can be called, with a payload for each.
    pub(super) fn readings(&self) -> Vec<(&str, Value)> {
        let names = self.info.capabilities.iter().map(String::as_str);
        names.filter_map(|name| Some((name, self.reading(name)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_are_called_and_only_with_what_they_take() {
        assert!(takes("list-accounts", &json!({})));
        assert!(takes("get_account", &json!({ "account_id": "a" })));
        assert!(!takes("get_account", &json!({})));
        assert!(takes("get-last-activity", &json!({ "account_ids": ["a"] })));
        assert!(!takes("delete_account", &json!({ "account_id": "a" })));
        assert!(!takes("count_badges", &json!({})));
    }
}
