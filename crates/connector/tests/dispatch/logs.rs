//! Scrubbed logs contain no secrets.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError, mpsc};
use std::time::Duration;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::error::{CallContext, ErrorResponse, ExceptionHandler};
use connector::model::BasicCredentials;
use connector::{Error, Integration, IntegrationBuilder, NoSettings, Request, Response};
use serde_json::json;

/// A secret with several lines, like a private key.
const CANARY: &str = "-----BEGIN KEY-----\ncanary+Q7w8/\"x\n-----END KEY-----";

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Writes to [`LOG`] like a program with a custom subscriber should.
struct Scrubbed;

impl Write for Scrubbed {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let scrubbed = connector::scrub(&String::from_utf8_lossy(line));
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend(scrubbed.into_bytes());
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn start_log() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        connector::scrub_logs();
        tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| Scrubbed)
            .init();
    });
}

/// Returns the log lines that contain this mark. There must be at least one.
fn logged(mark: &str) -> String {
    let log = String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(mark)).collect();
    assert!(!lines.is_empty(), "no line says {mark}");
    lines.join("\n")
}

fn builder() -> IntegrationBuilder<NoSettings, BasicCredentials> {
    start_log();
    Integration::builder("app").auth::<BasicCredentials>()
}

fn request() -> String {
    json!({"auth": {"model": "basic", "username": "ada", "password": CANARY}, "request": {}}).to_string()
}

fn assert_no_secrets(text: &str) {
    assert!(!text.contains("canary") && !text.contains("Q7w8"), "{text}");
}

#[test]
fn an_exception_handler_that_logs_and_panics_leaks_no_secrets() {
    struct Talking;
    impl ExceptionHandler<Error> for Talking {
        async fn handle(&self, error: &Error, _: CallContext<'_>, _: ErrorResponse) -> ErrorResponse {
            tracing::warn!(%error, "talking handler");
            panic!("talking handler: {error}")
        }
    }
    let integration = builder()
        .register(ListAccounts, |request: Request<ListAccountsRequest, _, BasicCredentials>| async move {
            tracing::trace!("talking handler: {:?}", request.auth.password.expose());
            Err(std::io::Error::other(request.auth.password.expose().clone()))?
        })
        .on_any_error(Talking)
        .build();
    let answer = integration.dispatch_blocking("list-accounts", request().as_bytes());
    assert_no_secrets(&String::from_utf8_lossy(&answer));
    let log = logged("talking handler");
    assert_no_secrets(&log);
    assert!(log.lines().count() == 3 && log.contains("***"), "{log}");
}

#[test]
fn a_blocking_handler_that_outlives_its_call_leaks_no_secrets() {
    let (go_on, wait) = mpsc::channel::<()>();
    let (sender, done) = mpsc::channel();
    let wait = Mutex::new(wait);
    let blocking = move |request: Request<ListAccountsRequest, NoSettings, BasicCredentials>| {
        let _ = wait.lock().unwrap_or_else(PoisonError::into_inner).recv();
        tracing::warn!("outliving handler: {}", request.auth.password.expose());
        let _ = sender.send(());
        Ok(Response::new(ListAccountsResponse::default()))
    };
    let integration =
        builder().register_blocking(ListAccounts, blocking).deadline(Duration::from_millis(20)).build();
    let answer = integration.dispatch_blocking("list-accounts", request().as_bytes());
    assert!(String::from_utf8_lossy(&answer).contains("internal_error"));
    go_on.send(()).unwrap();
    done.recv().unwrap();
    assert_no_secrets(&logged("outliving handler"));
}
