//! `app_info`, which the SDK provides.

use connector::capability::{
    ActivateAccount, ActivateAccountRequest, ActivateAccountResponse, AppInfo, AppInfoRequest,
    AppInfoResponse, CreateAccount, CreateAccountResponse, CustomCapability, Effect, WithArgs,
};
use connector::model::{AnyCredentials, AppCategory, BasicCredentials};
use connector::schemars::JsonSchema;
use connector::{Integration, NoAuth, NoSettings, Response, Secret, Wire};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{ask, builder, integration};

const REQUEST: &str = r#"{"request":{}}"#;

/// Calls `app_info` and returns the document.
fn document(integration: &Integration) -> Value {
    let response = ask(integration, "app_info", REQUEST);
    assert_eq!(response["response"]["app_id"], integration.app_id(), "{response}");
    response["response"]["app_schema"].clone()
}

/// The schema of a request.
fn request<'a>(document: &'a Value, capability: &str) -> &'a Value {
    let operation = &document["paths"][format!("/{capability}")]["post"];
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

/// The schema of a response's payload.
fn response<'a>(document: &'a Value, capability: &str) -> &'a Value {
    let operation = &document["paths"][format!("/{capability}")]["post"];
    &operation["responses"]["200"]["content"]["application/json"]["schema"]
}

/// Calls `check` on every object in a document, with its location.
fn each_object(value: &Value, place: &str, check: &mut impl FnMut(&str, &serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            check(place, fields);
            fields.iter().for_each(|(key, field)| each_object(field, &format!("{place}/{key}"), check));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| {
                each_object(item, &format!("{place}/{index}"), check);
            });
        }
        _ => {}
    }
}

#[test]
fn every_integration_has_it_in_openapi_only() {
    let names = |wire| -> Vec<String> {
        integration(wire).capabilities().map(|capability| capability.name.to_owned()).collect()
    };
    assert!(names(Wire::OpenApi).contains(&"app_info".to_owned()));
    assert!(!names(Wire::Classic).contains(&"app_info".to_owned()));
    let error = ask(&integration(Wire::Classic), "app_info", REQUEST);
    assert_eq!(error["error"]["error_code"], "app.not_implemented", "{error}");
}

#[test]
fn it_describes_the_connector() {
    let integration = builder()
        .wire(Wire::OpenApi)
        .version("1.2.3")
        .user_friendly_name("App")
        .description("An app")
        .logo_url("https://app.example.com/logo.svg")
        .categories([AppCategory::Collaboration])
        .build();
    let document = document(&integration);
    assert_eq!(document["openapi"], "3.0.0");
    let expected = json!({
        "title": "App",
        "description": "An app",
        "version": "1.2.3",
        "x-app-id": "app",
        "x-app-logo-url": "https://app.example.com/logo.svg",
        "x-app-vendor-domain": "",
        "x-entitlement-types": [],
        "x-access-graph-entitlement-types": [],
        "x-access-graph-entitlement-rules": [],
        "x-implied-access-rules": [],
        "x-resource-types": [],
        "x-categories": { "type": "enum", "enum": ["COLLABORATION"] },
        "x-oauth-settings": {},
        "x-capabilities": ["app_info"],
        "x-multi-credential": false,
        "x-probe-checks": null,
        "x-allowed-credentials": [],
    });
    assert_eq!(document["info"], expected);
}

#[test]
fn it_has_the_capabilities_of_info() {
    let integration = integration(Wire::OpenApi);
    let (document, info) = (document(&integration), ask(&integration, "info", ""));
    let names = info["response"]["capabilities"].clone();
    assert_eq!(document["info"]["x-capabilities"], names);
    let operations: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path["post"]["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(json!(operations), names);
}

#[test]
fn payloads_are_in_place_with_their_marks() {
    let document = document(&integration(Wire::OpenApi));
    let list = &request(&document, "list_accounts")["properties"]["request"];
    assert_eq!(list["x-capability-level"], "read");
    assert_eq!(list["properties"]["custom_attributes"]["nullable"], true);
    assert_eq!(response(&document, "list_accounts")["type"], "array");
    let account = &document["components"]["schemas"]["FoundAccountData"];
    assert_eq!(account["x-unique-hash"], json!(["integration_specific_id"]));
    assert_eq!(account["properties"]["integration_specific_id"]["x-semantic"], "account-id");
    let create = &request(&document, "create_account")["properties"]["request"];
    assert_eq!(create["x-capability-level"], "write");
    let tags = ["Read Capabilities", "Write Capabilities", "Specification"];
    let found: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    assert_eq!(found, tags);
    assert_eq!(document["paths"]["/app_info"]["post"]["tags"], json!(["Specification"]));
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Settings {
    /// The host.
    host: String,
    key: Option<Secret<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Badge {
    badge: u8,
}

async fn create(
    _: connector::Request<WithArgs<connector::capability::CreateAccountRequest, Badge>, Settings>,
) -> connector::Result<Response<CreateAccountResponse>> {
    unreachable!("only described")
}

fn with_settings() -> Integration {
    Integration::builder("app")
        .wire(Wire::OpenApi)
        .settings::<Settings>()
        .register(CreateAccount, create)
        .build()
}

#[test]
fn settings_are_a_component_in_the_order_of_their_fields() {
    let document = document(&with_settings());
    let settings = &document["components"]["schemas"]["Settings"];
    assert_eq!(settings["x-field_order"], json!(["host", "key"]));
    assert_eq!(settings["required"], json!(["host"]));
    assert_eq!(settings["properties"]["key"]["x-secret"], true);
    let create = request(&document, "create_account");
    assert_eq!(create["properties"]["settings"], json!({ "$ref": "#/components/schemas/Settings" }));
    assert_eq!(create["required"], json!(["request", "settings"]));
}

#[test]
fn arguments_are_fields_of_the_payload() {
    let document = document(&with_settings());
    let payload = &request(&document, "create_account")["properties"]["request"];
    assert_eq!(payload["type"], "object");
    assert_eq!(payload["properties"]["badge"]["maximum"], 255);
    assert!(payload["properties"]["email"].is_object(), "{payload}");
    assert_eq!(payload["required"], json!(["badge"]));
    assert_eq!(payload["x-capability-level"], "write");
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Site {
    site: Option<String>,
    /// Also a field of the standard payload.
    account_id: String,
}

async fn activate(
    _: connector::Request<WithArgs<ActivateAccountRequest, Site>>,
) -> connector::Result<Response<ActivateAccountResponse>> {
    unreachable!("only described")
}

#[test]
fn each_field_is_required_at_most_once() {
    let builder = Integration::builder("app").wire(Wire::OpenApi);
    let document = document(&builder.register(ActivateAccount, activate).build());
    let payload = &request(&document, "activate_account")["properties"]["request"];
    assert_eq!(payload["required"], json!(["account_id"]));
    assert_eq!(payload["properties"]["site"]["nullable"], true);
}

#[test]
fn it_needs_neither_settings_nor_credentials() {
    let integration = with_settings();
    let document = document(&integration);
    assert_eq!(request(&document, "app_info")["required"], json!(["request"]));
    for accepted in [
        r#"{"request":{},"settings":{},"auth":null,"credentials":null}"#,
        r#"{"request":{"unknown":1},"settings":{"host":7},"auth":{"basic":{"username":"u","password":"p"}}}"#,
    ] {
        assert_eq!(ask(&integration, "app_info", accepted)["response"]["app_schema"], document, "{accepted}");
    }
    for (rejected, message) in [
        ("{}", "request is required"),
        (r#"{"request":[]}"#, "request: expected an object, found an array"),
        (r#"{"request":{},"settings":5}"#, "settings: expected an object, found a number"),
    ] {
        let error = ask(&integration, "app_info", rejected);
        assert_eq!(error["error"]["error_code"], "bad_request", "{error}");
        assert_eq!(error["error"]["message"], message);
    }
}

#[test]
fn a_single_kind_of_credentials_is_in_auth() {
    let document = document(&integration(Wire::OpenApi));
    let auth = &document["components"]["schemas"]["Auth"];
    assert_eq!(auth["required"], json!(["basic"]));
    let basic = &auth["properties"]["basic"];
    assert_eq!(basic["x-credential-type"], "basic");
    assert_eq!(basic["x-field_order"], json!(["username", "password"]));
    let password = &basic["properties"]["password"];
    assert_eq!((&password["x-secret"], &password["x-field_type"]), (&json!(true), &json!("SECRET")));
    let list = request(&document, "list_accounts");
    assert_eq!(list["properties"]["auth"], json!({ "$ref": "#/components/schemas/Auth" }));
    assert_eq!(list["required"], json!(["request", "auth"]));
    assert_eq!(
        document["components"]["securitySchemes"],
        json!({ "app": { "type": "http", "scheme": "basic" } })
    );
    assert_eq!(document["paths"]["/list_accounts"]["post"]["security"], json!([{ "app": [] }]));
}

#[test]
fn several_kinds_of_credentials_have_ids() {
    let document =
        document(&Integration::builder("app").wire(Wire::OpenApi).auth::<AnyCredentials>().build());
    let info = &document["info"];
    assert_eq!(info["x-multi-credential"], true);
    let allowed = info["x-allowed-credentials"].as_array().unwrap();
    assert!(allowed.contains(&json!(["token"])), "{info}");
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let entries = document["components"]["schemas"]["Credentials"]["items"]["allOf"].as_array().unwrap();
    assert_eq!((allowed.len(), schemes.len(), entries.len()), (9, 9, 9));
    for entry in entries {
        let id = entry["properties"]["id"]["enum"][0].as_str().unwrap();
        assert_eq!(entry["required"], json!(["id", id]));
        assert_eq!(entry["properties"][id]["x-credential-type"], id);
        assert!(allowed.contains(&json!([id])) && schemes.contains_key(id), "{id}");
    }
    assert!(document["components"]["schemas"]["Auth"].is_null());
}

#[test]
fn without_credentials_there_are_no_schemas_for_them() {
    let document = document(&with_settings());
    assert_eq!(document["components"]["securitySchemes"], json!({}));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(!schemas.contains_key("Auth") && !schemas.contains_key("Credentials"));
    assert_eq!(document["paths"]["/create_account"]["post"]["security"], json!([]));
}

#[test]
fn it_can_be_omitted() {
    let integration = builder().wire(Wire::OpenApi).without(AppInfo).build();
    assert_eq!(integration.capabilities().count(), 0);
    assert_eq!(ask(&integration, "app_info", REQUEST)["error"]["error_code"], "unsupported_operation");
}

async fn own(
    _: connector::Request<AppInfoRequest, NoSettings, NoAuth>,
) -> connector::Result<Response<AppInfoResponse>> {
    Ok(AppInfoResponse::new("own", serde_json::Map::new()).into())
}

#[test]
fn a_handler_replaces_it_even_if_it_is_omitted() {
    for build in [builder(), builder().without(AppInfo)] {
        let integration = build.wire(Wire::OpenApi).register(AppInfo, own).build();
        assert_eq!(ask(&integration, "app_info", REQUEST)["response"]["app_id"], "own");
        assert_eq!(integration.capabilities().count(), 1);
    }
}

#[derive(Deserialize, JsonSchema)]
struct FindBadge {}

/// Has the name of a component of the document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Settings")]
struct Found {}

impl CustomCapability for FindBadge {
    type Request = Self;
    type Response = Found;
    const NAME: &'static str = "find_badge";
    const EFFECT: Effect = Effect::Read;
    const SUMMARY: &'static str = "Finds a badge";
}

async fn find_badge(
    _: connector::Request<FindBadge, NoSettings, BasicCredentials>,
) -> connector::Result<Response<Found>> {
    unreachable!("only described")
}

#[test]
fn custom_capabilities_are_classified_by_their_effect() {
    let integration = builder().wire(Wire::OpenApi).register_custom(FindBadge {}, find_badge).build();
    let document = document(&integration);
    assert_eq!(document["paths"]["/find_badge"]["post"]["tags"], json!(["Read Capabilities"]));
    assert_eq!(document["components"]["schemas"]["Settings"]["x-field_order"], json!([]));
}

#[test]
fn all_references_resolve() {
    for document in [document(&with_settings()), document(&integration(Wire::OpenApi))] {
        each_object(&document, "", &mut |place, fields| {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                assert!(
                    document.pointer(reference.trim_start_matches('#')).is_some(),
                    "{place}: {reference}"
                );
            }
        });
    }
}

/// Descriptions are shown as Markdown, in places that expect ASCII.
#[cfg(feature = "conformance")]
#[test]
fn standard_descriptions_are_ascii_without_code() {
    each_object(&connector::standard_app_info(), "", &mut |place, fields| {
        if let Some(Value::String(text)) = fields.get("description") {
            assert!(text.is_ascii(), "{place}: {text}");
            assert!(text.lines().all(|line| line.trim_start() == line), "{place}: {text}");
            assert!(!text.contains("```"), "{place}: {text}");
        }
    });
}

#[test]
fn secrets_of_a_request_are_not_in_the_response() {
    let integration = with_settings();
    let request = r#"{"request":{},"settings":{"key":"canary-1"},"auth":{"basic":{"username":"u","password":"canary-2"}}}"#;
    let response = ask(&integration, "app_info", request);
    assert!(response["response"].is_object() && !response.to_string().contains("canary"), "{response}");
}

#[test]
fn page_sizes_are_checked_as_for_every_capability() {
    let response = ask(&integration(Wire::OpenApi), "app_info", r#"{"request":{},"page":{"size":0}}"#);
    assert_eq!(response["error"]["error_code"], "bad_request", "{response}");
}
