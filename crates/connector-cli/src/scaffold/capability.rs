//! The capabilities that can be generated.

use std::fmt;

use connector::capability::{Effect, STANDARD_NAMES, same_name};
use connector::{StandardCapability, Wire, standard_capabilities};
use serde_json::{Value, json};

use super::options::Credentials;

/// What the templates know of a capability, beside what the SDK says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capability {
    /// In snake case: the name of its function, its file and its cases.
    pub(super) name: &'static str,
    /// A request that the example upstream has an answer for.
    example: &'static str,
}

const fn capability(name: &'static str, example: &'static str) -> Capability {
    Capability { name, example }
}

/// What a connector needs to get its access token itself (RFC 6749, section 4.1).
pub(super) const OAUTH_FLOW: [&str; 3] =
    ["get_authorization_url", "handle_authorization_callback", "refresh_access_token"];

const MEMBERSHIP: &str = r#"{"account_integration_specific_id":"2","resource_integration_specific_id":"sales","resource_type":"group","entitlement_integration_specific_id":"member","entitlement_type":"role"}"#;

/// In the order in which they are registered.
pub(super) const ALL: [Capability; 16] = [
    capability("list_accounts", "{}"),
    capability("list_resources", r#"{"resource_type":"group"}"#),
    capability(
        "list_entitlements",
        r#"{"resource_type":"group","resource_integration_specific_id":"sales"}"#,
    ),
    capability("find_entitlement_associations", "{}"),
    capability("get_last_activity", r#"{"account_ids":["1","2"]}"#),
    capability("list_custom_attributes_schema", "{}"),
    capability("validate_credentials", "{}"),
    capability("create_account", r#"{"account":{"email":"linus@example.com"},"entitlements":[]}"#),
    capability("activate_account", r#"{"account_id":"3"}"#),
    capability("deactivate_account", r#"{"account_id":"1"}"#),
    capability("delete_account", r#"{"account_id":"5"}"#),
    capability("assign_entitlement", MEMBERSHIP),
    capability("unassign_entitlement", MEMBERSHIP),
    capability(
        "get_authorization_url",
        r#"{"client_id":"connector","scopes":["users"],"redirect_uri":"https://app.example.com/callback","state":"s"}"#,
    ),
    capability(
        "handle_authorization_callback",
        r#"{"client_id":"connector","client_secret":"pa55+phrase","redirect_uri_with_code":"https://app.example.com/callback?code=c0de&state=s","state":"s"}"#,
    ),
    capability(
        "refresh_access_token",
        r#"{"client_id":"connector","client_secret":"pa55+phrase","refresh_token":"r3fresh-t0ken"}"#,
    ),
];

impl Capability {
    /// What the SDK says of it: its type, its effect, its summary, whether it is a listing.
    pub(super) fn standard(&self) -> Option<StandardCapability> {
        standard_capabilities().into_iter().find(|standard| standard.name == self.name)
    }

    pub(super) fn is_read(&self) -> bool {
        self.standard().is_some_and(|standard| standard.effect == Effect::Read)
    }

    /// Whether it goes through a listing of the upstream's.
    pub(super) fn is_listing(&self) -> bool {
        self.standard().is_some_and(|standard| standard.is_paged)
    }

    /// A request that the example upstream has an answer for.
    pub(super) fn example(&self, wire: Wire) -> &'static str {
        match (wire, self.name) {
            (Wire::OpenApi, "list_resources" | "list_entitlements") => "{}",
            (Wire::OpenApi, "create_account") => r#"{"email":"linus@example.com","entitlements":[]}"#,
            _ => self.example,
        }
    }

    /// Whether it is one of [`OAUTH_FLOW`].
    pub(super) fn is_of_oauth_flow(&self) -> bool {
        OAUTH_FLOW.contains(&self.name)
    }

    /// Why it cannot be had with these credentials.
    pub(super) fn obstacle(&self, auth: Credentials) -> Option<String> {
        match auth {
            Credentials::Basic | Credentials::Token | Credentials::None if self.is_of_oauth_flow() => {
                Some("part of the OAuth flow, which needs `--auth oauth`".to_owned())
            }
            Credentials::None if self.name == "validate_credentials" => {
                Some("there are no credentials to validate".to_owned())
            }
            _ => None,
        }
    }
}

/// Capabilities of a preset that cannot be had, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) names: Vec<&'static str>,
    pub(super) why: String,
}

impl LeftOut {
    pub(super) fn to_json(&self) -> Value {
        json!({ "capabilities": self.names, "why": self.why })
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.names.join(", "), self.why)
    }
}

/// What the preset of this name leaves out; nothing if `text` is a list of names.
pub(super) fn left_out(text: &str, auth: Credentials) -> Vec<LeftOut> {
    let is_wanted = |capability: &Capability| match text {
        "full" => true,
        "read-only" => capability.is_read(),
        _ => false,
    };
    let mut all: Vec<LeftOut> = Vec::new();
    for capability in ALL.iter().filter(|capability| is_wanted(capability)) {
        let Some(why) = capability.obstacle(auth) else { continue };
        match all.iter_mut().find(|known| known.why == why) {
            Some(known) => known.names.push(capability.name),
            None => all.push(LeftOut { names: vec![capability.name], why }),
        }
    }
    all
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
    if let Some(standard) = STANDARD_NAMES.iter().find(|standard| same_name(standard, name)) {
        return format!(
            "capabilities: {name:?} has no template yet; leave it out, choose `--wire openapi`, then run \
             `connector add {standard}` in the connector"
        );
    }
    let known = ALL.map(|capability| capability.name).join(", ");
    format!(
        "capabilities: {name:?}: there is no such capability; expected read-only, full, or some of {known}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_of_both_formats_can_be_generated() {
        let mut generated = ALL.map(|capability| capability.name);
        generated.sort_unstable();
        let both: Vec<&str> = standard_capabilities()
            .into_iter()
            .filter(|standard| standard.wires == Wire::ALL)
            .map(|standard| standard.name)
            .collect();
        assert_eq!(generated.as_slice(), both);
    }

    #[test]
    fn a_capability_that_cannot_be_generated_is_distinguished_from_one_that_does_not_exist() {
        let problem = |name| parse(name, Credentials::Token).unwrap_err().join("\n");
        assert!(problem("get-account").contains("connector add get_account"), "{}", problem("get-account"));
        assert!(problem("fly").contains("there is no such capability"), "{}", problem("fly"));
    }
}
