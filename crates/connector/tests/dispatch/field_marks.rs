//! Marks on the fields of settings and arguments, as `info` and the OpenAPI document show them.

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, ListAccounts, ListAccountsRequest, WithArgs,
};
use connector::model::OAuthCredentials;
use connector::schema::{Field, Semantic};
use connector::schemars::JsonSchema;
use connector::{BuildError, Integration, NoAuth, NoSettings, Response, Secret, Wire};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::ask;

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Settings {
    #[schemars(title = "Tenant", transform = Field::new().group("Connection").semantic(Semantic::TenantId))]
    tenant_host: String,
    #[schemars(transform = Field::new().group("Connection").multiline())]
    certificate: Option<String>,
    mode: Option<Mode>,
    #[schemars(transform = Field::new().shown_if("mode", "role").primary(false))]
    role: Option<String>,
    #[schemars(transform = Field::new().multiline())]
    private_key: Secret,
    #[serde(default)]
    #[schemars(transform = Field::new().hidden())]
    session: Option<Secret>,
    #[serde(default)]
    #[schemars(transform = Field::new().hidden())]
    source: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Role,
    Key,
}

#[derive(Deserialize, JsonSchema)]
struct Office {
    #[schemars(transform = Field::new().unique())]
    office: String,
}

type CreateInOffice = WithArgs<CreateAccountRequest, Office>;

async fn create(
    request: connector::Request<CreateInOffice, Settings>,
) -> connector::Result<Response<CreateAccountResponse>> {
    let created = !request.request.args.office.is_empty();
    Ok(CreateAccountResponse::new(connector::model::AccountStatus::Active, created).into())
}

fn integration(wire: Wire) -> Integration {
    Integration::builder("app").wire(wire).settings::<Settings>().register(CreateAccount, create).build()
}

fn property(schema: &Value, name: &str) -> Value {
    schema["properties"][name].clone()
}

#[test]
fn openapi_has_marks_titles_and_the_order_of_fields() {
    let info = ask(&integration(Wire::OpenApi), "info", "");
    let schema = &info["response"]["request_settings_schema"];
    let order = json!(["tenant_host", "certificate", "mode", "role", "private_key", "session", "source"]);
    assert_eq!(schema["field_order"], order);
    let text = json!(["string", "null"]);
    for (name, expected) in [
        (
            "tenant_host",
            json!({
                "type": "string", "title": "Tenant", "x-field_group": "Connection", "x-semantic": "tenant-id"
            }),
        ),
        (
            "certificate",
            json!({
                "type": text, "title": "Certificate", "x-field_group": "Connection",
                "x-multiline": true, "x-field_type": "MULTI_LINES"
            }),
        ),
        ("mode", json!({ "anyOf": [{ "$ref": "#/$defs/Mode" }, { "type": "null" }] })),
        (
            "role",
            json!({
                "type": text, "title": "Role", "x-primary": false, "x-discriminator":
                    { "field": "mode", "expected_value": "role", "one_of_expected_values": null },
            }),
        ),
        (
            "private_key",
            json!({
                "type": "string", "title": "Private Key",
                "x-secret": true, "x-multiline": true, "x-field_type": "SECRET"
            }),
        ),
        (
            "session",
            json!({
                "type": text, "title": "Session",
                "x-secret": true, "x-hidden": true, "x-field_type": "HIDDEN"
            }),
        ),
        (
            "source",
            json!({
                "type": "string", "title": "Source", "default": "", "x-hidden": true, "x-field_type": "HIDDEN"
            }),
        ),
    ] {
        assert_eq!(property(schema, name), expected, "{name}");
    }
}

#[test]
fn classic_has_only_the_field_type() {
    let info = ask(&integration(Wire::Classic), "info", "");
    let schema = &info["request_settings_schema"];
    let (text, optional) = (json!("string"), json!(["string", "null"]));
    for (name, expected) in [
        ("tenant_host", json!({ "type": text, "title": "Tenant" })),
        ("certificate", json!({ "type": optional, "field_type": "MULTI_LINES" })),
        ("role", json!({ "type": optional })),
        ("private_key", json!({ "type": text, "field_type": "SECRET" })),
        ("source", json!({ "type": text, "default": "", "field_type": "HIDDEN" })),
    ] {
        assert_eq!(property(schema, name), expected, "{name}");
    }
    assert_eq!(schema.get("field_order"), None);
    assert!(!info.to_string().contains("\"x-"), "{info}");
}

#[test]
fn arguments_are_shown_with_the_standard_payload() {
    let info = ask(&integration(Wire::OpenApi), "info", "");
    let argument = &info["response"]["capability_schema"]["create_account"]["argument"];
    assert_eq!(argument["required"], json!(["office"]));
    let office = json!({ "type": "string", "title": "Office", "x-unique": true });
    assert_eq!(property(argument, "office"), office);
    assert_eq!(property(argument, "given_name")["title"], "Given Name");
    assert_eq!(argument["$defs"]["CreateAccountEntitlement"]["type"], "object");
    assert_eq!(argument["$defs"].as_object().map(|known| known.len()), Some(1));
}

#[test]
fn the_document_has_the_marks_of_the_wire_format() {
    for (wire, kind, other) in
        [(Wire::OpenApi, "x-field_type", "field_type"), (Wire::Classic, "field_type", "x-field_type")]
    {
        let document = integration(wire).openapi_document();
        let settings = &document["components"]["schemas"]["Settings"]["properties"];
        assert_eq!(settings["certificate"][kind], "MULTI_LINES", "{settings}");
        assert_eq!(settings["certificate"].get(other), None, "{settings}");
        assert_eq!(settings["tenant_host"]["x-field_group"], "Connection");
        assert_eq!(settings["session"]["x-secret"], true);
    }
}

#[test]
fn the_example_of_a_marked_secret_is_a_placeholder() {
    for wire in [Wire::OpenApi, Wire::Classic] {
        let document = integration(wire).openapi_document();
        let example = &document["paths"]["/create_account"]["post"]["requestBody"]["content"]["application/json"]
            ["example"];
        assert_eq!(example["settings"]["private_key"], "<private_key>", "{wire}");
    }
}

#[test]
fn tokens_of_a_flow_are_hidden_in_openapi_only() {
    let builder = || Integration::builder("app").auth::<OAuthCredentials>();
    let openapi = ask(&builder().wire(Wire::OpenApi).build(), "info", "");
    let schema = &openapi["response"]["authentication_schema"];
    let token = property(schema, "access_token");
    assert_eq!((&token["x-field_type"], &token["x-secret"]), (&json!("HIDDEN"), &json!(true)));
    assert_eq!(token.get("x-hidden"), None);
    assert_eq!(schema["field_order"][0], "access_token");
    let classic = ask(&builder().build(), "info", "");
    let token = property(&classic["authentication_schema"], "access_token");
    assert_eq!((&token["field_type"], token.get("x-field_type")), (&json!("SECRET"), None));
}

#[test]
fn a_condition_on_an_unknown_setting_is_a_mistake() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Inner {
        #[schemars(transform = Field::new().shown_if_any("kind", ["a", "b"]))]
        path: String,
    }
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Outer {
        kind: String,
        inner: Inner,
    }
    let rejected = Integration::builder("app").settings::<Outer>().try_build().unwrap_err();
    let expected = BuildError::UnknownCondition { field: "path".to_owned(), other: "kind".to_owned() };
    assert_eq!(rejected, expected);
    let text = "the setting `path` is shown if `kind` has a value, but there is no setting `kind`";
    assert_eq!(rejected.to_string(), text);
}

#[test]
fn payloads_are_described_at_the_top() {
    async fn list(
        _: connector::Request<ListAccountsRequest, NoSettings, NoAuth>,
    ) -> connector::Result<Response<connector::capability::ListAccountsResponse>> {
        Ok(connector::capability::ListAccountsResponse::default().into())
    }
    let integration = Integration::builder("app").wire(Wire::OpenApi).register(ListAccounts, list).build();
    let info = ask(&integration, "info", "");
    let schemas = &info["response"]["capability_schema"]["list_accounts"];
    assert!(schemas["argument"]["properties"]["custom_attributes"].is_object(), "{schemas}");
    assert_eq!(schemas["output"]["type"], "array");
    assert_eq!(schemas["output"]["items"]["$ref"], "#/$defs/FoundAccountData");
    assert!(schemas["output"]["$defs"]["FoundAccountData"].is_object(), "{schemas}");
}
