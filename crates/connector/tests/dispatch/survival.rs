//! Handlers that panic, stall or block.

use std::time::{Duration, Instant};

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ListResources, ListResourcesRequest,
};
use connector::error::{CallContext, ErrorResponse, ExceptionHandler};
use connector::{Error, Response, Wire};

use crate::support::{CLASSIC, Request, ask, builder, error_text, integration};

type Listing = connector::Result<Response<ListAccountsResponse>>;

async fn panicking(_: Request<ListAccountsRequest>) -> Listing {
    panic!("a private text")
}

async fn stalling(_: Request<ListAccountsRequest>) -> Listing {
    std::future::pending().await
}

#[test]
fn panics_are_internal_errors_without_the_panic_message() {
    let expected = "app.internal_error: the connector failed; see its log for details";
    let integration = builder().register(ListAccounts, panicking).build();
    assert_eq!(error_text(&integration, "list-accounts", CLASSIC), expected);
    let blocking = |_: Request<ListAccountsRequest>| -> Listing { panic!("a private text") };
    let integration = builder().register_blocking(ListAccounts, blocking).build();
    assert_eq!(error_text(&integration, "list-accounts", CLASSIC), expected);
    // Panics before the first await, when the handler has not even returned a future.
    fn early(_: Request<ListAccountsRequest>) -> std::future::Ready<Listing> {
        panic!("a private text")
    }
    let integration = builder().register(ListAccounts, early).build();
    assert_eq!(error_text(&integration, "list-accounts", CLASSIC), expected);
}

#[test]
fn the_error_is_kept_if_an_exception_handler_panics_or_stalls() {
    struct Panicking;
    impl ExceptionHandler<Error> for Panicking {
        async fn handle(&self, _: &Error, _: CallContext<'_>, _: ErrorResponse) -> ErrorResponse {
            panic!("in the handler of an error")
        }
    }
    struct Stalling;
    impl ExceptionHandler<Error> for Stalling {
        async fn handle(&self, _: &Error, _: CallContext<'_>, _: ErrorResponse) -> ErrorResponse {
            std::future::pending().await
        }
    }
    let failing = || {
        builder().register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            Err(std::io::Error::other("no route"))?
        })
    };
    let panicking = failing().on_any_error(Panicking).build();
    assert_eq!(error_text(&panicking, "list-accounts", CLASSIC), "app.unexpected_error: no route");
    let stalling = failing().on_any_error(Stalling).deadline(Duration::from_millis(50)).build();
    assert_eq!(error_text(&stalling, "list-accounts", CLASSIC), "app.unexpected_error: no route");
}

#[test]
fn errors_that_panic_are_internal_errors() {
    #[derive(Debug)]
    struct Unsayable;
    impl std::fmt::Display for Unsayable {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("in Display")
        }
    }
    impl std::error::Error for Unsayable {}
    #[derive(Debug, thiserror::Error)]
    #[error("undroppable")]
    struct Undroppable;
    impl Drop for Undroppable {
        fn drop(&mut self) {
            panic!("in Drop")
        }
    }
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async { Err(Unsayable)? })
        .register(ListResources, |_: Request<ListResourcesRequest>| async { Err(Undroppable)? })
        .build();
    assert!(error_text(&integration, "list-accounts", CLASSIC).starts_with("app.internal_error: "));
    let list = CLASSIC.replace(r#""request":{}"#, r#""request":{"resource_type":"group"}"#);
    assert_eq!(error_text(&integration, "list-resources", &list), "app.unexpected_error: undroppable");
}

#[test]
fn a_missed_deadline_is_an_internal_error() {
    let begun = Instant::now();
    let integration = builder().register(ListAccounts, stalling).deadline(Duration::from_millis(50)).build();
    assert_eq!(
        error_text(&integration, "list-accounts", CLASSIC),
        "app.internal_error: the connector did not respond within 50ms"
    );
    let blocking = |_: Request<ListAccountsRequest>| -> Listing {
        std::thread::sleep(Duration::from_secs(30));
        Ok(ListAccountsResponse::default().into())
    };
    let integration =
        builder().register_blocking(ListAccounts, blocking).deadline(Duration::from_millis(50)).build();
    assert!(error_text(&integration, "list-accounts", CLASSIC).starts_with("app.internal_error"));
    assert!(begun.elapsed() < Duration::from_secs(20), "a blocking handler must not be waited for");
}

#[test]
fn blocking_code_runs_in_async_handlers() {
    let integration = builder()
        .register(ListAccounts, |_: Request<ListAccountsRequest>| async {
            let text = connector::sync_to_async(|| std::fs::read_to_string("/nonexistent")).await;
            assert!(text.is_err());
            Ok(ListAccountsResponse::default().into())
        })
        .build();
    assert_eq!(ask(&integration, "list-accounts", CLASSIC)["response"]["accounts"], serde_json::json!([]));
}

#[tokio::test]
async fn dispatch_blocking_works_inside_a_runtime() {
    let integration = integration(Wire::Classic);
    let async_answer = integration.dispatch("list-accounts", CLASSIC.as_bytes()).await;
    assert_eq!(integration.dispatch_blocking("list-accounts", CLASSIC.as_bytes()), async_answer);
}

#[test]
fn an_integration_can_be_shared_between_threads() {
    let integration = integration(Wire::Classic);
    let expected = integration.dispatch_blocking("list-accounts", CLASSIC.as_bytes());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(integration.dispatch_blocking("list-accounts", CLASSIC.as_bytes()), expected);
                }
            });
        }
    });
}
