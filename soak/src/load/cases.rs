//! Requests with a known response: writes, simulated failures, and all kinds of invalid requests.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{BODY_LIMIT, Worker, excerpt, pause, request};
use crate::client::{Client, Protocol};

struct Case {
    method: &'static str,
    path: &'static str,
    kind: &'static str,
    body: String,
    /// The capability that the server counts it as.
    capability: &'static str,
    status: u16,
    /// The location in the response to check, and the expected value.
    pointer: &'static str,
    value: Value,
}

impl Case {
    fn post(
        path: &'static str,
        body: impl Into<String>,
        capability: &'static str,
        status: u16,
        pointer: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        let kind = "application/json";
        Self {
            method: "POST",
            path,
            kind,
            body: body.into(),
            capability,
            status,
            pointer,
            value: value.into(),
        }
    }

    fn rejected(path: &'static str, body: impl Into<String>, capability: &'static str, status: u16) -> Self {
        Self::post(path, body, capability, status, "/error/error_code", "mock-connector.bad_request")
    }

    fn failed(path: &'static str, body: impl Into<String>, capability: &'static str, code: &str) -> Self {
        Self::post(path, body, capability, 200, "/error/error_code", format!("mock-connector.{code}"))
    }
}

fn all() -> Vec<Case> {
    const CODE: &str = "/error/error_code";
    let create =
        |email: &str| request(&json!({"account": {"email": email}, "entitlements": []}).to_string(), "");
    let delete = |id: &str| request(&json!({"account_id": id}).to_string(), "");
    let groups =
        |settings: &str| request(r#"{"resource_type":"group"}"#, &format!(r#","settings":{settings}"#));
    let wrong_password = request("{}", "").replace(r#""p""#, r#""wrong""#);
    vec![
        Case::post(
            "/create_account",
            create("new@example.com"),
            "create_account",
            200,
            "/response/created",
            true,
        ),
        Case::failed(
            "/create-account",
            create("user1@example.com"),
            "create_account",
            "bad_request.already_exists",
        ),
        Case::post("/delete_account", delete("3"), "delete_account", 200, "/response/deleted", true),
        Case::failed("/delete_account", delete("nobody"), "delete_account", "not_found"),
        Case::post(
            "/list_resources",
            groups(r#"{"delay_ms":50}"#),
            "list_resources",
            200,
            "/error",
            Value::Null,
        ),
        Case::failed("/list_resources", groups(r#"{"fail_with_status":503}"#), "list_resources", "api_error"),
        Case::failed("/list_resources", groups(r#"{"panic":true}"#), "list_resources", "internal_error"),
        Case::failed("/validate_credentials", wrong_password, "validate_credentials", "unauthorized"),
        Case::failed(
            "/list_accounts",
            request("{}", r#","page":{"token":"zz"}"#),
            "list_accounts",
            "bad_request",
        ),
        Case::rejected("/list_accounts", r#"{"auth":"#, "list_accounts", 400),
        Case::rejected("/list_accounts", "\u{0}", "list_accounts", 400),
        Case::rejected("/list_accounts", request("[]", ""), "list_accounts", 422),
        Case::rejected("/delete_account", request(r#"{"account_id":7}"#, ""), "delete_account", 422),
        Case::rejected("/list_accounts", " ".repeat(BODY_LIMIT + 1), "list_accounts", 413),
        Case { kind: "text/plain", ..Case::rejected("/list_accounts", "{}", "list_accounts", 415) },
        Case { method: "GET", ..Case::rejected("/list_accounts", "", "list_accounts", 405) },
        Case::post("/no/such/path", "{}", "unknown", 404, CODE, "mock-connector.not_implemented"),
        Case { method: "GET", ..Case::post("/info", "", "info", 200, "/app_id", "mock-connector") },
    ]
}

/// Sends one case after the other until it is time to stop, starting at case `at`. Valid requests share a connection;
/// each of the others uses a new one.
pub(super) async fn run(worker: Worker, at: usize) -> Result<()> {
    let cases = all();
    let mut shared = Client::new(&worker.address, Protocol::Http1);
    for case in cases.iter().cycle().skip(at * cases.len() / super::CASES) {
        if !worker.continues() {
            break;
        }
        let mut fresh = Client::new(&worker.address, Protocol::Http1);
        let client = if case.status == 200 { &mut shared } else { &mut fresh };
        let response = client.send(case.method, case.path, case.kind, case.body.clone()).await?;
        let body = worker.expect(case.capability, response, case.status)?;
        let found = body.pointer(case.pointer);
        ensure!(
            found == Some(&case.value),
            "{}: {} is {found:?} in {}",
            case.path,
            case.pointer,
            excerpt(&body)
        );
        pause(5).await;
    }
    Ok(())
}
