//! Error responses contain no secrets of the request.

use connector::capability::{
    HandleAuthorizationCallback, HandleAuthorizationCallbackRequest, HandleAuthorizationCallbackResponse,
    ListAccounts, ListAccountsRequest, ListAccountsResponse, TokenType,
};
use connector::error::ConnectorError;
use connector::model::BasicCredentials;
use connector::schemars::JsonSchema;
use connector::{Integration, Request, Response, Secret, Wire};
use serde::Deserialize;

const CANARY: &str = "canary-Q7w8-\u{e9}\"x";

#[derive(Deserialize, JsonSchema)]
struct Settings {
    key: Secret,
    host: Option<String>,
}

/// Fails with all of its input in the message.
async fn telltale(
    request: Request<ListAccountsRequest, Settings, BasicCredentials>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let message = format!(
        "{} {} {} {:?} at {:?}",
        request.auth.username,
        request.auth.password.expose(),
        request.settings.key.expose(),
        request.settings.key.expose(),
        request.settings.host,
    );
    match request.request.custom_attributes.is_some() {
        true => Err(ConnectorError::new(message, "told"))?,
        false => Err(std::io::Error::other(message))?,
    }
}

async fn callback(
    request: Request<HandleAuthorizationCallbackRequest, Settings>,
) -> connector::Result<Response<HandleAuthorizationCallbackResponse>> {
    if request.request.state.is_some() {
        Err(std::io::Error::other(request.request.client_secret.expose().clone()))?;
    }
    Ok(HandleAuthorizationCallbackResponse {
        access_token: request.request.client_secret,
        refresh_token: Some("r".into()),
        token_type: TokenType::Bearer,
        state: None,
    }
    .into())
}

fn integration() -> Integration {
    Integration::builder("app")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .register(ListAccounts, telltale)
        .register(HandleAuthorizationCallback, callback)
        .build()
}

fn request(payload: &serde_json::Value) -> String {
    serde_json::json!({
        "auth": {"model": "basic", "username": CANARY, "password": CANARY},
        "settings": {"key": CANARY, "host": "upstream.example.com"},
        "request": payload,
    })
    .to_string()
}

fn assert_no_secrets(answer: &str) {
    assert!(!answer.contains("canary") && !answer.contains("Q7w8"), "{answer}");
}

fn ask(capability: &str, request: &str) -> String {
    String::from_utf8(integration().dispatch_blocking(capability, request.as_bytes())).expect("UTF-8")
}

#[test]
fn only_the_secrets_in_a_message_are_scrubbed() {
    for payload in [serde_json::json!({}), serde_json::json!({"custom_attributes": []})] {
        let answer = ask("list-accounts", &request(&payload));
        assert_no_secrets(&answer);
        assert!(answer.contains("*** *** ***") && answer.contains("upstream.example.com"), "{answer}");
    }
}

#[test]
fn the_reason_of_a_partial_listing_is_scrubbed() {
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .register(ListAccounts, |request: Request<ListAccountsRequest, _, BasicCredentials>| async move {
            let reason = format!("{} was refused", request.auth.password.expose());
            Ok(Response::new(ListAccountsResponse::default()).partial(reason, 3))
        })
        .build();
    let answer = integration.dispatch_blocking("list-accounts", request(&serde_json::json!({})).as_bytes());
    let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["partial"], serde_json::json!({"reason": "*** was refused", "skipped": 3}));
}

#[test]
fn secrets_split_by_an_excerpt_are_scrubbed() {
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .register(ListAccounts, |request: Request<ListAccountsRequest, _, BasicCredentials>| async move {
            let body = format!("{} {}", "x".repeat(480), request.auth.password.expose());
            Err(connector::error::HttpStatusError::new("GET", "https://upstream", 500, &body))?
        })
        .build();
    let request = request(&serde_json::json!({})).replace("canary-Q7w8", "much-longer-canary-Q7w8");
    let answer = integration.dispatch_blocking("list-accounts", request.as_bytes());
    let answer = String::from_utf8(answer).unwrap();
    assert_no_secrets(&answer);
    assert!(answer.contains("x ***…"), "{answer}");
}

#[test]
fn secrets_in_payloads_are_scrubbed_but_not_tokens_in_responses() {
    let payload = serde_json::json!({
        "client_id": "c", "client_secret": CANARY, "redirect_uri_with_code": CANARY, "state": "s",
    });
    assert_no_secrets(&ask("handle_authorization_callback", &request(&payload)));
    let payload =
        serde_json::json!({"client_id": "c", "client_secret": CANARY, "redirect_uri_with_code": CANARY});
    let answer: serde_json::Value =
        serde_json::from_str(&ask("handle_authorization_callback", &request(&payload))).unwrap();
    assert_eq!(answer["response"]["access_token"], CANARY);
}

#[test]
fn rejected_values_are_not_quoted() {
    let quoted = serde_json::Value::from(CANARY).to_string();
    for request in [
        format!(r#"{{"auth":{quoted},"request":{{}}}}"#),
        format!(r#"{{"auth":{{"model":{quoted}}},"request":{{}}}}"#),
        format!(r#"{{"auth":{{{quoted}:1}},"request":{{}}}}"#),
        format!(r#"{{"auth":{{"model":"basic","username":"a","password":[{quoted}]}},"request":{{}}}}"#),
        format!(
            r#"{{"auth":{{"model":"basic","username":"a","password":"p"}},"settings":{quoted},"request":{{}}}}"#
        ),
        format!(
            r#"{{"auth":{{"model":"basic","username":"a","password":"p"}},"settings":{{"key":{{{quoted}:1}}}},"request":{{}}}}"#
        ),
        format!(r#"{{"auth":{{"model":"basic","username":{quoted},"password":{quoted}"#),
        format!(r#"{{"auth":{{"model":"basic","password":{quoted}oops"#),
    ] {
        for wire in [Wire::Classic, Wire::OpenApi] {
            let integration = integration().with_wire(wire).unwrap();
            let answer = integration.dispatch_blocking("list-accounts", request.as_bytes());
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.contains("bad_request") || wire == Wire::OpenApi, "{request}: {answer}");
            // A kind of up to 20 characters may be quoted.
            if !request.contains(r#"{"model":"canary"#) {
                assert_no_secrets(&answer);
            }
        }
    }
}

#[test]
fn every_part_of_an_error_is_scrubbed() {
    struct Telltale;
    impl connector::error::ExceptionHandler<std::io::Error> for Telltale {
        async fn handle(
            &self,
            error: &std::io::Error,
            _: connector::error::CallContext<'_>,
            mut response: connector::error::ErrorResponse,
        ) -> connector::error::ErrorResponse {
            response.error.raised_by = Some(error.to_string());
            response.error.raised_in = Some(error.to_string());
            response.error.error_code = error.to_string();
            response
        }
    }
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .on_error::<std::io::Error>(Telltale)
        .register(ListAccounts, telltale)
        .build();
    // A value that the credentials' type ignores and that can't be deserialized.
    let odd = request(&serde_json::json!({})).replace("\"model\"", "\"x\":1e999,\"model\"");
    for request in [request(&serde_json::json!({})), odd] {
        let answer = integration.dispatch_blocking("list-accounts", request.as_bytes());
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains("***"), "{answer}");
        assert_no_secrets(&answer);
    }
}

#[test]
fn custom_error_messages_are_scrubbed() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(try_from = "Raw")]
    #[expect(dead_code, reason = "never comes to be")]
    struct Picky(String);
    #[derive(Deserialize, JsonSchema)]
    struct Raw {
        key: String,
    }
    impl TryFrom<Raw> for Picky {
        type Error = String;
        fn try_from(raw: Raw) -> Result<Self, String> {
            Err(format!("{} is no key", raw.key))
        }
    }
    let integration = Integration::builder("app")
        .settings::<Picky>()
        .register(ListAccounts, |_: Request<ListAccountsRequest, Picky>| async {
            Ok(ListAccountsResponse::default().into())
        })
        .build();
    let request = serde_json::json!({"request": {}, "settings": {"key": CANARY}}).to_string();
    let answer =
        String::from_utf8(integration.dispatch_blocking("list-accounts", request.as_bytes())).unwrap();
    assert!(answer.contains("settings: invalid value"), "{answer}");
    assert_no_secrets(&answer);
}
