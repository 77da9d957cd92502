//! A connector that uses all features of a block, and a helper to call it.

use std::sync::atomic::{AtomicU64, Ordering};

use connector::capability::{
    CreateAccountRequest, CreateAccountResponse, CustomCapability, Effect, ListAccountsRequest,
    ListAccountsResponse, ValidateCredentialsRequest, ValidateCredentialsResponse,
};
use connector::error::{DefaultHandler, HttpHandler, HttpStatusError};
use connector::model::{AccountStatus, BasicCredentials, FoundAccountData};
use connector::schemars::JsonSchema;
use connector::{Integration, Response, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) type Request<P> = connector::Request<P, Settings, BasicCredentials>;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Settings {
    domain: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the badge printer is on fire")]
struct OnFire;

pub(crate) struct RotateBadge;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct RotateBadgeRequest {
    account_id: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RotateBadgeResponse {
    badge: String,
}

impl CustomCapability for RotateBadge {
    type Request = RotateBadgeRequest;
    type Response = RotateBadgeResponse;
    const NAME: &'static str = "rotate_badge";
    const EFFECT: Effect = Effect::UnsafeWrite;
    const SUMMARY: &'static str = "Issues a new badge to an account";
}

/// Counts its calls, to verify that they share it.
#[derive(Default)]
struct Hub {
    calls: AtomicU64,
}

#[connector::capabilities(
    auth = BasicCredentials,
    settings = Settings,
    on_error(HttpStatusError, HttpHandler),
    on_error(OnFire, DefaultHandler, "on_fire")
)]
impl Hub {
    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>> {
        let name = format!("{}@{}", request.auth.username, request.settings.domain);
        let account =
            FoundAccountData { username: Some(name), ..FoundAccountData::new(self.call().to_string()) };
        Ok(ListAccountsResponse { accounts: vec![account] }.into())
    }

    fn validate_credentials(
        &self,
        request: Request<ValidateCredentialsRequest>,
    ) -> Result<Response<ValidateCredentialsResponse>> {
        self.call();
        let username = request.auth.username;
        // Allowed only on the blocking thread pool.
        let valid = tokio::runtime::Handle::current().block_on(async { username == "ada" });
        Ok(ValidateCredentialsResponse::new(valid).into())
    }

    async fn create_account(
        &self,
        _: Request<CreateAccountRequest>,
    ) -> Result<Response<CreateAccountResponse>> {
        Err(HttpStatusError::new("POST", "https://hub.example.com/users", 403, "no"))?
    }

    #[custom_capability(RotateBadge)]
    async fn rotate(&self, request: Request<RotateBadgeRequest>) -> Result<Response<RotateBadgeResponse>> {
        if request.request.account_id == "fire" {
            return Err(OnFire)?;
        }
        let badge = format!("{}-{}", request.request.account_id, self.call());
        Ok(Response::new(RotateBadgeResponse { badge })
            .raw_data_if(request.include_raw_data, serde_json::json!({ "status": AccountStatus::Active })))
    }

    fn call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed) + 1
    }
}

pub(crate) fn integration() -> Integration {
    Hub::default().into_builder("hub").version("1.2.3").build()
}

/// Returns the response to a request with `payload`.
pub(crate) fn ask(integration: &Integration, capability: &str, payload: &str) -> Value {
    let request = format!(
        r#"{{
            "auth": {{"model": "basic", "username": "ada", "password": "correct horse"}},
            "settings": {{"domain": "example.com"}},
            "request": {payload}
        }}"#
    );
    let answer = integration.dispatch_blocking(capability, request.as_bytes());
    serde_json::from_slice(&answer).expect("the response should be one JSON document")
}
