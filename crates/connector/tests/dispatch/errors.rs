//! Error handling.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::error::{
    CallContext, DefaultHandler, ErrorResponse, ExceptionHandler, HttpHandler, HttpStatusError,
    UpstreamStatus,
};
use connector::{ConnectorError, Error, ErrorCode, Integration, Response, Wire};
use serde_json::json;

use crate::support::{CLASSIC, OPENAPI, Request, ask, builder, error_text};

type Listing = connector::Result<Response<ListAccountsResponse>>;

#[derive(Debug, thiserror::Error)]
#[error("cannot list users")]
struct Outer(#[from] Inner);

#[derive(Debug, thiserror::Error)]
#[error("badge reader is off")]
struct Inner;

impl UpstreamStatus for Inner {
    fn upstream_status(&self) -> Option<u16> {
        Some(403)
    }
}

async fn upstream_401(_: Request<ListAccountsRequest>) -> Listing {
    Err(HttpStatusError::new("GET", "https://api.example.com/users?key=hidden", 401, "who are you?"))?
}

async fn chained(_: Request<ListAccountsRequest>) -> Listing {
    Err(Outer(Inner))?
}

async fn on_purpose(_: Request<ListAccountsRequest>) -> Listing {
    Err(ConnectorError::new("Received wrong data, x: y", ErrorCode::BadRequest))?
}

fn error_of(integration: &Integration) -> String {
    error_text(integration, "list-accounts", CLASSIC)
}

#[test]
fn unhandled_errors_are_unexpected_and_include_their_origin() {
    let integration = builder().register(ListAccounts, chained).build();
    assert_eq!(
        ask(&integration, "list-accounts", CLASSIC)["error"],
        json!({
            "message": "cannot list users: badge reader is off", "status_code": null,
            "error_code": "app.unexpected_error", "raised_by": "dispatch::Outer",
            "raised_in": "dispatch.errors:chained",
        }),
    );
}

#[test]
fn the_http_handler_maps_the_upstream_status_to_a_code() {
    let integration =
        builder().register(ListAccounts, upstream_401).on_error::<HttpStatusError>(HttpHandler).build();
    assert_eq!(
        ask(&integration, "list-accounts", CLASSIC)["error"],
        json!({
            "message": "GET https://api.example.com/users: upstream answered 401: who are you?",
            "status_code": 401, "error_code": "app.unauthorized", "raised_by": "HttpStatusError",
            "raised_in": "dispatch.errors:upstream_401",
        }),
    );
    for (status, code) in [
        (400, "bad_request"),
        (401, "unauthorized"),
        (403, "permission_denied"),
        (404, "not_found"),
        (409, "api_error"),
        (500, "api_error"),
    ] {
        let integration = builder()
            .register(ListAccounts, move |_: Request<ListAccountsRequest>| async move {
                Err(HttpStatusError::new("GET", "http://h/", status, ""))?
            })
            .on_error::<HttpStatusError>(HttpHandler)
            .build();
        let error = &ask(&integration, "list-accounts", CLASSIC)["error"];
        assert_eq!(error["error_code"], format!("app.{code}"));
        assert_eq!(error["status_code"], status);
        assert_eq!(error["raised_in"], "dispatch.errors:the_http_handler_maps_the_upstream_status_to_a_code");
    }
}

#[test]
fn the_code_of_a_handler_is_the_second_level() {
    let integration = builder()
        .register(ListAccounts, upstream_401)
        .on_error_with_code::<HttpStatusError>(DefaultHandler, "badge_office")
        .build();
    assert!(error_of(&integration).starts_with("app.badge_office: "));
    let integration = builder()
        .register(ListAccounts, upstream_401)
        .on_error_with_code::<HttpStatusError>(HttpHandler, "badge_office")
        .build();
    assert!(error_of(&integration).starts_with("app.badge_office.unauthorized: "));
}

#[test]
fn handlers_match_causes_of_the_error() {
    let integration = builder().register(ListAccounts, chained).on_error::<Inner>(HttpHandler).build();
    let error = &ask(&integration, "list-accounts", CLASSIC)["error"];
    assert_eq!((&error["error_code"], &error["status_code"]), (&json!("app.permission_denied"), &json!(403)));
}

#[test]
fn handlers_run_in_order_and_receive_the_previous_response() {
    struct Append(&'static str);
    impl ExceptionHandler<Inner> for Append {
        async fn handle(
            &self,
            _: &Inner,
            call: CallContext<'_>,
            mut response: ErrorResponse,
        ) -> ErrorResponse {
            tokio::task::yield_now().await;
            response.error.message = format!("{}, {} in {}", response.error.message, self.0, call.capability);
            response
        }
    }
    struct Last;
    impl ExceptionHandler<Error> for Last {
        async fn handle(
            &self,
            error: &Error,
            _: CallContext<'_>,
            mut response: ErrorResponse,
        ) -> ErrorResponse {
            response.raw_data = Some(json!({"type": error.type_name()}));
            response.error.error_code = "custom_error_code".to_owned();
            response
        }
    }
    let integration = builder()
        .register(ListAccounts, chained)
        .on_error::<Inner>(Append("first"))
        .on_error::<std::io::Error>(DefaultHandler)
        .on_error::<Inner>(Append("second"))
        .on_any_error(Last)
        .build();
    let answer = ask(&integration, "list-accounts", CLASSIC);
    assert_eq!(
        answer["error"]["message"],
        "cannot list users: badge reader is off, first in list_accounts, second in list_accounts"
    );
    assert_eq!(answer["error"]["error_code"], "app.custom_error_code");
    assert_eq!(answer["raw_data"], json!({"type": "dispatch::Outer"}));
}

#[test]
fn connector_errors_skip_the_handlers() {
    struct Never;
    impl ExceptionHandler<Error> for Never {
        async fn handle(&self, _: &Error, _: CallContext<'_>, _: ErrorResponse) -> ErrorResponse {
            panic!("a ConnectorError must not get here")
        }
    }
    let integration = builder().register(ListAccounts, on_purpose).on_any_error(Never).build();
    assert_eq!(
        ask(&integration, "list-accounts", CLASSIC)["error"],
        json!({
            "message": "Received wrong data, x: y", "status_code": null, "error_code": "app.bad_request",
            "raised_by": "ConnectorError", "raised_in": "dispatch.errors:on_purpose",
        }),
    );
}

#[test]
fn errors_caused_by_a_connector_error_have_its_code_and_are_handled() {
    #[derive(Debug, thiserror::Error)]
    #[error("cannot list the tenant")]
    struct Wrapped(#[source] ConnectorError);
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            Err(Wrapped(ConnectorError::new("no such tenant", ErrorCode::NotFound).with_status(404)))?
        })
        .build();
    let error = &ask(&integration, "list-accounts", CLASSIC)["error"];
    assert_eq!(error["message"], "cannot list the tenant: no such tenant");
    assert_eq!((&error["error_code"], &error["status_code"]), (&json!("app.not_found"), &json!(404)));
    assert_eq!(error["raised_by"], "dispatch::Wrapped");
}

#[test]
fn raw_data_of_an_error_is_an_object() {
    struct Bare;
    impl ExceptionHandler<Error> for Bare {
        async fn handle(&self, _: &Error, _: CallContext<'_>, response: ErrorResponse) -> ErrorResponse {
            ErrorResponse { raw_data: Some(json!("bare")), ..response }
        }
    }
    let integration = builder().register(ListAccounts, chained).on_any_error(Bare).build();
    assert_eq!(ask(&integration, "list-accounts", CLASSIC)["raw_data"], json!({"data": "bare"}));
}

#[test]
fn handlers_behind_pointers_are_named_after_their_capability() {
    type Pointer = fn(Request<ListAccountsRequest>) -> std::future::Ready<Listing>;
    let handler: Pointer = |_| std::future::ready(Err(Inner.into()));
    let integration = builder().register(ListAccounts, handler).build();
    assert_eq!(ask(&integration, "list-accounts", CLASSIC)["error"]["raised_in"], "app:list_accounts");
}

#[test]
fn the_prefix_is_never_doubled() {
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            Err(ConnectorError::new("m", "app.bad_request.already_exists"))?
        })
        .build();
    assert_eq!(error_of(&integration), "app.bad_request.already_exists: m");
}

#[test]
fn unhandled_errors_are_returned_unchanged() {
    let integration =
        builder().register(ListAccounts, chained).handle_errors(false).on_any_error(DefaultHandler).build();
    let error = integration.try_dispatch_blocking("list-accounts", CLASSIC.as_bytes()).unwrap_err();
    assert!(error.downcast_ref::<Outer>().is_some());
    // Invalid requests get a response, even if errors are not handled.
    let answer = integration.try_dispatch_blocking("list-accounts", b"{}").unwrap();
    assert!(String::from_utf8(answer).unwrap().contains("app.bad_request"));
    // `dispatch` always returns a response.
    assert!(error_of(&integration).starts_with("app.unexpected_error"));
}

#[test]
fn constructors_set_their_code() {
    for (error, code) in [
        (ConnectorError::not_found("m"), "not_found"),
        (ConnectorError::missing_parameter("m"), "integration_missing_parameter"),
        (ConnectorError::credentials_revoked("m"), "creds_revoked"),
        (ConnectorError::rate_limited("m"), "rate_limit"),
    ] {
        assert_eq!((error.code(), &*error.to_string()), (code, "m"));
    }
}

#[test]
fn a_hint_is_written_in_openapi() {
    let hinted = |_: Request<ListAccountsRequest>| async {
        Err(ConnectorError::permission_denied("no access").with_hint("grant the role `auditor`"))?
    };
    let integration = builder().register(ListAccounts, hinted).wire(Wire::OpenApi).build();
    let error = &ask(&integration, "list_accounts", OPENAPI)["error"];
    assert_eq!(error["error_metadata"]["hint"], "grant the role `auditor`");
}

/// Nobody listens on the port: it was free a moment ago, and the other end is this process.
#[cfg(feature = "client")]
async fn unreachable(_: Request<ListAccountsRequest>) -> Listing {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    reqwest::Client::new().get(format!("http://{address}/users")).send().await?;
    Ok(ListAccountsResponse::default().into())
}

async fn unreadable(_: Request<ListAccountsRequest>) -> Listing {
    let accounts = serde_json::from_str("<html>Sign in</html>")?;
    Ok(ListAccountsResponse { accounts }.into())
}

#[test]
fn an_unreadable_response_is_invalid_response_in_openapi() {
    let code = |wire: Wire, name: &str, request: &str| {
        let integration = builder().register(ListAccounts, unreadable).wire(wire).build();
        ask(&integration, name, request)["error"]["error_code"].take()
    };
    assert_eq!(code(Wire::OpenApi, "list_accounts", OPENAPI), "invalid_response");
    assert_eq!(code(Wire::Classic, "list-accounts", CLASSIC), "app.unexpected_error");
}

#[cfg(feature = "client")]
#[test]
fn an_unreachable_upstream_is_connection_timeout_in_openapi() {
    let unhandled = || builder().register(ListAccounts, unreachable);
    for builder in [unhandled(), unhandled().on_error::<reqwest::Error>(HttpHandler)] {
        let error = ask(&builder.wire(Wire::OpenApi).build(), "list_accounts", OPENAPI)["error"].take();
        assert_eq!(
            (&error["error_code"], &error["error_metadata"]["retryable"]),
            (&json!("connection_timeout"), &json!(true)),
            "{error}"
        );
    }
    let error = ask(&unhandled().build(), "list-accounts", CLASSIC)["error"].take();
    assert_eq!(error["error_code"], "app.unexpected_error");
}

#[test]
fn a_code_of_the_connector_keeps_what_openapi_knows_of_the_failure() {
    let coded = builder()
        .register(ListAccounts, unreadable)
        .on_error_with_code::<serde_json::Error>(DefaultHandler, "directory")
        .wire(Wire::OpenApi)
        .build();
    let error = ask(&coded, "list_accounts", OPENAPI)["error"].take();
    assert_eq!(
        (&error["error_code"], &error["app_error_code"]),
        (&json!("invalid_response"), &json!("app.directory.invalid_response"))
    );
}

#[test]
fn http_statuses_have_their_own_codes_in_openapi() {
    for (status, code) in [
        (404, "not_found"),
        (406, "unsupported_operation"),
        (409, "conflict"),
        (413, "bad_request"),
        (429, "rate_limit"),
        (503, "service_error"),
    ] {
        let failing = move |_: Request<ListAccountsRequest>| async move {
            Err(HttpStatusError::new("GET", "http://h/", status, ""))?
        };
        let integration = builder()
            .register(ListAccounts, failing)
            .on_error::<HttpStatusError>(HttpHandler)
            .wire(Wire::OpenApi)
            .build();
        let error = ask(&integration, "list_accounts", OPENAPI)["error"].take();
        assert_eq!((&error["error_code"], &error["app_error_code"]), (&json!(code), &json!(null)));
    }
}

/// Its response ends before its body is complete.
#[cfg(feature = "client")]
async fn cut_off(_: Request<ListAccountsRequest>) -> Listing {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/users", listener.local_addr()?);
    let upstream = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 1024]).expect("a request");
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[").expect("it is sent");
    });
    let body: reqwest::Result<serde_json::Value> = reqwest::Client::new().get(url).send().await?.json().await;
    upstream.join().expect("the upstream ends");
    body?;
    Ok(ListAccountsResponse::default().into())
}

#[cfg(feature = "client")]
#[test]
fn a_response_that_is_cut_off_is_connection_closed_in_openapi() {
    let integration = builder().register(ListAccounts, cut_off).wire(Wire::OpenApi).build();
    let error = ask(&integration, "list_accounts", OPENAPI)["error"].take();
    assert_eq!(error["error_code"], "connection_closed", "{error}");
}

#[derive(Debug, thiserror::Error)]
#[error("cannot read the badge")]
struct Reading(#[source] ConnectorError);

impl UpstreamStatus for Reading {
    fn upstream_status(&self) -> Option<u16> {
        None
    }
}

#[test]
fn the_http_handler_keeps_the_code_of_a_connector_error_among_the_causes() {
    let integration = |wire: Wire| {
        let failing =
            |_: Request<ListAccountsRequest>| async { Err(Reading(ConnectorError::conflict("busy")))? };
        builder().register(ListAccounts, failing).on_error::<Reading>(HttpHandler).wire(wire).build()
    };
    let classic = ask(&integration(Wire::Classic), "list-accounts", CLASSIC)["error"].take();
    assert_eq!(classic["error_code"], "app.conflict");
    let openapi = ask(&integration(Wire::OpenApi), "list_accounts", OPENAPI)["error"].take();
    assert_eq!(openapi["error_code"], "conflict");
}

#[test]
fn the_guide_has_every_code_with_its_meaning() {
    let guide = include_str!("../../../../docs/guide/errors.md");
    let table =
        guide.split("| code | meaning |\n|---|---|\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let rows: Vec<(&str, &str)> = table
        .expect("the table")
        .lines()
        .filter_map(|row| row.strip_prefix("| `")?.strip_suffix(". |")?.split_once(" | "))
        .map(|(code, meaning)| (code.split('`').next().unwrap_or_default(), meaning))
        .collect();
    let expected: Vec<_> = ErrorCode::ALL.iter().map(|code| (code.as_str(), code.meaning())).collect();
    assert_eq!(rows, expected);
}
