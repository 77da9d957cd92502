//! What callers learn in both wire formats.

use connector::capability::{CreateAccount, CreateAccountRequest, CreateAccountResponse};
use connector::client::Client;
use connector::error::{HttpHandler, HttpStatusError};
use connector::testing::{Exchange, MockUpstream, Reply, paused};
use connector::{ConnectorError, Integration, NoAuth, Response, Result, Wire};
use serde_json::{Value, json};

use crate::client;

#[derive(serde::Deserialize, connector::schemars::JsonSchema)]
struct Settings {
    /// The base URL.
    base_url: String,
}

type Request<P> = connector::Request<P, Settings, NoAuth, Client>;

async fn create_account(request: Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
    let upstream = request.state.upstream(&request, &request.settings.base_url)?;
    upstream.post(["users"]).body_json(&json!({ "name": "ada" })).send().await?;
    Err(ConnectorError::internal_error("no test gets here"))?
}

/// What the caller of `create_account` gets if the upstream sends this reply to its only call.
async fn error(wire: Wire, reply: Reply) -> Value {
    let mock = MockUpstream::expecting([Exchange::post("/users").any_body().answers(reply)]);
    let integration = Integration::builder("app")
        .settings::<Settings>()
        .state(client())
        .wire(wire)
        .on_error::<HttpStatusError>(HttpHandler)
        .register(CreateAccount, create_account)
        .build();
    let request = json!({
        "settings": { "base_url": mock.url() },
        "request": { "account": {}, "entitlements": [] },
    });
    let response = integration.dispatch("create_account", request.to_string().as_bytes()).await;
    mock.verify();
    serde_json::from_slice::<Value>(&response).expect("JSON")["error"].clone()
}

#[test]
fn an_account_whose_creation_timed_out_is_not_created_again() {
    paused(async {
        let classic = error(Wire::Classic, Reply::status(504)).await;
        assert_eq!(classic["error_code"], "app.api_error", "{classic}");
        let openapi = error(Wire::OpenApi, Reply::status(504)).await.to_string();
        assert!(openapi.contains("bad_gateway") && openapi.contains("may have happened"), "{openapi}");
        assert!(openapi.contains(r#""retryable":false"#), "{openapi}");
        let lost = error(Wire::OpenApi, Reply::broken_off()).await.to_string();
        assert!(lost.contains("connection_closed") && lost.contains(r#""retryable":false"#), "{lost}");
    });
}

#[test]
fn throttling_for_longer_than_the_call_is_reported_with_the_wait() {
    paused(async {
        let classic = error(Wire::Classic, Reply::rate_limited(9000)).await;
        assert_eq!(
            (&classic["error_code"], &classic["status_code"]),
            (&json!("app.rate_limit"), &json!(429))
        );
        let openapi = error(Wire::OpenApi, Reply::rate_limited(9000)).await.to_string();
        assert!(openapi.contains("rate_limit") && openapi.contains("9000"), "{openapi}");
    });
}
