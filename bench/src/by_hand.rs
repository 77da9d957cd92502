//! What an engineer would write for list-accounts without an SDK: serde and nothing else.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[expect(dead_code, reason = "a request is read as a whole")]
struct Request {
    request: Payload,
    auth: Auth,
    settings: Option<Settings>,
    page: Option<Page>,
    #[serde(default)]
    include_raw_data: bool,
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "a request is read as a whole")]
struct Payload {
    custom_attributes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "a request is read as a whole")]
struct Auth {
    model: String,
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Settings {}

#[derive(Deserialize)]
struct Page {
    size: Option<usize>,
    #[expect(dead_code, reason = "a request is read as a whole")]
    token: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    response: Accounts,
    raw_data: Option<Value>,
    page: Option<Value>,
    error: Option<Value>,
}

#[derive(Serialize)]
struct Accounts {
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    integration_specific_id: String,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    username: Option<String>,
    user_status: Option<Status>,
    extra_data: Option<Map<String, Value>>,
    custom_attributes: Option<Map<String, Value>>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
}

/// Answers a classic request with as many accounts as its page asks for.
pub(crate) fn list_accounts(bytes: &[u8]) -> serde_json::Result<Vec<u8>> {
    let request: Request = serde_json::from_slice(bytes)?;
    let size = request.page.and_then(|page| page.size).unwrap_or(100);
    let accounts = (0..size)
        .map(|i| Account {
            integration_specific_id: i.to_string(),
            email: Some(format!("user{i}@example.com")),
            given_name: Some("Given".to_owned()),
            family_name: Some("Family".to_owned()),
            username: Some(format!("user{i}")),
            user_status: Some(Status::Active),
            extra_data: Some(Map::from_iter([("n".to_owned(), Value::from("1"))])),
            custom_attributes: None,
        })
        .collect();
    serde_json::to_vec(&Answer { response: Accounts { accounts }, raw_data: None, page: None, error: None })
}
