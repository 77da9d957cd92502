//! Calls of capabilities, and invalid requests.

use std::time::Duration;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::BasicCredentials;
use connector::server::Server;
use connector::{ConnectorError, ErrorCode, Integration, Response, Wire};

use crate::support::{REQUEST, Request, Running, integration};

fn server() -> Running {
    Running::start(Server::new(integration("app")))
}

#[test]
fn the_server_responds_like_dispatch_to_both_names() {
    let server = server();
    let expected = integration("app").dispatch_blocking("list-accounts", REQUEST.as_bytes());
    for path in ["/list_accounts", "/list-accounts"] {
        let reply = server.post(path, REQUEST);
        assert_eq!((reply.status, reply.body.as_bytes()), (200, expected.as_slice()));
        assert!(reply.head.contains("content-type: application/json"), "{}", reply.head);
        assert!(reply.head.contains("x-partial: true"), "{}", reply.head);
    }
}

#[test]
fn info_accepts_get_and_post() {
    let server = server();
    let info = server.get("/info");
    assert_eq!((info.status, info.json()["app_id"].as_str()), (200, Some("app")));
    assert_eq!(server.post("/info", r#"{"a": 1}"#).json(), info.json());
}

#[test]
fn invalid_requests_have_a_status_and_an_error_in_the_wire_format() {
    let server = server();
    for (reply, status, code) in [
        (server.post("/list_accounts", "{}"), 422, "app.bad_request"),
        (server.post("/list_accounts", "{"), 400, "app.bad_request"),
        (
            server.send("POST /list_accounts HTTP/1.1\r\nContent-Type: application/json", b"\xff"),
            400,
            "app.bad_request",
        ),
        (
            server.send("POST /list_accounts HTTP/1.1\r\nContent-Type: text/plain", b"{}"),
            415,
            "app.bad_request",
        ),
        (server.post("/no_such_thing", REQUEST), 404, "app.not_implemented"),
        (server.post("/list_resources", REQUEST), 404, "app.not_implemented"),
        (server.get("/list_accounts"), 405, "app.bad_request"),
    ] {
        assert_eq!((reply.status, reply.error_code().as_str()), (status, code), "{reply:?}");
    }
    assert!(server.get("/list_accounts").head.contains("allow: post"));
    assert!(server.send("DELETE /info HTTP/1.1", b"").head.contains("allow: get, head, post"));
    let openapi = Running::start(Server::new(integration("app").with_wire(Wire::OpenApi).unwrap()));
    assert_eq!(openapi.post("/list_accounts", "{}").json()["is_error"], true);
}

#[test]
fn an_error_of_a_handler_is_200_or_has_the_status_of_its_code() {
    let request = REQUEST.replace("\"request\":{}", r#""request":{"account":{},"entitlements":[]}"#);
    let reply = server().post("/create_account", &request);
    assert_eq!((reply.status, reply.error_code().as_str()), (200, "app.not_found"));
    let by_code = Running::start(Server::new(integration("app")).status_from_error(true));
    assert_eq!(by_code.post("/create_account", &request).status, 404);
}

#[test]
fn the_probes_succeed() {
    let server = server();
    assert_eq!(server.get("/livez").body, "ok\n");
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn an_error_with_a_status_has_retry_after() {
    let busy = |_: Request<ListAccountsRequest>| async {
        Err(ConnectorError::new("slow down", ErrorCode::ApiError)
            .with_retry_after(Duration::from_millis(1500)))?
    };
    let integration =
        || Integration::builder("app").auth::<BasicCredentials>().register(ListAccounts, busy).build();
    let by_code = Running::start(Server::new(integration()).status_from_error(true));
    let reply = by_code.post("/list_accounts", REQUEST);
    assert_eq!((reply.status, reply.header("retry-after")), (502, Some("2")));
    let reply = Running::start(Server::new(integration())).post("/list_accounts", REQUEST);
    assert_eq!((reply.status, reply.header("retry-after")), (200, None));
}

#[test]
fn a_handler_knows_the_servers_timeout() {
    let list = |request: Request<ListAccountsRequest>| async move {
        let left =
            request.remaining().is_some_and(|left| left > Duration::ZERO && left < Duration::from_secs(45));
        Ok(Response::new(ListAccountsResponse::default()).partial(left.to_string(), 0))
    };
    let integration =
        Integration::builder("app").auth::<BasicCredentials>().register(ListAccounts, list).build();
    assert!(integration.deadline().is_none());
    let server = Running::start(Server::new(integration).timeout(Duration::from_secs(45)));
    assert_eq!(server.post("/list_accounts", REQUEST).json()["partial"]["reason"], "true");
}
