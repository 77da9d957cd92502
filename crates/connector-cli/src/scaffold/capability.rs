//! The capabilities that can be generated.

use connector::capability::{Effect, same_name};
use connector::{StandardCapability, Wire, standard_capabilities};

use super::options::Credentials;

/// What the templates know of a capability, beside what the SDK says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capability {
    /// In snake case: the name of its function, its file and its cases.
    pub(super) name: &'static str,
    /// The SDK's type.
    pub(super) marker: &'static str,
    /// Whether it goes through a listing of the upstream's.
    pub(super) is_listing: bool,
    /// A request that the example upstream has an answer for.
    pub(super) example: &'static str,
}

const fn capability(
    name: &'static str,
    marker: &'static str,
    is_listing: bool,
    example: &'static str,
) -> Capability {
    Capability { name, marker, is_listing, example }
}

/// What a connector needs to get its access token itself (RFC 6749, section 4.1).
pub(super) const OAUTH_FLOW: [&str; 3] =
    ["get_authorization_url", "handle_authorization_callback", "refresh_access_token"];

const MEMBERSHIP: &str = r#"{"account_integration_specific_id":"2","resource_integration_specific_id":"sales","resource_type":"group","entitlement_integration_specific_id":"member","entitlement_type":"role"}"#;

/// In the order in which they are registered.
pub(super) const ALL: [Capability; 16] = [
    capability("list_accounts", "ListAccounts", true, "{}"),
    capability("list_resources", "ListResources", true, r#"{"resource_type":"group"}"#),
    capability(
        "list_entitlements",
        "ListEntitlements",
        true,
        r#"{"resource_type":"group","resource_integration_specific_id":"sales"}"#,
    ),
    capability("find_entitlement_associations", "FindEntitlementAssociations", true, "{}"),
    capability("get_last_activity", "GetLastActivity", false, r#"{"account_ids":["1","2"]}"#),
    capability("list_custom_attributes_schema", "ListCustomAttributesSchema", false, "{}"),
    capability("validate_credentials", "ValidateCredentials", false, "{}"),
    capability(
        "create_account",
        "CreateAccount",
        false,
        r#"{"account":{"email":"linus@example.com"},"entitlements":[]}"#,
    ),
    capability("activate_account", "ActivateAccount", false, r#"{"account_id":"3"}"#),
    capability("deactivate_account", "DeactivateAccount", false, r#"{"account_id":"1"}"#),
    capability("delete_account", "DeleteAccount", false, r#"{"account_id":"5"}"#),
    capability("assign_entitlement", "AssignEntitlement", false, MEMBERSHIP),
    capability("unassign_entitlement", "UnassignEntitlement", false, MEMBERSHIP),
    capability(
        "get_authorization_url",
        "GetAuthorizationUrl",
        false,
        r#"{"client_id":"connector","scopes":["users"],"redirect_uri":"https://app.example.com/callback","state":"s"}"#,
    ),
    capability(
        "handle_authorization_callback",
        "HandleAuthorizationCallback",
        false,
        r#"{"client_id":"connector","client_secret":"pa55+phrase","redirect_uri_with_code":"https://app.example.com/callback?code=c0de&state=s","state":"s"}"#,
    ),
    capability(
        "refresh_access_token",
        "RefreshAccessToken",
        false,
        r#"{"client_id":"connector","client_secret":"pa55+phrase","refresh_token":"r3fresh-t0ken"}"#,
    ),
];

impl Capability {
    /// What the SDK says of it: its effect, its summary, the wire formats that have it.
    pub(super) fn standard(&self) -> Option<StandardCapability> {
        standard_capabilities().into_iter().find(|standard| same_name(standard.name, self.name))
    }

    pub(super) fn is_read(&self) -> bool {
        self.standard().is_some_and(|standard| standard.effect == Effect::Read)
    }

    /// Whether it is one of [`OAUTH_FLOW`].
    pub(super) fn is_of_oauth_flow(&self) -> bool {
        OAUTH_FLOW.contains(&self.name)
    }

    /// Why it cannot be had with these credentials.
    pub(super) fn obstacle(&self, auth: Credentials) -> Option<String> {
        match auth {
            Credentials::Basic | Credentials::Token | Credentials::None if self.is_of_oauth_flow() => {
                Some("it belongs to the OAuth flow, which needs `--auth oauth`".to_owned())
            }
            Credentials::None if self.name == "validate_credentials" => {
                Some("there are no credentials to validate".to_owned())
            }
            Credentials::Token if !self.has_wire(Wire::OpenApi) => Some(
                "token credentials exist in the openapi wire format only, which does not have this capability"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    fn has_wire(&self, wire: Wire) -> bool {
        self.standard().is_some_and(|standard| standard.wires.contains(&wire))
    }
}

/// The capabilities that `text` names; or what is wrong with it.
pub(super) fn parse(text: &str, auth: Credentials) -> Result<Vec<Capability>, Vec<String>> {
    let possible = |capability: &Capability| capability.obstacle(auth).is_none();
    match text {
        "full" => return Ok(ALL.into_iter().filter(possible).collect()),
        "read-only" => return Ok(ALL.into_iter().filter(Capability::is_read).filter(possible).collect()),
        _ => {}
    }
    let (mut wanted, mut problems) = (Vec::new(), Vec::new());
    for name in text.split(',').map(str::trim) {
        match ALL.into_iter().find(|known| same_name(known.name, name)) {
            Some(capability) => match capability.obstacle(auth) {
                Some(why) => problems.push(format!("capabilities: {name}: {why}")),
                None => wanted.push(capability),
            },
            None => problems.push(unknown(name)),
        }
    }
    if problems.is_empty() {
        Ok(ALL.into_iter().filter(|capability| wanted.contains(capability)).collect())
    } else {
        Err(problems)
    }
}

fn unknown(name: &str) -> String {
    let known = ALL.map(|capability| capability.name).join(", ");
    format!("capabilities: {name:?}: there is none; expected read-only, full, or of these: {known}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_capability_can_be_generated() {
        let generated = ALL.map(|capability| capability.name.replace('_', "-"));
        let standard = standard_capabilities();
        let missing: Vec<_> = standard
            .iter()
            .filter(|standard| !generated.iter().any(|name| same_name(name, standard.name)))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(ALL.len(), standard.len());
    }
}
