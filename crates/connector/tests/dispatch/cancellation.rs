//! Cancellation of calls.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::{Cancellation, Response};

use crate::support::{CLASSIC, Request, ask, builder, error_text};

type Listing = connector::Result<Response<ListAccountsResponse>>;

/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(60);

/// Works until it is cancelled, then sends the result.
fn until_cancelled(cancellation: &Cancellation) -> connector::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < FOREVER {
        cancellation.check()?;
        std::thread::yield_now();
    }
    Ok(())
}

#[test]
fn blocking_handlers_are_cancelled_at_the_deadline() {
    let (sender, ended) = channel();
    let handler = move |request: Request<ListAccountsRequest>| -> Listing {
        let result = until_cancelled(&request.cancellation());
        let _ = sender.send(result.as_ref().map_err(ToString::to_string).copied());
        result.map(|()| ListAccountsResponse::default().into())
    };
    let integration =
        builder().register_blocking(ListAccounts, handler).deadline(Duration::from_millis(50)).build();
    assert!(error_text(&integration, "list-accounts", CLASSIC).ends_with("did not respond within 50ms"));
    assert_eq!(ended.recv_timeout(FOREVER).unwrap(), Err("the call was cancelled".to_owned()));
}

#[test]
fn blocking_work_of_async_handlers_is_cancelled_at_the_deadline() {
    let (sender, ended) = channel();
    let handler = move |request: Request<ListAccountsRequest>| {
        let sender = sender.clone();
        async move {
            let cancellation = request.cancellation();
            connector::sync_to_async(move || {
                let result = until_cancelled(&cancellation);
                let _ = sender.send(result.is_err());
                result
            })
            .await?;
            Ok(ListAccountsResponse::default().into())
        }
    };
    let integration = builder().register(ListAccounts, handler).deadline(Duration::from_millis(50)).build();
    assert!(error_text(&integration, "list-accounts", CLASSIC).ends_with("did not respond within 50ms"));
    assert!(ended.recv_timeout(FOREVER).unwrap());
}

#[test]
fn a_call_is_cancelled_only_after_it_has_ended() {
    let (sender, calls) = channel();
    let handler = move |request: Request<ListAccountsRequest>| -> Listing {
        let cancellation = request.cancellation();
        let before = cancellation.is_cancelled();
        let _ = sender.send((cancellation, before));
        Ok(ListAccountsResponse::default().into())
    };
    let integration = builder().register_blocking(ListAccounts, handler).build();
    for _ in 0..2 {
        assert_eq!(ask(&integration, "list-accounts", CLASSIC)["error"], serde_json::Value::Null);
        let (cancellation, before) = calls.recv().unwrap();
        assert!(!before, "the handler is running");
        assert!(cancellation.is_cancelled(), "the call has ended");
    }
}
