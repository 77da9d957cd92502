//! Requests of which the answer is known: writes, failures on request, and everything that is wrong with a request.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{BODY_LIMIT, Worker, begin, pause, request};
use crate::client::{Client, Protocol};

struct Case {
    method: &'static str,
    path: &'static str,
    kind: &'static str,
    body: String,
    /// What the server counts it as.
    capability: &'static str,
    status: u16,
    /// Where in the answer is what.
    place: &'static str,
    value: Value,
}

impl Case {
    fn post(
        path: &'static str,
        body: impl Into<String>,
        capability: &'static str,
        status: u16,
        place: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        let kind = "application/json";
        Self { method: "POST", path, kind, body: body.into(), capability, status, place, value: value.into() }
    }

    fn refused(path: &'static str, body: impl Into<String>, capability: &'static str, status: u16) -> Self {
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
        Case::refused("/list_accounts", r#"{"auth":"#, "list_accounts", 400),
        Case::refused("/list_accounts", "\u{0}", "list_accounts", 400),
        Case::refused("/list_accounts", request("[]", ""), "list_accounts", 422),
        Case::refused("/delete_account", request(r#"{"account_id":7}"#, ""), "delete_account", 422),
        Case::refused("/list_accounts", " ".repeat(BODY_LIMIT + 1), "list_accounts", 413),
        Case { kind: "text/plain", ..Case::refused("/list_accounts", "{}", "list_accounts", 415) },
        Case { method: "GET", ..Case::refused("/list_accounts", "", "list_accounts", 405) },
        Case::post("/no/such/path", "{}", "unknown", 404, CODE, "mock-connector.not_implemented"),
        Case { method: "GET", ..Case::post("/info", "", "info", 200, "/app_id", "mock-connector") },
    ]
}

/// Sends one case after the other until it is time to stop, beginning at the case `at`: valid requests on a connection
/// that is kept, all others each on one of its own.
pub(super) async fn run(worker: Worker, at: usize) -> Result<()> {
    let cases = all();
    let mut kept = Client::new(&worker.address, Protocol::Http1);
    for case in cases.iter().cycle().skip(at * cases.len() / super::CASES) {
        if !worker.goes_on() {
            break;
        }
        let mut own = Client::new(&worker.address, Protocol::Http1);
        let client = if case.status == 200 { &mut kept } else { &mut own };
        let answer = client.send(case.method, case.path, case.kind, case.body.clone()).await?;
        let body = worker.expect(case.capability, answer, case.status)?;
        let found = body.pointer(case.place);
        ensure!(found == Some(&case.value), "{}: {} is {found:?} in {}", case.path, case.place, begin(&body));
        pause(5).await;
    }
    Ok(())
}
