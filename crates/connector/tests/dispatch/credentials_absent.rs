//! Capabilities whose requests carry no credentials, in an integration that declares some.

use connector::capability::{
    AppInfo, AppInfoRequest, AppInfoResponse, GetAuthorizationUrl, GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse, HandleAuthorizationCallback, HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse, HandleClientCredentialsRequest,
    HandleClientCredentialsRequestRequest, HandleClientCredentialsRequestResponse, RefreshAccessToken,
    RefreshAccessTokenRequest, RefreshAccessTokenResponse, TokenType, ValidateCredentialConfig,
    ValidateCredentialConfigRequest, ValidateCredentialConfigResponse, ValidateCredentials,
    ValidateCredentialsRequest, ValidateCredentialsResponse,
};
use connector::model::BasicCredentials;
use connector::{Integration, NoAuth, NoSettings, Response, Wire, standard_openapi_document};
use serde_json::{Value, json};

use super::support::ask;

type Request<P, A = NoAuth> = connector::Request<P, NoSettings, A>;

async fn authorization_url(
    _: Request<GetAuthorizationUrlRequest>,
) -> connector::Result<Response<GetAuthorizationUrlResponse>> {
    Ok(GetAuthorizationUrlResponse::new("https://host/").into())
}

fn callback(
    _: Request<HandleAuthorizationCallbackRequest>,
) -> connector::Result<Response<HandleAuthorizationCallbackResponse>> {
    Ok(HandleAuthorizationCallbackResponse {
        refresh_token: Some("r".into()),
        ..HandleAuthorizationCallbackResponse::new("a", TokenType::Bearer)
    }
    .into())
}

async fn validate(
    request: Request<ValidateCredentialsRequest, BasicCredentials>,
) -> connector::Result<Response<ValidateCredentialsResponse>> {
    Ok(ValidateCredentialsResponse::new(request.auth.username == "u").into())
}

fn integration(wire: Wire) -> Integration {
    Integration::builder("app")
        .auth::<BasicCredentials>()
        .wire(wire)
        .register(GetAuthorizationUrl, authorization_url)
        .register_blocking(HandleAuthorizationCallback, callback)
        .register(RefreshAccessToken, |_: Request<RefreshAccessTokenRequest>| async {
            Ok(Response::new(RefreshAccessTokenResponse {
                refresh_token: Some("r".into()),
                ..RefreshAccessTokenResponse::new("a", TokenType::Bearer)
            }))
        })
        .register(HandleClientCredentialsRequest, |_: Request<HandleClientCredentialsRequestRequest>| async {
            Ok(Response::new(HandleClientCredentialsRequestResponse::new("a", TokenType::Bearer)))
        })
        .register(ValidateCredentialConfig, |_: Request<ValidateCredentialConfigRequest>| async {
            Ok(Response::new(ValidateCredentialConfigResponse::new(true)))
        })
        .register(AppInfo, |_: Request<AppInfoRequest>| async {
            Ok(Response::new(AppInfoResponse::new("app", serde_json::Map::new())))
        })
        // The builder still has the declared credentials.
        .register(ValidateCredentials, validate)
        .build()
}

/// Requests for the capabilities whose requests carry no credentials, and whether the classic format has each one.
fn requests() -> [(&'static str, Value, bool); 6] {
    [
        (
            "get_authorization_url",
            json!({ "client_id": "c", "scopes": [], "redirect_uri": "https://host/", "state": "s" }),
            true,
        ),
        (
            "handle_authorization_callback",
            json!({ "client_id": "c", "client_secret": "s", "redirect_uri_with_code": "https://host/?code=c" }),
            true,
        ),
        (
            "refresh_access_token",
            json!({ "client_id": "c", "client_secret": "s", "refresh_token": "r" }),
            true,
        ),
        (
            "handle_client_credentials_request",
            json!({ "client_id": "c", "client_secret": "s", "scopes": [] }),
            false,
        ),
        ("validate_credential_config", json!({ "credential": { "token": { "token": "t" } } }), false),
        ("app_info", json!({}), false),
    ]
}

#[test]
fn openapi_requests_need_no_credentials() {
    let integration = integration(Wire::OpenApi);
    for (capability, request, _) in requests() {
        for auth in [
            None,
            Some(Value::Null),
            Some(json!({ "basic": { "username": "u", "password": "p" } })),
            Some(7.into()),
        ] {
            let mut envelope = json!({ "request": request });
            if let Some(auth) = auth {
                envelope["auth"] = auth;
            }
            let response = ask(&integration, capability, &envelope.to_string());
            assert!(response["response"].is_object(), "{capability}: {envelope}: {response}");
        }
    }
    let response = ask(&integration, "validate_credentials", r#"{"request":{}}"#);
    assert_eq!(response["error"]["message"], "auth.basic is required");
}

#[test]
fn classic_requests_need_credentials_as_all_others_do() {
    let integration = integration(Wire::Classic);
    for (capability, request, _) in requests().into_iter().filter(|(.., is_classic)| *is_classic) {
        let auth = json!({ "model": "basic", "username": "u", "password": "p" });
        let response =
            ask(&integration, capability, &json!({ "request": request, "auth": auth }).to_string());
        assert!(response["error"].is_null(), "{capability}: {response}");
        for auth in [
            json!(null),
            json!({ "model": "basic", "username": "u" }),
            json!({ "model": "oauth", "access_token": "a" }),
        ] {
            let response =
                ask(&integration, capability, &json!({ "request": request, "auth": auth }).to_string());
            assert_eq!(
                response["error"]["error_code"], "app.bad_request",
                "{capability}: {auth}: {response}"
            );
        }
    }
}

#[test]
fn documents_omit_credentials_that_requests_do_not_carry() {
    let request_of = |wire, capability: &str| {
        let path = format!("/{capability}");
        let document = standard_openapi_document(wire);
        document["paths"][path]["post"]["requestBody"]["content"]["application/json"].clone()
    };
    for (capability, _, is_classic) in requests() {
        let request = request_of(Wire::OpenApi, capability);
        assert!(request["schema"]["properties"]["request"].is_object(), "{capability}");
        assert!(request["schema"]["properties"]["auth"].is_null(), "{capability}");
        assert!(request["example"]["request"].is_object(), "{capability}");
        assert!(request["example"]["auth"].is_null(), "{capability}");
        if is_classic {
            assert!(
                request_of(Wire::Classic, capability)["schema"]["properties"]["auth"].is_object(),
                "{capability}"
            );
        }
    }
    assert!(request_of(Wire::OpenApi, "list_accounts")["schema"]["properties"]["auth"].is_object());
}
