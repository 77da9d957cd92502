//! The built-in endpoint that passes requests on, with a real upstream on loopback.

#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]
#![expect(clippy::needless_pass_by_value, reason = "passing `json!` by reference would only add noise")]

use std::time::Duration;

use connector::capability::{
    FulfillArbitraryEndpoint, FulfillArbitraryEndpointRequest, FulfillArbitraryEndpointResponse,
};
use connector::endpoint::{Endpoint, EndpointClient, EndpointPolicy, RateLimitReset};
use connector::model::BasicCredentials;
use connector::testing::{Exchange, MockUpstream, Reply, paused};
use connector::{BuildError, ConnectorError, ErrorCode, Integration, NoAuth, NoSettings, Response, Wire};
use serde_json::{Value, json};

use super::support::ask;

const CANARY: &str = "canary-9b3e7d41";

type Request<P> = connector::Request<P, NoSettings, BasicCredentials, State>;

struct State {
    client: EndpointClient,
    base_url: String,
}

async fn endpoint(request: Request<FulfillArbitraryEndpointRequest>) -> connector::Result<Endpoint> {
    if request.auth.username == "nobody" {
        return Err(ConnectorError::new("no such tenant", ErrorCode::NotFound))?;
    }
    Endpoint::new(&request.state.client, &request.state.base_url)?
        .bearer_auth(request.auth.password.expose())?
        .header("X-App", "acme")
}

fn policy() -> EndpointPolicy {
    EndpointPolicy::new()
        .post("/search", "application/graphql")
        .header("If-None-Match")
        .header("X-App")
        .max_body(1000)
        .time_limit(Duration::from_secs(5))
        .rate_limit_reset(RateLimitReset::Seconds)
}

fn integration_at(base_url: String, policy: EndpointPolicy) -> Integration {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = EndpointClient::new(reqwest::Client::builder().no_proxy()).unwrap();
    Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<BasicCredentials>()
        .state(State { client, base_url })
        .arbitrary_endpoint(policy, endpoint)
        .build()
}

fn integration(upstream: &MockUpstream) -> Integration {
    integration_at(format!("{}/v2", upstream.url()), policy())
}

fn envelope(payload: Value) -> String {
    json!({ "auth": { "basic": { "username": "u", "password": CANARY } }, "request": payload }).to_string()
}

fn call(integration: &Integration, payload: Value) -> Value {
    let response = ask(integration, "fulfill_arbitrary_endpoint", &envelope(payload));
    assert!(!response.to_string().contains(CANARY), "{response}");
    response
}

/// The payload of a successful call.
fn fulfill(integration: &Integration, payload: Value) -> Value {
    let mut response = call(integration, payload);
    assert!(response["error"].is_null(), "{response}");
    response["response"].take()
}

#[test]
fn reads_carry_the_credentials_and_return_the_response_as_it_is() {
    let upstream = MockUpstream::expecting([Exchange::get("/v2/users")
        .query("active", "yes")
        .query("role", "a b")
        .bearer(CANARY)
        .header("x-app", "acme")
        .header("if-none-match", "\"1\"")
        .answers(
            Reply::body("text/csv; charset=iso-8859-1", b"id,name\n1,J\xfcrgen".to_vec())
                .with_header("X-Trace", "7")
                .with_header("Set-Cookie", "session=1"),
        )]);
    let response = fulfill(
        &integration(&upstream),
        json!({
            "url": "/users?active=no&role=x",
            "query": { "active": ["yes"], "role": ["a b"] },
            "headers": { "if-none-match": "\"1\"" },
        }),
    );
    assert_eq!(
        (&response["ok"], &response["status_code"], &response["error"]),
        (&json!(true), &json!(200), &Value::Null)
    );
    assert_eq!(response["body"], "id,name\n1,Jürgen");
    assert_eq!(response["content_type"], "text/csv; charset=iso-8859-1");
    assert_eq!(response["headers"]["x-trace"], "7");
    assert_eq!(response["headers"]["set-cookie"], Value::Null, "a cookie is a credential");
    let url = format!("{}/v2/users?active=yes&role=a%20b", upstream.url());
    assert_eq!((&response["resolved_url"], &response["retry_after_seconds"]), (&json!(url), &Value::Null));
    upstream.verify();
}

#[test]
fn links_to_the_next_page_are_followed_with_their_own_query() {
    let upstream =
        MockUpstream::expecting([Exchange::get("/v2/users").query("page", "2").answers(Reply::text("two"))]);
    let url = format!("{}/v2/users?page=2", upstream.url());
    let response = fulfill(&integration(&upstream), json!({ "url": url, "query": { "page": ["9"] } }));
    assert_eq!((&response["body"], &response["resolved_url"]), (&json!("two"), &json!(url)));
    upstream.verify();
}

#[test]
fn posts_are_sent_to_listed_paths_with_their_content_type() {
    let upstream = MockUpstream::expecting([Exchange::post("/v2/search")
        .header("content-type", "application/graphql")
        .text("{ users }")
        .answers(json!({ "users": [] }))]);
    let integration = integration(&upstream);
    let search = json!({ "url": "/search", "method": "POST", "body": "{ users }" });
    assert_eq!(fulfill(&integration, search)["body"], r#"{"users":[]}"#);
    upstream.verify();
    for (payload, reason) in [
        (json!({ "url": "/users", "method": "POST", "body": "{}" }), "POST is not allowed for this path"),
        (json!({ "url": "/search/", "method": "POST" }), "POST is not allowed for this path"),
        (json!({ "url": "/%73earch", "method": "POST" }), "POST is not allowed for this path"),
        (json!({ "url": "/search", "body": "{}" }), "only a POST request can have a body"),
    ] {
        assert_eq!(fulfill(&integration, payload)["error"], reason);
    }
}

#[test]
fn rejected_requests_are_not_sent() {
    let upstream = MockUpstream::expecting([]);
    let integration = integration(&upstream);
    let absolute = |path: &str| format!("{}{path}", upstream.url());
    let with_header = |name: &str, value: &str| json!({ "url": "/users", "headers": { name: value } });
    for (payload, reason) in [
        (json!({ "url": "/../admin" }), "segments"),
        (json!({ "url": "/%2e%2e/admin" }), "segments"),
        (json!({ "url": "//evil.example/" }), "two slashes"),
        (json!({ "url": "https://evil.example/v2/" }), "on the host"),
        (json!({ "url": absolute("/v3/users") }), "below the base URL"),
        (json!({ "url": absolute("/v2/users").replace("://", &format!("://u:{CANARY}@")) }), "credentials"),
        (json!({ "url": format!("/users#{CANARY}") }), "fragment"),
        (json!({ "url": "/users\r\nX-Injected: 1" }), "control characters"),
        (with_header("Authorization", CANARY), "\"Authorization\" is not allowed"),
        (with_header("Cookie", CANARY), "\"Cookie\" is not allowed"),
        (with_header("Host", "evil.example"), "\"Host\" is not allowed"),
        (with_header("Connection", "If-None-Match"), "\"Connection\" is not allowed"),
        (with_header("X-App", "other"), "\"X-App\" is not allowed"),
        (with_header("X-Other\r\nX-Injected", "1"), "is not allowed"),
        (with_header("If-None-Match", &format!("1\r\nX-Injected: {CANARY}")), "if-none-match is not valid"),
        (
            json!({ "url": "/users", "headers": { "If-None-Match": "1", "if-none-match": "2" } }),
            "if-none-match is set twice",
        ),
    ] {
        let response = fulfill(&integration, payload);
        assert_eq!((&response["ok"], &response["status_code"]), (&json!(false), &Value::Null));
        assert!(response["error"].as_str().unwrap().contains(reason), "{response}");
        assert!(response["headers"].as_object().unwrap().is_empty());
    }
    assert!(upstream.received().is_empty());
}

#[test]
fn every_status_except_401_is_a_response() {
    for status in [204, 302, 304, 400, 403, 404, 500] {
        let reply = Reply::status(status).with_header("Location", "http://127.0.0.1:1/elsewhere");
        let upstream = MockUpstream::expecting([Exchange::get("/v2/a").answers(reply)]);
        let response = fulfill(&integration(&upstream), json!({ "url": "/a" }));
        assert_eq!((&response["ok"], &response["status_code"]), (&json!(status == 204), &json!(status)));
        assert_eq!(response["error"], Value::Null);
        // One request: no redirect, no retry.
        upstream.verify();
    }
}

#[test]
fn a_401_is_an_error_without_the_body() {
    let reply = Reply::text(format!("bad token {CANARY}, try other-secret")).with_status(401);
    let upstream = MockUpstream::expecting([Exchange::get("/v2/a").any_query().answers(reply)]);
    let error = call(&integration(&upstream), json!({ "url": "/a?key=hidden" }))["error"].take();
    assert_eq!((&error["error_code"], &error["status_code"]), (&json!("unauthorized"), &json!(401)));
    assert_eq!(error["error_metadata"]["refreshable"], true);
    let message = error["message"].as_str().unwrap();
    assert!(!message.contains("hidden") && !message.contains("other-secret"), "{message}");
}

#[test]
fn waits_are_read_from_rate_limited_responses() {
    let limited =
        Reply::status(429).with_header("X-RateLimit-Reset", "12").with_header("X-RateLimit-Remaining", "0");
    let upstream = MockUpstream::in_order([
        Exchange::get("/v2/a").answers(Reply::rate_limited(30)),
        Exchange::get("/v2/a").answers(limited),
    ]);
    let integration = integration(&upstream);
    assert_eq!(fulfill(&integration, json!({ "url": "/a" }))["retry_after_seconds"], 30);
    assert_eq!(fulfill(&integration, json!({ "url": "/a" }))["retry_after_seconds"], 12);
}

#[test]
fn credentials_that_an_upstream_repeats_are_removed() {
    let body = format!(r#"{{"headers":{{"Authorization":"Bearer {CANARY}","X-App":"acme"}}}}"#);
    let reply = Reply::body("application/json", body).with_header("X-Echo", format!("Bearer {CANARY}"));
    let upstream = MockUpstream::expecting([Exchange::get("/v2/a").answers(reply)]);
    let response = fulfill(&integration(&upstream), json!({ "url": "/a" }));
    assert_eq!(response["body"], r#"{"headers":{"Authorization":"Bearer ***","X-App":"acme"}}"#);
    assert_eq!(response["headers"]["x-echo"], "Bearer ***");
}

#[test]
fn large_bodies_are_not_returned() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/v2/a").answers(Reply::text("x".repeat(1000))),
        Exchange::get("/v2/b").answers(Reply::text("x".repeat(1001))),
    ]);
    let integration = integration(&upstream);
    assert_eq!(fulfill(&integration, json!({ "url": "/a" }))["ok"], true);
    let response = fulfill(&integration, json!({ "url": "/b" }));
    assert_eq!((&response["ok"], &response["body"]), (&json!(false), &Value::Null));
    assert_eq!(response["error"], "the app's response is larger than 1000 bytes");
}

#[test]
fn slow_upstreams_are_reported_within_the_time_limit() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/v2/a").answers(Reply::text("late").delayed(Duration::from_secs(60))),
        Exchange::get("/v2/a").answers(Reply::text("late").delayed(Duration::from_secs(60))),
    ]);
    let integration = integration(&upstream);
    let ask = async |limit: Value| -> Value {
        let mut request: Value = serde_json::from_str(&envelope(json!({ "url": "/a" }))).unwrap();
        request["rate_limit"] = limit;
        let response =
            integration.dispatch("fulfill_arbitrary_endpoint", request.to_string().as_bytes()).await;
        serde_json::from_slice::<Value>(&response).unwrap()["response"]["error"].take()
    };
    paused(async {
        assert_eq!(ask(Value::Null).await, "the app did not respond within 5s");
        // The caller waits for 2 seconds. A tenth of that is for the response, and a tenth of the rest for its details.
        assert_eq!(ask(json!({ "max_execution_time": 2 })).await, "the app did not respond within 1.62s");
    });
}

#[test]
fn unreachable_upstreams_are_reported_without_details() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let integration = integration_at(format!("http://{closed}"), policy());
    let response = fulfill(&integration, json!({ "url": "/a" }));
    assert_eq!(
        (&response["ok"], &response["error"]),
        (&json!(false), &json!("the app could not be reached"))
    );
    assert_eq!(response["resolved_url"], format!("http://{closed}/a"));
}

#[test]
fn an_upstream_that_breaks_off_its_response_is_unreachable() {
    let reply = Reply::text("x".repeat(100)).cut_off_after(10);
    let upstream = MockUpstream::expecting([Exchange::get("/v2/a").answers(reply)]);
    assert_eq!(
        fulfill(&integration(&upstream), json!({ "url": "/a" }))["error"],
        "the app could not be reached"
    );
}

#[test]
fn errors_of_the_connect_function_are_the_errors_of_the_call() {
    let integration = integration_at("http://127.0.0.1:1".to_owned(), policy());
    let request =
        json!({ "auth": { "basic": { "username": "nobody", "password": "p" } }, "request": { "url": "/a" } });
    let error = ask(&integration, "fulfill_arbitrary_endpoint", &request.to_string())["error"].take();
    assert_eq!((&error["error_code"], &error["message"]), (&json!("not_found"), &json!("no such tenant")));
    assert_eq!(error["raised_in"], "dispatch.arbitrary_endpoint:endpoint");
    let integration = integration_at(format!("https://u:{CANARY}@acme.example"), policy());
    let error = call(&integration, json!({ "url": "/a" }))["error"].take();
    assert_eq!(error["message"], "the base URL can't be used: it contains credentials");
}

async fn own(
    _: Request<FulfillArbitraryEndpointRequest>,
) -> connector::Result<Response<FulfillArbitraryEndpointResponse>> {
    Ok(FulfillArbitraryEndpointResponse::default().into())
}

async fn nowhere(
    _: connector::Request<FulfillArbitraryEndpointRequest, NoSettings, NoAuth>,
) -> connector::Result<Endpoint> {
    Err(ConnectorError::new("nowhere", ErrorCode::NotFound))?
}

#[test]
fn mistakes_of_authors_are_found_when_the_integration_is_built() {
    let wrong = EndpointPolicy::new().header("Authorization");
    let built = Integration::builder("app").arbitrary_endpoint(wrong, nowhere).try_build();
    assert!(matches!(built, Err(BuildError::InvalidEndpointPolicy(_))), "{built:?}");
    let client = EndpointClient::new(reqwest::Client::builder().no_proxy());
    let twice = Integration::builder("app")
        .auth::<BasicCredentials>()
        .state(State { client: client.unwrap(), base_url: String::new() })
        .arbitrary_endpoint(EndpointPolicy::new(), endpoint)
        .register(FulfillArbitraryEndpoint, own)
        .try_build();
    assert!(matches!(twice, Err(BuildError::DuplicateCapability(_))), "{twice:?}");
}
