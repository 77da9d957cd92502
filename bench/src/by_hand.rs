//! list-accounts as an engineer would write it without an SDK, in both wire formats. It only uses serde.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[expect(dead_code, reason = "the whole request is deserialized")]
struct Request<A> {
    request: Payload,
    auth: A,
    settings: Option<Settings>,
    page: Option<Page>,
    #[serde(default)]
    include_raw_data: bool,
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the whole request is deserialized")]
struct Payload {
    custom_attributes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the whole request is deserialized")]
struct Auth {
    model: String,
    username: String,
    password: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the whole request is deserialized")]
struct OpenApiAuth {
    basic: Basic,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the whole request is deserialized")]
struct Basic {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Settings {
    accounts: Option<usize>,
}

#[derive(Deserialize)]
struct Page {
    size: Option<usize>,
    token: Option<String>,
}

/// The content of a page token, which is a list of these in hexadecimal MessagePack.
#[derive(Deserialize, Serialize)]
struct Position {
    endpoint: String,
    offset: usize,
}

#[derive(Serialize)]
struct NextPage {
    token: String,
    size: Option<usize>,
}

#[derive(Serialize)]
struct Response {
    response: Accounts,
    raw_data: Option<Value>,
    page: Option<NextPage>,
    error: Option<Value>,
}

#[derive(Serialize)]
struct OpenApiResponse {
    response: Vec<OpenApiAccount>,
    raw_data: Option<Value>,
    page: Option<Value>,
    rate_limit: Option<Value>,
    execution_summary: Option<Value>,
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
struct OpenApiAccount {
    integration_specific_id: String,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    username: Option<String>,
    user_status: Option<Status>,
    extra_data: Option<Map<String, Value>>,
    custom_attributes: Option<Map<String, Value>>,
    account_type: Option<String>,
    resource_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
}

/// Handles a classic request. Returns as many accounts as the page size, starting at the token's position. There is a
/// next page if the settings contain the number of accounts.
pub(crate) fn list_accounts(bytes: &[u8]) -> serde_json::Result<Vec<u8>> {
    let request: Request<Auth> = serde_json::from_slice(bytes)?;
    let start = match request.page.as_ref().and_then(|page| page.token.as_deref()) {
        Some(token) => decode(token).ok_or_else(|| serde::de::Error::custom("page.token"))?,
        None => 0,
    };
    let end = start + size(&request);
    let total = request.settings.and_then(|settings| settings.accounts).unwrap_or(end);
    let accounts = (start..end.min(total)).map(account).collect();
    let page = (end < total).then(|| NextPage { token: encode(end), size: None });
    serde_json::to_vec(&Response { response: Accounts { accounts }, raw_data: None, page, error: None })
}

fn decode(token: &str) -> Option<usize> {
    let positions: Vec<Position> = rmp_serde::from_slice(&hex::decode(token).ok()?).ok()?;
    positions.first().filter(|position| position.endpoint == "/users").map(|position| position.offset)
}

fn encode(offset: usize) -> String {
    let positions = [Position { endpoint: "/users".to_owned(), offset }];
    hex::encode(rmp_serde::to_vec_named(&positions).unwrap_or_default())
}

/// Handles an openapi request in the same way.
pub(crate) fn list_accounts_openapi(bytes: &[u8]) -> serde_json::Result<Vec<u8>> {
    let request: Request<OpenApiAuth> = serde_json::from_slice(bytes)?;
    let response = (0..size(&request)).map(|i| account(i).into()).collect();
    serde_json::to_vec(&OpenApiResponse {
        response,
        raw_data: None,
        page: None,
        rate_limit: None,
        execution_summary: None,
    })
}

fn size<A>(request: &Request<A>) -> usize {
    request.page.as_ref().and_then(|page| page.size).unwrap_or(100)
}

fn account(i: usize) -> Account {
    Account {
        integration_specific_id: i.to_string(),
        email: Some(format!("user{i}@example.com")),
        given_name: Some("Given".to_owned()),
        family_name: Some("Family".to_owned()),
        username: Some(format!("user{i}")),
        user_status: Some(Status::Active),
        extra_data: Some(Map::from_iter([("n".to_owned(), Value::from("1"))])),
        custom_attributes: None,
    }
}

impl From<Account> for OpenApiAccount {
    fn from(account: Account) -> Self {
        Self {
            integration_specific_id: account.integration_specific_id,
            email: account.email,
            given_name: account.given_name,
            family_name: account.family_name,
            username: account.username,
            user_status: account.user_status,
            extra_data: account.extra_data,
            custom_attributes: account.custom_attributes,
            account_type: None,
            resource_id: None,
        }
    }
}
