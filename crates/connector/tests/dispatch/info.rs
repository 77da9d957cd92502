//! `info`.

use connector::capability::{ConnectedInfoResponse, ListAccounts, ListAccountsRequest};
use connector::error::ErrorCodes;
use connector::model::AppCategory;
use connector::schemars::JsonSchema;
use connector::{Integration, Secret, Wire};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{CLASSIC, ask, integration};

fn classic() -> Value {
    ask(&integration(Wire::Classic), "info", "")
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::draft202012::new(schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(instance).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{instance}: {errors:?}");
}

#[test]
fn names_match_the_wire_format_and_are_sorted() {
    assert_eq!(
        classic()["capabilities"],
        json!(["create_account", "find-entitlement-associations", "list-accounts"])
    );
    let openapi = ask(&integration(Wire::OpenApi), "info", "");
    assert_eq!(
        openapi["response"]["capabilities"],
        json!(["app_info", "create_account", "find_entitlement_associations", "list_accounts"])
    );
}

#[test]
fn openapi_has_one_schema_for_info_and_connected_info() {
    let info = ask(&integration(Wire::OpenApi), "info", "");
    let read: ConnectedInfoResponse = serde_json::from_value(info["response"].clone()).unwrap();
    let written = serde_json::to_value(read).unwrap();
    for (field, value) in
        info["response"].as_object().unwrap().iter().filter(|(field, _)| *field != "error_codes")
    {
        assert_eq!(written[field], *value, "{field}");
    }
}

#[test]
fn schemas_are_valid_and_match_requests_and_responses() {
    let info = classic();
    for (name, schemas) in info["capability_schema"].as_object().unwrap() {
        assert_eq!(schemas["argument"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(jsonschema::draft202012::meta::is_valid(&schemas["argument"]), "{name}");
        assert!(jsonschema::draft202012::meta::is_valid(&schemas["output"]), "{name}");
    }
    let schemas = &info["capability_schema"]["list-accounts"];
    assert_valid(&schemas["argument"], &serde_json::from_str(CLASSIC).unwrap());
    assert_valid(&schemas["output"], &ask(&integration(Wire::Classic), "list-accounts", CLASSIC));
    assert_valid(&schemas["output"], &ask(&integration(Wire::Classic), "list-accounts", "{}"));
    for invalid in [
        r#"{"request":{}}"#,
        r#"{"request":{},"auth":{"username":"u","password":"p"}}"#,
        r#"{"request":{},"auth":{"model":"basic","username":"u","password":"p"},"page":{"size":0}}"#,
    ] {
        let invalid: Value = serde_json::from_str(invalid).unwrap();
        assert!(!jsonschema::draft202012::is_valid(&schemas["argument"], &invalid), "{invalid}");
    }
}

#[test]
fn secrets_are_marked_as_in_the_wire_format() {
    let password = &classic()["authentication_schema"]["properties"]["password"];
    assert_eq!(password["field_type"], "SECRET");
    let openapi = ask(&integration(Wire::OpenApi), "info", "");
    let password = &openapi["response"]["authentication_schema"]["properties"]["password"];
    assert_eq!((&password["x-field_type"], &password["x-secret"]), (&json!("SECRET"), &json!(true)));
}

#[test]
fn marking_secrets_changes_only_schemas() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Settings {
        field_type: Secret,
        #[schemars(extend("default" = { "field_type": "SECRET" }, "examples" = [{ "field_type": "b" }]))]
        shape: Value,
        nested: Option<Vec<Nested>>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Nested {
        token: Secret,
    }
    let integration = Integration::builder("app").settings::<Settings>().wire(Wire::OpenApi).build();
    let schema = ask(&integration, "info", "")["response"]["request_settings_schema"].clone();
    let properties = &schema["properties"];
    let secret =
        |title: &str| json!({ "type": "string", "title": title, "x-secret": true, "x-field_type": "SECRET" });
    assert_eq!(properties["field_type"], secret("Field Type"));
    assert_eq!(schema["required"], json!(["field_type", "shape"]));
    assert_eq!(properties["shape"]["default"], json!({ "field_type": "SECRET" }));
    assert_eq!(properties["shape"]["examples"], json!([{ "field_type": "b" }]));
    assert_eq!(schema["$defs"]["Nested"]["properties"]["token"], secret("Token"));
}

#[test]
fn account_states_match_the_wire_format() {
    let states =
        classic()["capability_schema"]["list-accounts"]["output"]["$defs"]["AccountStatus"]["enum"].clone();
    assert_eq!(states, json!(["ACTIVE", "SUSPENDED", "DEPROVISIONED", "PENDING"]));
}

#[test]
fn info_includes_settings_description_and_codes() {
    #[derive(Deserialize, JsonSchema)]
    struct Settings {
        #[expect(dead_code, reason = "only described")]
        token: Option<Secret>,
    }
    struct Codes;
    impl ErrorCodes for Codes {
        const DOCUMENTED: &'static [(&'static str, &'static str)] = &[("badge_lost", "The badge is lost")];
        fn code(&self) -> std::borrow::Cow<'static, str> {
            "badge_lost".into()
        }
    }
    let integration = Integration::builder("app")
        .settings::<Settings>()
        .register(ListAccounts, |_: connector::Request<ListAccountsRequest, Settings>| async {
            Ok(connector::capability::ListAccountsResponse::default().into())
        })
        .describe("list_accounts", "People", "Lists people")
        .error_codes::<Codes>()
        .user_friendly_name("App")
        .categories([AppCategory::ItAndSecurity])
        .build();
    let info = ask(&integration, "info", r#"{"a": 1}"#);
    assert_eq!(info["request_settings_schema"]["properties"]["token"]["field_type"], "SECRET");
    assert_eq!(info["capability_schema"]["list-accounts"]["display_name"], "People");
    assert_eq!(info["error_codes"], json!([{"code": "app.badge_lost", "description": "The badge is lost"}]));
    assert_eq!(info["authentication_schema"], Value::Null);
    assert_eq!(
        (&info["user_friendly_name"], &info["categories"]),
        (&json!("App"), &json!(["IT_AND_SECURITY"]))
    );
}

#[test]
fn info_accepts_an_object_or_nothing() {
    let integration = integration(Wire::Classic);
    assert_eq!(ask(&integration, "info", r#"{"a": 1}"#), classic());
    assert_eq!(ask(&integration, "info", "[1]")["error"]["error_code"], "app.bad_request");
}

#[test]
fn early_access_is_a_category_in_openapi_only() {
    for (wire, expected) in
        [(Wire::Classic, json!(["INTERNAL"])), (Wire::OpenApi, json!(["INTERNAL", "EARLY_ACCESS"]))]
    {
        let integration = Integration::builder("app")
            .wire(wire)
            .categories([AppCategory::Internal, AppCategory::EarlyAccess])
            .build();
        let info = ask(&integration, "info", "{}");
        let categories =
            if wire == Wire::Classic { &info["categories"] } else { &info["response"]["categories"] };
        assert_eq!(*categories, expected);
    }
}
