//! The capabilities that can be generated.

use std::fmt;

use connector::capability::{Effect, STANDARD_NAMES, same_name};
use connector::{StandardCapability, Wire, standard_capabilities};
use serde_json::{Value, json};

use super::options::Credentials;

/// A capability that has templates. The SDK's table describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capability {
    /// The name in snake case, which is also the name of its function, its file and its cases.
    pub(super) name: &'static str,
    /// A request that works with the mock upstream.
    example: &'static str,
}

const fn capability(name: &'static str, example: &'static str) -> Capability {
    Capability { name, example }
}

/// The capabilities that obtain an access token (RFC 6749, section 4.1).
pub(super) const OAUTH_FLOW: [&str; 3] =
    ["get_authorization_url", "handle_authorization_callback", "refresh_access_token"];

const MEMBERSHIP: &str = r#"{"account_integration_specific_id":"2","resource_integration_specific_id":"sales","resource_type":"group","entitlement_integration_specific_id":"member","entitlement_type":"role"}"#;

/// The capabilities with templates, in the order of registration.
pub(super) const ALL: [Capability; 21] = [
    capability("list_accounts", "{}"),
    capability("get_account", r#"{"account_id":"1"}"#),
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
    capability("update_account", r#"{"id":"1","family_name":"King"}"#),
    capability("activate_account", r#"{"account_id":"3"}"#),
    capability("deactivate_account", r#"{"account_id":"1"}"#),
    capability("delete_account", r#"{"account_id":"5"}"#),
    capability("assign_entitlement", MEMBERSHIP),
    capability("unassign_entitlement", MEMBERSHIP),
    capability("transfer_data", r#"{"source_account_id":"1","target_account_id":"2"}"#),
    capability("downgrade_license", r#"{"account_id":"1"}"#),
    capability("release_resources", r#"{"account_id":"1"}"#),
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
    /// The capability in the SDK's table.
    pub(super) fn standard(&self) -> Option<StandardCapability> {
        standard_capabilities().into_iter().find(|standard| standard.name == self.name)
    }

    /// Whether `wire` has it.
    fn is_in(&self, wire: Wire) -> bool {
        self.standard().is_some_and(|standard| standard.wires.contains(&wire))
    }

    pub(super) fn is_read(&self) -> bool {
        self.standard().is_some_and(|standard| standard.effect == Effect::Read)
    }

    /// Whether it returns a listing page by page.
    pub(super) fn is_listing(&self) -> bool {
        self.standard().is_some_and(|standard| standard.is_paged)
    }

    /// A request that works with the mock upstream.
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

    /// Why it isn't available with these credentials.
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

/// Capabilities of a preset that aren't generated, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Omitted {
    pub(super) names: Vec<&'static str>,
    pub(super) why: String,
}

impl Omitted {
    pub(super) fn to_json(&self) -> Value {
        json!({ "capabilities": self.names, "why": self.why })
    }
}

impl fmt::Display for Omitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.names.join(", "), self.why)
    }
}

/// Whether `text` is a preset that includes a capability with this effect.
fn is_in_preset(text: &str, effect: Effect) -> bool {
    text == "full" || text == "read-only" && effect == Effect::Read
}

/// The capabilities of the preset `text` that aren't available with these credentials. A list of names omits nothing.
pub(super) fn omitted(text: &str, auth: Credentials) -> Vec<Omitted> {
    let mut all: Vec<Omitted> = Vec::new();
    for capability in ALL {
        let Some(why) = capability.obstacle(auth) else { continue };
        if !capability.standard().is_some_and(|standard| is_in_preset(text, standard.effect)) {
            continue;
        }
        match all.iter_mut().find(|known| known.why == why) {
            Some(known) => known.names.push(capability.name),
            None => all.push(Omitted { names: vec![capability.name], why }),
        }
    }
    all
}

/// The capabilities that the SDK implements itself, and the calls that add them.
const BUILT_IN: [(&str, &str); 2] = [
    ("fulfill_arbitrary_endpoint", ".arbitrary_endpoint(EndpointPolicy::new(), endpoint)"),
    ("probe_integration", ".probe(Probe::new())"),
];

/// The capability that the SDK adds to every connector.
const PROVIDED: &str = "app_info";

/// The capabilities of the preset or list `text` that have no templates, and that the SDK doesn't add either.
pub(super) fn without_template(text: &str, wire: Wire) -> Option<Omitted> {
    let is_wanted = |standard: &StandardCapability| {
        let is_named = || names(text).any(|name| same_name(name, standard.name));
        standard.wires.contains(&wire)
            && find(standard.name).is_none()
            && standard.name != PROVIDED
            && (is_in_preset(text, standard.effect) || is_named())
    };
    let names: Vec<_> =
        standard_capabilities().into_iter().filter(is_wanted).map(|standard| standard.name).collect();
    let mut why = "no template; `connector add NAME` adds a handler to fill in".to_owned();
    for (name, call) in BUILT_IN {
        if names.contains(&name) {
            why.push_str(&format!("; the SDK implements {name}: call `{call}` on the builder"));
        }
    }
    (!names.is_empty()).then_some(Omitted { names, why })
}

/// The names in a list.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

fn find(name: &str) -> Option<Capability> {
    ALL.into_iter().find(|known| same_name(known.name, name))
}

/// The capabilities with templates that `text` names.
///
/// # Errors
/// The problems of `text`.
pub(super) fn parse(text: &str, wire: Wire, auth: Credentials) -> Result<Vec<Capability>, Vec<String>> {
    let is_possible = |capability: &Capability| capability.is_in(wire) && capability.obstacle(auth).is_none();
    match text {
        "full" => return Ok(ALL.into_iter().filter(is_possible).collect()),
        "read-only" => {
            return Ok(ALL.into_iter().filter(Capability::is_read).filter(is_possible).collect());
        }
        _ => {}
    }
    let (mut wanted, mut problems) = (Vec::new(), Vec::new());
    for name in names(text) {
        match find(name).filter(|capability| capability.is_in(wire)) {
            Some(capability) => match capability.obstacle(auth) {
                Some(why) => problems.push(format!("capabilities: {name}: {why}")),
                None => wanted.push(capability),
            },
            None => problems.extend(problem_of(name, wire)),
        }
    }
    if wanted.is_empty() && problems.is_empty() {
        problems.push(format!(
            "capabilities: no template for {text}; name one of {} too, and add the others with `connector add NAME`",
            ALL.iter().filter(|capability| capability.is_in(wire)).map(|capability| capability.name).collect::<Vec<_>>().join(", ")
        ));
    }
    if problems.is_empty() {
        Ok(ALL.into_iter().filter(|capability| wanted.contains(capability)).collect())
    } else {
        Err(problems)
    }
}

/// Why a capability without templates can't be in the connector; `None` if it can be added.
fn problem_of(name: &str, wire: Wire) -> Option<String> {
    let Some(standard) = standard_capabilities().into_iter().find(|one| same_name(one.name, name)) else {
        return Some(format!(
            "capabilities: {name:?} is not a capability; expected read-only, full, or a list of names: {}",
            STANDARD_NAMES.join(", ")
        ));
    };
    let (name, wires) = (standard.name, standard.wires);
    (!wires.contains(&wire)).then(|| {
        let wires = wires.iter().map(|wire| format!("`--wire {wire}`")).collect::<Vec<_>>().join(" or ");
        format!("capabilities: {name}: the {wire} wire format doesn't have it; choose {wires}, or omit it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_of_the_classic_format_can_be_generated() {
        let generated = parse("full", Wire::Classic, Credentials::OAuth).unwrap();
        let mut generated: Vec<&str> = generated.iter().map(|capability| capability.name).collect();
        generated.sort_unstable();
        let classic = standard_capabilities().into_iter().filter(|standard| standard.classic_name.is_some());
        assert_eq!(generated, classic.map(|standard| standard.name).collect::<Vec<_>>());
    }

    #[test]
    fn every_template_can_be_generated_in_openapi() {
        assert_eq!(parse("full", Wire::OpenApi, Credentials::OAuth).unwrap(), ALL);
    }

    #[test]
    fn templates_of_another_format_are_rejected() {
        let problem = parse("get_account", Wire::Classic, Credentials::Basic).unwrap_err().join("\n");
        assert!(problem.contains("the classic wire format doesn't have it"), "{problem}");
    }

    #[test]
    fn lists_may_name_capabilities_without_a_template_that_the_format_has() {
        let parse = |text: &str, wire| parse(text, wire, Credentials::OAuth);
        for standard in standard_capabilities().iter().filter(|standard| find(standard.name).is_none()) {
            let (name, text) = (standard.name, format!("{}, list_accounts", standard.name.replace('_', "-")));
            assert_eq!(parse(&text, Wire::OpenApi), parse("list_accounts", Wire::OpenApi));
            let omitted = without_template(&text, Wire::OpenApi).map(|omitted| omitted.names);
            assert_eq!(omitted, (name != PROVIDED).then(|| vec![name]));
            assert_eq!(without_template(&text, Wire::Classic), None);
            let problem = parse(&text, Wire::Classic).unwrap_err().join("\n");
            assert!(
                problem.contains(&format!("{name}: the classic wire format doesn't have it")),
                "{problem}"
            );
            let problem = parse(name, Wire::OpenApi).unwrap_err().join("\n");
            assert!(problem.contains("no template") && problem.contains("`connector add NAME`"), "{problem}");
        }
        assert_eq!(without_template("list_accounts", Wire::OpenApi), None);
        let why = without_template("full", Wire::OpenApi).unwrap().why;
        assert!(why.contains("the SDK implements probe_integration: call `.probe("), "{why}");
        let why = without_template("list_expenses", Wire::OpenApi).unwrap().why;
        assert!(!why.contains("the SDK implements"), "{why}");
    }

    #[test]
    fn unknown_names_are_errors() {
        for name in ["fly", "", "list_accounts,", ","] {
            let problem = parse(name, Wire::OpenApi, Credentials::Token).unwrap_err().join("\n");
            assert!(problem.contains(" is not a capability; expected ") && problem.contains("get_account"));
        }
    }
}
