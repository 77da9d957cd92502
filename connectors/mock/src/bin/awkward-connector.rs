//! A connector that misbehaves, to test how the command line and the server handle it. It leaves its errors unhandled,
//! blocks in async code, logs and panics while its settings are deserialized, and logs the password.

use std::process::ExitCode;
use std::time::Duration;

use connector::capability::{
    ActivateAccount, ActivateAccountRequest, ActivateAccountResponse, DeactivateAccount,
    DeactivateAccountRequest, DeactivateAccountResponse, ListAccounts, ListAccountsRequest,
    ListAccountsResponse, ListCustomAttributesSchema, ListCustomAttributesSchemaRequest,
    ListCustomAttributesSchemaResponse, ValidateCredentials, ValidateCredentialsRequest,
    ValidateCredentialsResponse,
};
use connector::model::{AccountStatus, BasicCredentials};
use connector::{Integration, Response, Result};
use serde::{Deserialize, Deserializer};

type Request<P> = connector::Request<P, Settings, BasicCredentials>;

#[derive(schemars::JsonSchema)]
struct Settings {
    #[expect(dead_code, reason = "only deserialized")]
    old_host: Option<String>,
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            old_host: Option<String>,
        }
        let Raw { old_host } = Raw::deserialize(deserializer)?;
        if let Some(host) = &old_host {
            tracing::warn!("the setting `old_host` is deprecated");
            assert!(!host.is_empty(), "an empty host");
        }
        Ok(Self { old_host })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("cannot sign in as {0}")]
struct SignIn(String, #[source] std::io::Error);

/// Fails, and logs the password.
async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    let password = request.auth.password.expose();
    let _signing_in = tracing::info_span!("sign-in", password, otel.name = password).entered();
    tracing::info!(password, "signing in with {password}");
    Err(SignIn(password.clone(), std::io::Error::other("connection refused")))?
}

/// Blocks its thread, which an async function must not do.
async fn validate(_: Request<ValidateCredentialsRequest>) -> Result<Response<ValidateCredentialsResponse>> {
    std::thread::sleep(Duration::from_secs(60));
    Ok(ValidateCredentialsResponse::new(true).into())
}

/// Blocks, as a blocking handler may, and logs the password.
#[expect(clippy::needless_pass_by_value, reason = "handlers take their request by value")]
fn list_attributes(
    request: Request<ListCustomAttributesSchemaRequest>,
) -> Result<Response<ListCustomAttributesSchemaResponse>> {
    tracing::info!("asking for attributes with {}", request.auth.password.expose());
    Ok(ListCustomAttributesSchemaResponse::default().into())
}

/// Makes a change that is only complete once the call is cancelled.
#[expect(clippy::needless_pass_by_value, reason = "handlers take their request by value")]
fn activate(request: Request<ActivateAccountRequest>) -> Result<Response<ActivateAccountResponse>> {
    report_begin();
    while !request.cancellation().is_cancelled() {
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(ActivateAccountResponse::new(AccountStatus::Active, true).into())
}

/// Tells a test that the handler runs. Before that, a signal keeps it from being started.
#[expect(clippy::print_stderr, reason = "tests read it")]
fn report_begin() {
    eprintln!("the handler has begun");
}

/// Makes a change that ignores its cancellation.
fn deactivate(_: Request<DeactivateAccountRequest>) -> Result<Response<DeactivateAccountResponse>> {
    report_begin();
    std::thread::sleep(Duration::from_secs(60));
    Ok(DeactivateAccountResponse::new(AccountStatus::Suspended, true).into())
}

fn main() -> ExitCode {
    let integration = Integration::builder("awkward")
        .auth::<BasicCredentials>()
        .settings::<Settings>()
        .handle_errors(false)
        .register_blocking(ActivateAccount, activate)
        .register_blocking(DeactivateAccount, deactivate)
        .register(ListAccounts, list_accounts)
        .register(ValidateCredentials, validate)
        .register_blocking(ListCustomAttributesSchema, list_attributes)
        .build();
    connector::cli::run(integration)
}
