//! Simulates calls to the upstream, including failures.

use connector::Result;
use connector::error::HttpStatusError;

use crate::tenant::{DOMAIN, Tenant};
use crate::{Request, Settings};

/// Calls the upstream with `method` on `path`. The response is the tenant.
///
/// # Errors
/// [`HttpStatusError`] with the status from the settings, or with 401 if the password is `wrong`.
pub(crate) async fn call<P: Sync>(request: &Request<P>, method: &str, path: &str) -> Result<Tenant> {
    let tenant = call_anonymously(request, method, path).await?;
    check_secret(request.auth.password.expose(), method, path, "the password is wrong")?;
    Ok(tenant)
}

/// Like [`call`], without the request's credentials.
///
/// # Errors
/// [`HttpStatusError`] with the status from the settings.
pub(crate) async fn call_anonymously<P: Sync, A: Sync>(
    request: &Request<P, A>,
    method: &str,
    path: &str,
) -> Result<Tenant> {
    let settings = &request.settings;
    delay_or_panic(settings).await;
    if let Some(status) = settings.fail_with_status() {
        return Err(status_error(method, path, status, "the setting `fail_with_status` is on"))?;
    }
    Ok(Tenant::new(settings.accounts()))
}

/// Does what these settings say before a call.
pub(crate) async fn delay_or_panic(settings: &Settings) {
    if let Some(delay) = settings.delay() {
        tokio::time::sleep(delay).await;
    }
    if settings.panics() {
        // The setting lets users see how callers of a connector handle a panic.
        panic!("the setting `panic` is on");
    }
}

/// Checks a password or a client secret with the upstream.
///
/// # Errors
/// [`HttpStatusError`] with 401 if the secret is `wrong`.
pub(crate) fn check_secret(
    secret: &str,
    method: &str,
    path: &str,
    message: &str,
) -> Result<(), HttpStatusError> {
    if secret == "wrong" { Err(status_error(method, path, 401, message)) } else { Ok(()) }
}

pub(crate) fn status_error(method: &str, path: &str, status: u16, body: &str) -> HttpStatusError {
    HttpStatusError::new(method, &format!("https://{DOMAIN}{path}"), status, body)
}
