//! Secrets in credentials never appear in errors or logs: of every kind, with an ID or without, and in validation.

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ValidateCredentialConfigResponse,
};
use connector::model::{
    BasicCredentials, EmptyCredentials, JwtCredentials, KeyPairCredentials, OAuth1Credentials,
    OAuthClientCredentials, OAuthCredentials, ServiceAccountCredentials, TokenCredentials,
};
use connector::testing::Canary;
use connector::{Credentials, Integration, NoAuth, NoSettings, Request, Response, Secret, Wire};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// Every kind, and a type of the author's.
#[derive(Credentials)]
#[expect(dead_code, reason = "only declared")]
struct Every {
    basic_login: BasicCredentials,
    oauth_session: OAuthCredentials,
    api_token: TokenCredentials,
    oauth_client: OAuthClientCredentials,
    oauth1_token: OAuth1Credentials,
    jwt_signer: JwtCredentials,
    service_account: ServiceAccountCredentials,
    key_pair: KeyPairCredentials,
    host_identity: Option<EmptyCredentials>,
    #[credential(kind = "token")]
    own_login: Option<Own>,
}

#[derive(Deserialize, JsonSchema)]
struct Own {
    /// Not part of the kind.
    pin: Secret,
    #[expect(dead_code, reason = "only declared")]
    tenant: String,
}

/// Fails with everything in the credentials, and with an ID, which is public.
async fn list(
    request: Request<ListAccountsRequest, NoSettings, Every>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let auth = request.auth;
    let secrets = [
        auth.basic_login.password.expose().clone(),
        auth.api_token.token.expose().clone(),
        auth.oauth_client.client_secret.expose().clone(),
        auth.jwt_signer.secret.expose().clone(),
        auth.service_account.key.expose().0["private_key"].to_string(),
        auth.key_pair.private_key.expose().clone(),
        auth.own_login.map_or_else(String::new, |own| own.pin.expose().clone()),
    ];
    Err(std::io::Error::other(format!("oauth_session: {}", secrets.join(" "))))?
}

type Answer = connector::Result<Response<ValidateCredentialConfigResponse>>;

async fn check_own(request: Request<Own, NoSettings, NoAuth>) -> Answer {
    Err(std::io::Error::other(format!("own_login: {}", request.request.pin.expose())))?
}

async fn check_token(request: Request<TokenCredentials, NoSettings, NoAuth>) -> Answer {
    Err(std::io::Error::other(format!("api_token: {}", request.request.token.expose())))?
}

fn by_id() -> Integration {
    Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<Every>()
        .validate_credential("own_login", check_own)
        .validate_credential("api_token", check_token)
        .register(ListAccounts, list)
        .build()
}

fn call(integration: &Integration, capability: &str, request: &Value) -> String {
    String::from_utf8(integration.dispatch_blocking(capability, request.to_string().as_bytes()))
        .expect("UTF-8")
}

#[test]
fn ids_are_shown_but_secrets_are_not() {
    let canary = Canary::new();
    let integration = by_id();
    let credentials = canary.credentials_by_id(&integration);
    assert_eq!(credentials.as_array().unwrap().len(), 10);
    let response = call(&integration, "list_accounts", &json!({ "credentials": credentials, "request": {} }));
    assert!(response.contains("oauth_session: ***"), "{response}");
    canary.assert_not_in(response);
}

#[test]
fn errors_do_not_quote_any_part_of_a_credential() {
    let canary = Canary::new();
    let integration = by_id();
    let secret = canary.secret();
    for credential in canary.credentials_by_id(&integration).as_array().unwrap() {
        let (kind, fields) = credential.as_object().unwrap().iter().find(|(key, _)| *key != "id").unwrap();
        let mut odd = vec![
            // The secret as the ID, as the kind, as a field, as a key, and in a value of the wrong type.
            json!({ "id": secret, kind: fields }),
            json!({ "id": credential["id"], secret: fields }),
            json!({ "id": credential["id"], kind: secret }),
            json!({ "id": credential["id"], kind: { secret: [secret] } }),
        ];
        for name in fields.as_object().unwrap().keys() {
            for value in
                [json!([secret]), json!({ secret: secret }), json!(format!(" {secret}")), Value::Null]
            {
                let mut changed = credential.clone();
                changed[kind][name] = value;
                odd.push(changed);
            }
        }
        for odd in odd {
            for (capability, request) in [
                ("list_accounts", json!({ "credentials": [odd], "request": {} })),
                ("list_accounts", json!({ "auth": odd, "request": {} })),
                ("validate_credential_config", json!({ "request": { "credential": odd } })),
            ] {
                let response = call(&integration, capability, &request);
                assert!(canary.encoding_in(&response).is_none(), "{kind} {capability}: {response}");
            }
        }
    }
}

#[test]
fn failed_validation_does_not_show_the_credential() {
    let canary = Canary::new();
    let integration = by_id();
    for credential in canary.credentials_by_id(&integration).as_array().unwrap() {
        let request = json!({ "request": { "credential": credential } });
        let response = call(&integration, "validate_credential_config", &request);
        canary.assert_not_in(&response);
        if ["own_login", "api_token"].contains(&credential["id"].as_str().unwrap()) {
            assert!(response.contains(": ***"), "{response}");
        } else {
            assert!(response.contains("\"valid\":true"), "{response}");
        }
    }
}
