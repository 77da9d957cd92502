//! `validate_credential_config` for credentials that are declared by ID.

use std::sync::atomic::{AtomicUsize, Ordering};

use connector::capability::{
    Capability as _, ValidateCredentialConfig, ValidateCredentialConfigRequest,
    ValidateCredentialConfigResponse,
};
use connector::model::{BasicCredentials, EmptyCredentials, ServiceAccountCredentials, TokenCredentials};
use connector::{
    BuildError, ConnectorError, Credentials, ErrorCode, Integration, IntegrationBuilder, NoAuth, NoSettings,
    Response, Secret, Wire,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::ask;

#[derive(Credentials)]
#[expect(dead_code, reason = "only declared")]
struct Auth {
    api: TokenCredentials,
    service: Option<ServiceAccountCredentials>,
    #[credential(kind = "basic")]
    own: Option<Login>,
    host: Option<EmptyCredentials>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only declared")]
struct Login {
    tenant: Option<String>,
    pin: Option<Secret>,
}

#[derive(Deserialize, JsonSchema)]
struct Settings {
    prefix: Option<String>,
}

type Builder = IntegrationBuilder<NoSettings, Auth>;
type Request<P, S = NoSettings, State = ()> = connector::Request<P, S, NoAuth, State>;
type Answer = connector::Result<Response<ValidateCredentialConfigResponse>>;

fn builder() -> Builder {
    Integration::builder("app").wire(Wire::OpenApi).auth::<Auth>()
}

fn validate(integration: &Integration, credential: &Value) -> Value {
    let request = json!({ "request": { "credential": credential } });
    ask(integration, "validate_credential_config", &request.to_string())
}

/// The code and the message of an error.
fn error(response: &Value) -> (&str, &str) {
    assert_eq!(response["is_error"], true, "{response}");
    let text = |name: &str| response["error"][name].as_str().unwrap_or_default();
    (text("error_code"), text("message"))
}

fn service(key: &Value) -> Value {
    let account = json!({ "key": key, "impersonation_email": "a", "tenant_id": "b", "scopes": ["c "] });
    json!({ "id": "service", "service_account": account })
}

#[test]
fn sound_credentials_are_valid_without_a_check_by_the_author() {
    for credential in [
        json!({ "id": "api", "token": { "token": "t" } }),
        json!({ "id": "api", "token": { "token": "t", "note": " n" }, "basic": {} }),
        json!({ "id": "host" }),
        json!({ "id": "host", "empty": {} }),
        json!({ "id": "own", "basic": { "tenant": "acme" } }),
        json!({ "id": "own", "basic": { "tenant": "", "pin": "1" } }),
        service(&json!({ "private_key": " y ", "client": { "id": "x" } })),
    ] {
        let expected = json!({ "valid": true, "validation_errors": [] });
        assert_eq!(validate(&builder().build(), &credential)["response"], expected, "{credential}");
    }
}

#[test]
fn what_a_user_can_change_is_a_validation_error() {
    let spaces = "Credential has extra whitespace, please remove it before submitting it again";
    for (credential, expected) in [
        (
            json!({ "id": "api", "token": { "token": "" } }),
            "A required field is empty, please provide a value before submitting again",
        ),
        (json!({ "id": "api", "token": { "token": " x" } }), spaces),
        (json!({ "id": "own", "basic": { "pin": "1\n" } }), spaces),
        (service(&json!({ "client": { "id": "x\t" } })), spaces),
        (
            json!({ "id": "own", "basic": { "tenant": null, "more": 1 } }),
            "Credential is missing required fields",
        ),
    ] {
        let expected = json!({ "valid": false, "validation_errors": [expected] });
        assert_eq!(validate(&builder().build(), &credential)["response"], expected, "{credential}");
    }
}

#[test]
fn what_a_user_cannot_change_is_an_error() {
    let malformed = "Invalid or malformed credential received";
    for (credential, expected) in [
        (
            json!({ "token": { "token": "t" } }),
            ("integration_missing_parameter", "Received credential without an ID"),
        ),
        (
            json!({ "id": "", "token": { "token": "t" } }),
            ("integration_missing_parameter", "Received credential without an ID"),
        ),
        (json!({ "id": "secret-1" }), ("invalid_value", "Missing credential configuration for this ID")),
        (json!({ "id": "api" }), ("invalid_value", malformed)),
        (json!({ "id": "api", "basic": { "username": "u" } }), ("invalid_value", malformed)),
        (
            json!({ "id": "own", "basic": { "tenant": 7 } }),
            (
                "invalid_value",
                "Invalid or malformed credential received: request.credential.basic.tenant: expected a string, \
                 found a number",
            ),
        ),
        (json!({ "id": "api", "token": {} }), ("bad_request", "request.credential.token.token is required")),
        (
            json!({ "id": "api", "token": 7 }),
            ("bad_request", "request.credential.token: expected an object, found a number"),
        ),
        (json!({ "id": 7 }), ("bad_request", "request.credential.id: expected a string, found a number")),
        (json!(7), ("bad_request", "request.credential: expected an object, found a number")),
    ] {
        assert_eq!(error(&validate(&builder().build(), &credential)), expected, "{credential}");
    }
    let missing = ask(&builder().build(), "validate_credential_config", r#"{"request":{}}"#);
    assert_eq!(error(&missing), ("bad_request", "request.credential is required"));
}

#[test]
fn an_authors_check_gets_the_credential_settings_and_state() {
    async fn check(request: Request<TokenCredentials, Settings, AtomicUsize>) -> Answer {
        request.state.fetch_add(1, Ordering::Relaxed);
        assert_eq!(request.capability(), ValidateCredentialConfig::NAME);
        let prefix = request.settings.prefix.unwrap_or_default();
        match request.request.token.expose().strip_prefix(&prefix) {
            Some("odd") => Ok(ValidateCredentialConfigResponse::new(false).into()),
            Some("unreachable") => Err(ConnectorError::new("not now", ErrorCode::ServiceError))?,
            Some(_) => Ok(ValidateCredentialConfigResponse::new(true).into()),
            None => Ok(ValidateCredentialConfigResponse {
                validation_errors: Some(vec![format!("must start with {prefix}")]),
                // Inconsistent with the errors, which take precedence.
                ..ValidateCredentialConfigResponse::new(true)
            }
            .into()),
        }
    }
    let integration = Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<Auth>()
        .settings::<Settings>()
        .state(AtomicUsize::new(0))
        .validate_credential("api", check)
        .build();
    let validate = |token: &str| {
        let credential = json!({ "id": "api", "token": { "token": token } });
        let request = json!({ "request": { "credential": credential }, "settings": { "prefix": "a" } });
        ask(&integration, "validate_credential_config", &request.to_string())
    };
    assert_eq!(validate("abc")["response"], json!({ "valid": true, "validation_errors": [] }));
    assert_eq!(
        validate("xyz")["response"],
        json!({ "valid": false, "validation_errors": ["must start with a"] })
    );
    assert_eq!(
        validate("aodd")["response"],
        json!({ "valid": false, "validation_errors": ["Credential is invalid, unexpected error occurred"] })
    );
    assert_eq!(error(&validate("aunreachable")), ("service_error", "not now"));
    // The author's check comes last.
    assert_eq!(validate(" abc")["response"]["valid"], false);
    assert_eq!(validate("")["response"]["valid"], false);
    let wrong = json!({ "request": { "credential": {} }, "settings": { "prefix": 7 } });
    let wrong = ask(&integration, "validate_credential_config", &wrong.to_string());
    assert_eq!(error(&wrong).1, "settings.prefix: expected a string, found a number");
}

#[test]
fn a_check_is_only_called_for_its_credential() {
    async fn never(_: Request<Login>) -> Answer {
        unreachable!("not the ID that is validated")
    }
    let integration = builder().validate_credential("own", never).build();
    let response = validate(&integration, &json!({ "id": "api", "token": { "token": "t" } }));
    assert_eq!(response["response"]["valid"], true);
}

async fn token(_: Request<TokenCredentials>) -> Answer {
    Ok(ValidateCredentialConfigResponse::new(true).into())
}

async fn by_hand(_: Request<ValidateCredentialConfigRequest>) -> Answer {
    Ok(ValidateCredentialConfigResponse {
        validation_errors: Some(vec!["by hand".to_owned()]),
        ..ValidateCredentialConfigResponse::new(false)
    }
    .into())
}

#[test]
fn the_capability_is_built_in_only_for_credentials_with_ids() {
    let has = |integration: &Integration| {
        integration.capabilities().any(|known| known.name == "validate_credential_config")
    };
    assert!(has(&builder().build()));
    assert!(!has(&builder().without(ValidateCredentialConfig).build()));
    assert!(!has(&Integration::builder("app").wire(Wire::OpenApi).auth::<BasicCredentials>().build()));
    let replaced = builder().register(ValidateCredentialConfig, by_hand).build();
    let response = validate(&replaced, &json!({ "id": "api" }));
    assert_eq!(response["response"]["validation_errors"], json!(["by hand"]));
}

#[test]
fn checks_that_do_not_match_a_declaration_are_build_errors() {
    let mistake = |built: Result<Integration, BuildError>| match built.unwrap_err() {
        BuildError::InvalidCredentials(text) => text,
        other => other.to_string(),
    };
    assert_eq!(
        mistake(builder().validate_credential("apis", token).try_build()),
        "\"apis\" is validated, but it is not the ID of a credential"
    );
    assert_eq!(
        mistake(builder().validate_credential("own", token).try_build()),
        "\"own\" is validated, but it is declared as `dispatch::validation::Login`, not as \
         `connector::model::credentials::TokenCredentials`"
    );
    assert_eq!(
        mistake(builder().validate_credential("api", token).validate_credential("api", token).try_build()),
        "\"api\" is validated, but there is another validation"
    );
    let never = "\"api\" is validated, but the capability for it is not built in";
    assert_eq!(
        mistake(builder().validate_credential("api", token).without(ValidateCredentialConfig).try_build()),
        never
    );
    let replaced = builder().validate_credential("api", token).register(ValidateCredentialConfig, by_hand);
    assert_eq!(mistake(replaced.try_build()), never);
    let single = Integration::builder("app").wire(Wire::OpenApi).auth::<TokenCredentials>();
    assert_eq!(
        mistake(single.validate_credential("api", token).try_build()),
        "\"api\" is validated, but no credential is declared by ID"
    );
    let late = builder().validate_credential("api", token).settings::<Settings>().try_build();
    assert!(matches!(late.unwrap_err(), BuildError::DeclaredLate { method: "settings", .. }));
}

#[test]
fn the_schema_names_the_ids() {
    let info = ask(&builder().build(), "info", "");
    let schema = &info["response"]["capability_schema"]["validate_credential_config"]["argument"];
    let validator = jsonschema::draft202012::new(schema).unwrap();
    assert!(validator.is_valid(&json!({ "credential": { "id": "own", "basic": { "tenant": "a" } } })));
    for wrong in
        [json!({ "id": "apis", "token": { "token": "t" } }), json!({ "id": "api", "basic": {} }), json!({})]
    {
        assert!(!validator.is_valid(&json!({ "credential": wrong })), "{wrong}");
    }
}
