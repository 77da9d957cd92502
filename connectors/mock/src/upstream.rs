//! What stands in for the network: the way to the tenant, and how it fails.

use connector::Result;
use connector::error::HttpStatusError;

use crate::Request;
use crate::tenant::{DOMAIN, Tenant};

/// Calls the upstream: `method` on `path`, of which the tenant is the answer.
///
/// # Errors
/// [`HttpStatusError`]: of the status that the settings demand, or 401 if the password is `wrong`.
pub(crate) async fn call<P: Sync>(request: &Request<P>, method: &str, path: &str) -> Result<Tenant> {
    let settings = &request.settings;
    if let Some(delay) = settings.delay() {
        tokio::time::sleep(delay).await;
    }
    if settings.panics() {
        // Asked for by whoever wants to see what the caller of a connector makes of it.
        panic!("the setting `panic` is on");
    }
    if let Some(status) = settings.fail_with_status() {
        return Err(answered(method, path, status, "the setting `fail_with_status` is on"))?;
    }
    accept(request.auth.password.expose(), method, path, "the password is wrong")?;
    Ok(Tenant::new(settings.accounts()))
}

/// Has the upstream look at a password or a client's secret.
///
/// # Errors
/// [`HttpStatusError`] of 401 if it is `wrong`.
pub(crate) fn accept(secret: &str, method: &str, path: &str, refusal: &str) -> Result<(), HttpStatusError> {
    if secret == "wrong" { Err(answered(method, path, 401, refusal)) } else { Ok(()) }
}

fn answered(method: &str, path: &str, status: u16, body: &str) -> HttpStatusError {
    HttpStatusError::new(method, &format!("https://{DOMAIN}{path}"), status, body)
}
