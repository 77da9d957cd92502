//! Generates the test of a handler.

use std::path::PathBuf;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::{Auth, Integration, NoSettings, Request, Wire, model, standard_openapi_document};
use serde_json::{Value, json};
use syn::Type;

use super::about::About;
use super::capability::Capability;
use super::files::Package;
use crate::stop::Stop;

/// The test that the handler is registered.
pub(super) enum Test {
    /// A file of cases, as for the connector's other capabilities.
    Case { path: PathBuf, text: String },
    /// A unit test next to the handler: the path of the function that returns the integration, and the request.
    Unit { function: String, request: String },
}

impl Test {
    /// Chooses the test for the connector.
    ///
    /// # Errors
    /// If there is neither a folder of cases nor a function that returns the integration.
    pub(super) fn choose(package: &Package, about: &About, capability: &Capability) -> Result<Self, Stop> {
        let folder = package.folder.join("tests/cases");
        if folder.is_dir() {
            let path = folder.join(format!("{}.json", capability.name));
            return Ok(Self::Case { path, text: case(capability, about.wire) });
        }
        let function = about.function.clone().ok_or_else(|| {
            Stop::failed(
                "a test cannot call the integration: the connector has no tests/cases, and no function without arguments \
                 that returns the integration, such as `integration()`",
            )
        })?;
        let mut example = example(&capability.name, &standard_openapi_document(about.wire));
        let mut envelope = json!({ "request": example["request"] });
        if let Some(auth) = &about.auth {
            envelope["auth"] = credentials(auth, about.wire).unwrap_or_else(|| example["auth"].take());
        }
        if about.settings.is_some() {
            envelope["settings"] = json!({});
        }
        Ok(Self::Unit { function, request: format!("{envelope:#}") })
    }

    /// A unit test as a module with this name; empty for a case.
    pub(super) fn unit_test(&self, module: &str, capability: &Capability) -> String {
        match self {
            Self::Case { .. } => String::new(),
            Self::Unit { function, request } => unit_test(module, capability, function, request),
        }
    }
}

/// A file of cases with one case, which expects that the handler isn't written yet.
fn case(capability: &Capability, wire: Wire) -> String {
    let name = &capability.name;
    let case = json!({
        "name": "not implemented yet",
        "request": example(name, &standard_openapi_document(wire))["request"],
        "expect": { "error": { "code": "not_implemented", "message": message(capability) } },
    });
    format!("{:#}\n", json!({ "capability": name, "cases": [case] }))
}

fn unit_test(module: &str, capability: &Capability, function: &str, request: &str) -> String {
    let (name, message) = (&capability.name, message(capability));
    format!(
        "\n#[cfg(test)]\nmod {module} {{\n    \
         /// A request for this capability. Fill in the settings if they are required.\n    \
         const REQUEST: &str = r#\"{request}\"#;\n\n    \
         #[test]\n    fn it_is_not_implemented_yet() {{\n        \
         let response = {function}().dispatch_blocking(\"{name}\", REQUEST.as_bytes());\n        \
         let response = String::from_utf8_lossy(&response);\n        \
         assert!(response.contains(\".not_implemented\"), \"{{response}}\");\n        \
         assert!(response.contains(\"{message}\"), \"{{response}}\");\n    }}\n}}\n"
    )
}

/// The message of a handler until it is written.
pub(super) fn message(capability: &Capability) -> String {
    format!("{} is not implemented yet", capability.name)
}

/// The example of a request in an OpenAPI document.
fn example(name: &str, document: &Value) -> Value {
    let path = format!("/{name}");
    document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"].clone()
}

/// An example of the SDK's credentials that `auth` names; `None` if it names another type, or one that the wire format
/// doesn't have.
fn credentials(auth: &Type, wire: Wire) -> Option<Value> {
    let Type::Path(path) = auth else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    macro_rules! example_of {
        ($($credentials:ident),*) => {
            match name.as_str() {
                $(stringify!($credentials) => example_auth::<model::$credentials>(wire),)*
                _ => None,
            }
        };
    }
    example_of!(
        BasicCredentials,
        OAuthCredentials,
        TokenCredentials,
        OAuthClientCredentials,
        OAuth1Credentials,
        JwtCredentials,
        ServiceAccountCredentials,
        KeyPairCredentials,
        EmptyCredentials
    )
}

/// The credentials in the example requests of a connector that takes these.
fn example_auth<A: Auth>(wire: Wire) -> Option<Value> {
    let list = |_: Request<ListAccountsRequest, NoSettings, A>| Ok(ListAccountsResponse::new([]).into());
    let builder = Integration::builder("example").wire(wire).auth::<A>();
    let integration = builder.register_blocking(ListAccounts, list).try_build().ok()?;
    Some(example("list_accounts", &integration.openapi_document())["auth"].take())
}

#[cfg(test)]
mod tests {
    use connector::model::{AnyCredentials, CredentialKind};

    use super::*;

    #[test]
    fn every_capability_has_an_example_in_its_formats() {
        for wire in Wire::ALL {
            let document = standard_openapi_document(*wire);
            let standard = connector::standard_capabilities();
            for capability in standard.iter().filter(|one| one.wires.contains(wire)) {
                let example = example(capability.name, &document);
                assert!(example["request"].is_object(), "{} {wire}", capability.name);
            }
        }
    }

    #[test]
    fn every_kind_of_credentials_has_an_example_that_is_accepted() {
        let list = |_: Request<ListAccountsRequest, NoSettings, AnyCredentials>| {
            Ok(ListAccountsResponse::new([]).into())
        };
        for (wire, kinds) in [(Wire::Classic, 2), (Wire::OpenApi, CredentialKind::ALL.len())] {
            let builder = Integration::builder("any").wire(wire).auth::<AnyCredentials>();
            let integration = builder.register_blocking(ListAccounts, list).build();
            let names =
                CredentialKind::ALL.iter().map(|kind| format!("connector::model::{kind:?}Credentials"));
            let found = names.filter_map(|name| credentials(&syn::parse_str(&name).unwrap(), wire));
            let found: Vec<Value> = found.collect();
            assert_eq!(found.len(), kinds, "{wire}: {found:?}");
            for auth in found {
                let request = json!({ "auth": auth, "request": {} }).to_string();
                let response = integration.dispatch_blocking("list_accounts", request.as_bytes());
                let response: Value = serde_json::from_slice(&response).unwrap();
                assert!(response["error"].is_null(), "{auth}: {response}");
            }
        }
    }
}
