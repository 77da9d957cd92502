//! The values of the templates.

use connector::Wire;
use minijinja::{Value, context};

use super::{contract, place};
use crate::scaffold::capability::{Capability, OAUTH_FLOW, Omitted};
use crate::scaffold::choices::Choices;
use crate::scaffold::options::{Credentials, Pagination};
use crate::scaffold::sdk::{self, Sdk};
use crate::scaffold::workspace::Workspace;

/// The dependencies of the generated crate in addition to the SDK, in the versions of the SDK's workspace.
const DEPENDENCIES: [&str; 5] = [
    r#"reqwest = { version = "0.13.5", default-features = false, features = ["json", "rustls-no-provider"] }"#,
    r#"rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }"#,
    r#"schemars = { version = "1.2.3", default-features = false, features = ["derive", "std"] }"#,
    r#"serde = { version = "1.0.229", features = ["derive"] }"#,
    r#"serde_json = "1.0.154""#,
];
/// An additional dependency of the OAuth flow.
const FORM: &str = r#"form_urlencoded = { version = "1.2", default-features = false, features = ["alloc"] }"#;
const AXUM: &str = r#"axum = { version = "0.8.9", default-features = false, features = ["http1", "tokio"] }"#;
const TOKIO: &str =
    r#"tokio = { version = "1.54", default-features = false, features = ["macros", "net", "rt"] }"#;

/// Facts that follow from the choices.
pub(super) struct Facts<'a> {
    pub(super) choices: &'a Choices,
    pub(super) workspace: &'a Workspace,
}

/// The module of a capability's handler.
pub(super) fn module(capability: &Capability) -> &'static str {
    if capability.is_read() { "read" } else { "write" }
}

impl<'a> Facts<'a> {
    pub(super) const fn new(choices: &'a Choices, workspace: &'a Workspace) -> Self {
        Self { choices, workspace }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.choices.capabilities.iter().any(|capability| capability.name == name)
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    pub(super) fn has_module(&self, name: &str) -> bool {
        self.choices.capabilities.iter().any(|capability| module(capability) == name)
    }

    pub(super) fn has_listings(&self) -> bool {
        self.choices.capabilities.iter().any(Capability::is_listing)
    }

    pub(super) fn has_kinds(&self) -> bool {
        self.has_any(&["list_resources", "list_entitlements", "assign_entitlement", "unassign_entitlement"])
    }

    pub(super) fn has_user(&self) -> bool {
        self.has_any(&["get_account", "list_accounts", "find_entitlement_associations"])
    }

    pub(super) fn has_status(&self) -> bool {
        self.has_user() || self.has_any(&["create_account", "activate_account", "deactivate_account"])
    }

    pub(super) fn has_oauth_flow(&self) -> bool {
        self.has_any(&OAUTH_FLOW)
    }

    pub(super) fn has_whole_oauth_flow(&self) -> bool {
        OAUTH_FLOW.iter().all(|name| self.has(name))
    }

    /// Whether the connector calls the upstream's token endpoint.
    pub(super) fn exchanges(&self) -> bool {
        self.has_any(&["handle_authorization_callback", "refresh_access_token"])
    }

    /// Whether the connector calls the upstream with a user's credentials.
    pub(super) fn calls(&self) -> bool {
        self.choices.capabilities.iter().any(|capability| !capability.is_of_oauth_flow())
    }

    pub(super) fn has_client(&self) -> bool {
        self.calls() || self.exchanges()
    }

    /// Whether there are tests that call the connector with a stateful upstream.
    fn has_caller(&self) -> bool {
        self.has("list_accounts") || !self.write_tests().is_empty() || self.has_whole_oauth_flow()
    }

    /// Whether there are tests that need a stateful upstream.
    pub(super) fn starts_upstream(&self) -> bool {
        self.calls() || self.has_caller()
    }

    /// Whether the connector decodes responses of the upstream.
    fn decodes(&self) -> bool {
        let without_body = [
            "delete_account",
            "assign_entitlement",
            "unassign_entitlement",
            "transfer_data",
            "downgrade_license",
            "release_resources",
        ];
        self.choices
            .capabilities
            .iter()
            .any(|capability| !without_body.contains(&capability.name) && !capability.is_of_oauth_flow())
    }

    /// The tests that check the effect of a write with a listing.
    pub(super) fn write_tests(&self) -> Vec<&'static str> {
        [
            ("create", "create_account", "list_accounts"),
            ("deactivate", "deactivate_account", "list_accounts"),
            ("update", "update_account", "list_accounts"),
            ("delete", "delete_account", "list_accounts"),
            ("assign", "assign_entitlement", "find_entitlement_associations"),
            ("release", "release_resources", "find_entitlement_associations"),
        ]
        .into_iter()
        .filter(|(_, write, listing)| self.has(write) && self.has(listing))
        .map(|(test, ..)| test)
        .collect()
    }

    /// The values of `src/read.rs` or `src/write.rs`.
    pub(super) fn values_of_module(&self, name: &str) -> Value {
        let about = match name {
            "read" => "Capabilities that read from the upstream, one per file.",
            _ => "Capabilities that change the upstream, one per file.",
        };
        let capabilities = self.choices.capabilities.iter();
        let mut modules: Vec<_> =
            capabilities.filter(|capability| module(capability) == name).map(|one| one.name).collect();
        modules.sort_unstable();
        context! { about, modules }
    }

    /// The values of all other files.
    pub(super) fn values(&self) -> Value {
        let Choices { name, author, auth, wire, pagination, capabilities, omitted, base_url, sdk, .. } =
            self.choices;
        let modules: Vec<&str> = ["read", "write"].into_iter().filter(|name| self.has_module(name)).collect();
        let client: &[&str] = if self.has_client() { &["client"] } else { &[] };
        let about_auth = context! {
            auth => auth.as_str(),
            credentials => credentials(*auth),
            auth_json => auth_json(*auth, *wire),
            openapi => *wire == Wire::OpenApi,
            by => expected_by(*auth),
            accepted => accepted(*auth),
            authorization => authorization(*auth),
        };
        let (query, last) = first_page(*pagination);
        let about_listings = context! {
            pagination => pagination.as_str(),
            links => *pagination == Pagination::Link && self.has_listings(),
            query, last,
            // In openapi, a listing is a list, not an object.
            list_end => if *wire == Wire::OpenApi { "" } else { " }" },
            listings => self.has_listings(),
            lists => self.has("list_accounts"),
            lists_groups => self.has("list_resources"),
        };
        let about_files = context! {
            decodes => self.decodes(),
            kinds => self.has_kinds(),
            entitlement_type =>
                self.has_any(&["list_entitlements", "assign_entitlement", "unassign_entitlement"]),
            checks_entitlement_type => self.has_any(&["assign_entitlement", "unassign_entitlement"]),
            status => self.has_status(),
            user => self.has_user(),
            read => self.has_module("read"),
            write => self.has_module("write"),
            write_tests => self.write_tests(),
            tests_writes => !self.write_tests().is_empty(),
            has_caller => self.has_caller(),
            starts_upstream => self.starts_upstream(),
            client => self.has_client(),
            calls => self.calls(),
            exchanges => self.exchanges(),
            authorizes => self.has("get_authorization_url"),
            flow => self.has_oauth_flow(),
            whole_flow => self.has_whole_oauth_flow(),
        };
        let about_crate = context! {
            name,
            author,
            base_url,
            crate => name.replace('-', "_"),
            title => title(name),
            rust_version => env!("CARGO_PKG_RUST_VERSION"),
            sdk => dependency(sdk),
            sdk_path => matches!(sdk, Sdk::Path(_)),
            sdk_root => sdk.root().map(|(root, _)| root),
            sdk_parts => sdk.root().map(|(_, parts)| parts.to_vec()).unwrap_or_default(),
            dependencies => self.dependencies(),
            dev_dependencies => [AXUM],
            dev_tokio => TOKIO,
            // A placeholder that is filled in when cases run.
            upstream => "{{upstream}}",
        };
        let about_capabilities = context! {
            capabilities => capabilities.iter().map(describe).collect::<Vec<_>>(),
            omitted => omitted.iter().map(describe_omitted).collect::<Vec<_>>(),
            markers => capabilities.iter().filter_map(Capability::standard).map(|one| one.marker).collect::<Vec<_>>(),
            crate_uses => [&["Settings"], client, modules.as_slice()].concat(),
            try => self.example(),
        };
        context! {
            ..about_auth, ..about_listings, ..about_files, ..about_crate, ..about_capabilities,
            ..contract::values(self), ..place::values(self)
        }
    }

    fn dependencies(&self) -> Vec<&'static str> {
        let mut lines = DEPENDENCIES.to_vec();
        if self.has_oauth_flow() {
            lines.push(FORM);
        }
        lines.sort_unstable();
        lines
    }

    /// A call for the README.
    fn example(&self) -> Value {
        let Some(capability) = self.choices.capabilities.first() else { return Value::UNDEFINED };
        let request = capability.example(self.choices.wire);
        let page = if capability.is_listing() { r#","page":{"size":2}"# } else { "" };
        let auth = auth_json(self.choices.auth, self.choices.wire)
            .replace(": ", ":")
            .replace(", ", ",")
            .replace("{ ", "{")
            .replace(" }", "}");
        let settings = r#"{"base_url":"http://127.0.0.1:8181"}"#;
        let envelope = format!(r#"{{"auth":{auth},"settings":{settings},"request":{request}{page}}}"#);
        context! { capability => capability.name.replace('_', "-"), envelope }
    }
}

fn describe(capability: &Capability) -> Value {
    let standard = capability.standard();
    context! {
        name => capability.name,
        marker => standard.as_ref().map(|standard| standard.marker),
        module => module(capability),
        summary => standard.as_ref().map(|standard| standard.summary),
        effect => standard.as_ref().map(|standard| standard.effect.to_string()),
    }
}

fn describe_omitted(omitted: &Omitted) -> Value {
    let names: Vec<String> = omitted.names.iter().map(|name| format!("`{name}`")).collect();
    context! { names => names.join(", "), why => omitted.why.as_str() }
}

fn dependency(sdk: &Sdk) -> String {
    match sdk {
        // A JSON string is a TOML string too.
        Sdk::Path(path) => format!("path = {}", serde_json::Value::from(path.as_str())),
        Sdk::Published => format!("version = \"{}\"", sdk::VERSION),
    }
}

/// `acme-hr` as a title: `Acme Hr`.
fn title(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    name.split(['-', '_']).map(word).collect::<Vec<_>>().join(" ")
}

const fn credentials(auth: Credentials) -> Option<&'static str> {
    match auth {
        Credentials::Basic => Some("BasicCredentials"),
        Credentials::Token => Some("TokenCredentials"),
        Credentials::OAuth => Some("OAuthCredentials"),
        Credentials::None => None,
    }
}

/// The credentials that the mock upstream accepts, as they are in a request.
const fn auth_json(auth: Credentials, wire: Wire) -> &'static str {
    match (auth, wire) {
        (Credentials::Basic, Wire::OpenApi) => {
            r#"{ "basic": { "username": "ada", "password": "pa55word" } }"#
        }
        (Credentials::Basic, _) => r#"{ "model": "basic", "username": "ada", "password": "pa55word" }"#,
        (Credentials::Token, _) => r#"{ "token": { "token": "t0ken" } }"#,
        (Credentials::OAuth, Wire::OpenApi) => r#"{ "oauth": { "access_token": "t0ken" } }"#,
        (Credentials::OAuth, _) => r#"{ "model": "oauth", "access_token": "t0ken" }"#,
        (Credentials::None, _) => "{}",
    }
}

const fn accepted(auth: Credentials) -> &'static str {
    match auth {
        Credentials::Basic => "the user `ada` with the password `pa55word`",
        Credentials::Token | Credentials::OAuth => "the token `t0ken`",
        Credentials::None => "",
    }
}

const fn authorization(auth: Credentials) -> &'static str {
    match auth {
        Credentials::Basic => "Basic YWRhOnBhNTV3b3Jk",
        Credentials::Token | Credentials::OAuth => "Bearer t0ken",
        Credentials::None => "",
    }
}

/// The credentials that a case expects in a call.
const fn expected_by(auth: Credentials) -> &'static str {
    match auth {
        Credentials::Basic => r#""basic_auth": ["ada", "pa55word"], "#,
        Credentials::Token | Credentials::OAuth => r#""bearer": "t0ken", "#,
        Credentials::None => "",
    }
}

/// The query of the first page of a listing, and the fields next to the items if it is the only one.
const fn first_page(pagination: Pagination) -> (&'static str, &'static str) {
    match pagination {
        Pagination::Page => ("?page=1&per_page=100", r#", "pages": 1"#),
        Pagination::Offset => ("?offset=0&limit=100", r#", "total": 1"#),
        Pagination::Cursor => ("?limit=100", r#", "next_cursor": null"#),
        Pagination::Link => ("?limit=100", ""),
        Pagination::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_have_the_versions_of_the_workspace() {
        let workspace: toml::Table = toml::from_str(include_str!("../../../../../Cargo.toml")).unwrap();
        let ours = &workspace["workspace"]["dependencies"];
        for line in DEPENDENCIES.iter().chain([&FORM, &AXUM, &TOKIO]) {
            let table: toml::Table = toml::from_str(line).unwrap();
            let (name, generated) = table.iter().next().unwrap();
            let version = |value: &toml::Value| value.get("version").unwrap_or(value).clone();
            assert_eq!(version(generated), version(&ours[name]), "{name}");
        }
    }

    #[test]
    fn names_become_titles() {
        assert_eq!(title("acme-hr_2"), "Acme Hr 2");
    }
}
