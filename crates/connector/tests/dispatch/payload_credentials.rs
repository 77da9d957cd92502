//! Credentials that are part of a payload, apart from those that every request carries.

use connector::capability::{
    HandleClientCredentialsRequest, HandleClientCredentialsRequestRequest,
    HandleClientCredentialsRequestResponse, TokenType, ValidateCredentialConfig,
    ValidateCredentialConfigRequest, ValidateCredentialConfigResponse,
};
use connector::{ConnectorError, ErrorCode, Integration, NoAuth, NoSettings, Response, Wire};
use serde_json::{Value, json};

use super::support::ask;

type Request<P> = connector::Request<P, NoSettings, NoAuth>;

const CANARY: &str = "canary-Q7w8";

/// Returns which credentials it found, or fails with the value of the token.
async fn validate(
    request: Request<ValidateCredentialConfigRequest>,
) -> connector::Result<Response<ValidateCredentialConfigResponse>> {
    let ValidateCredentialConfigRequest { credential, credential_id, .. } = request.request;
    if let Some(token) = credential.token {
        Err(ConnectorError::new(format!("rejected {}", token.token.expose()), ErrorCode::Unauthorized))?;
    }
    let found = [
        credential_id,
        credential.basic.map(|basic| format!("{} {}", basic.username, basic.password.expose())),
        credential.oauth_client.map(|client| client.client_id),
        credential.key_pair.map(|pair| pair.key_identifier),
    ];
    Ok(ValidateCredentialConfigResponse {
        validation_errors: Some(found.into_iter().flatten().collect()),
        ..ValidateCredentialConfigResponse::new(false)
    }
    .into())
}

/// Returns the client's secret as the token, or fails with it.
async fn exchange(
    request: Request<HandleClientCredentialsRequestRequest>,
) -> connector::Result<Response<HandleClientCredentialsRequestResponse>> {
    let secret = request.request.client_secret;
    if request.request.scopes.is_empty() {
        Err(std::io::Error::other(format!("no scope for {}", secret.expose())))?;
    }
    Ok(HandleClientCredentialsRequestResponse::new(secret, TokenType::Bearer).into())
}

fn call(capability: &str, payload: &Value) -> Value {
    let integration = Integration::builder("app")
        .wire(Wire::OpenApi)
        .register(ValidateCredentialConfig, validate)
        .register(HandleClientCredentialsRequest, exchange)
        .build();
    ask(&integration, capability, &json!({ "request": payload }).to_string())
}

#[test]
fn each_kind_of_credentials_is_read_from_its_own_key() {
    let credential = json!({
        "id": "main",
        "empty": {},
        "basic": { "username": "ada", "password": "p" },
        "oauth_client_credentials":
            { "access_token": "t", "client_id": "c", "client_secret": "s", "scopes": [] },
        "key_pair": { "key_identifier": "k", "private_key": "p" },
    });
    let response = call("validate_credential_config", &json!({ "credential": credential }));
    assert_eq!(response["response"]["validation_errors"], json!(["main", "ada p", "c", "k"]));
}

#[test]
fn credentials_in_a_payload_are_redacted_from_errors() {
    for (capability, payload) in [
        ("validate_credential_config", json!({ "credential": { "token": { "token": CANARY } } })),
        (
            "handle_client_credentials_request",
            json!({ "client_id": "c", "client_secret": CANARY, "scopes": [] }),
        ),
    ] {
        let response = call(capability, &payload);
        assert_eq!(response["is_error"], true, "{response}");
        assert!(!response.to_string().contains("Q7w8"), "{response}");
    }
}

#[test]
fn invalid_credentials_in_a_payload_are_rejected_without_quoting_them() {
    let basic = json!({ "username": "ada", "password": [CANARY] });
    let response = call("validate_credential_config", &json!({ "credential": { "basic": basic } }));
    let message = response["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("request.credential.basic.password"), "{message}");
    assert!(!response.to_string().contains("Q7w8"), "{response}");
}

#[test]
fn a_token_in_a_response_is_written_in_clear() {
    let payload = json!({ "client_id": "c", "client_secret": CANARY, "scopes": ["read"] });
    let response = call("handle_client_credentials_request", &payload);
    assert_eq!(
        response["response"],
        json!({ "access_token": CANARY, "refresh_token": null, "token_type": "bearer", "state": null })
    );
}
