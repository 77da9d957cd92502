//! Runs the checks of a probe and combines their results.

use std::future::Future;
use std::iter;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use super::caller::Caller;
use super::finding::{Finding, what_to_do};
use super::{BASELINE, Options, checks};
use crate::capability::{
    ProbeCheck, ProbeCheckName, ProbeCheckSource, ProbeCheckStatus, ProbeIntegration,
    ProbeIntegrationRequest, ProbeIntegrationResponse, ProbeSample, ProbeStatus,
};
use crate::error::{ReportedError, Result};
use crate::integration::built_in::{BuiltIn, BuiltInCall};
use crate::integration::call::secrets;
use crate::integration::guard;
use crate::integration::handler::Registered;
use crate::model::PaginationArgs;
use crate::response::Response;
use crate::scrub::Scrubber;
use crate::wire::openapi::own;

type Running<'a> = Pin<Box<dyn Future<Output = Result<Response<ProbeIntegrationResponse>>> + Send + 'a>>;

/// The built-in `probe_integration`.
pub(super) struct BuiltInProbe {
    /// In the order in which they run.
    pub(super) specs: Vec<Spec>,
    pub(super) options: Options,
}

/// A check that a probe runs.
pub(super) struct Spec {
    pub(super) name: ProbeCheckName,
    pub(super) is_optional: bool,
    /// The author's check; `None` for the SDK's own.
    pub(super) custom: Option<CustomCheck>,
}

/// An author's check.
pub(super) struct CustomCheck {
    pub(super) registered: Registered,
    /// Reads its result. A pointer, so that a connector without such checks doesn't contain the function.
    pub(super) read: fn(&str) -> serde_json::Result<ProbeCheck>,
}

impl Spec {
    pub(super) const fn default(name: ProbeCheckName) -> Self {
        Self { name, is_optional: false, custom: None }
    }

    const fn source(&self) -> ProbeCheckSource {
        if self.custom.is_some() { ProbeCheckSource::Native } else { ProbeCheckSource::Default }
    }
}

impl BuiltIn for BuiltInProbe {
    type Capability = ProbeIntegration;
    const REQUIRES_CREDENTIALS: bool = true;

    fn respond<'a>(
        &'a self,
        call: BuiltInCall<'a, ProbeIntegrationRequest>,
    ) -> impl Future<Output = Result<Response<ProbeIntegrationResponse>>> + Send + 'a {
        // Boxed here, so that it is compiled with the SDK and not again in each connector.
        let running: Running<'a> = Box::pin(self.run(call));
        running
    }
}

impl BuiltInProbe {
    async fn run(
        &self,
        call: BuiltInCall<'_, ProbeIntegrationRequest>,
    ) -> Result<Response<ProbeIntegrationResponse>> {
        let started = Instant::now();
        let left = call.metadata.until.map(|until| until.saturating_duration_since(started));
        // Leaves time for the report.
        let end = left.and_then(|left| started.checked_add(guard::handler_time(left)));

        let is_requested = |spec: &&Spec| {
            call.request.checks.as_ref().is_none_or(|requested| requested.contains(&spec.name))
        };
        let mut checks_left =
            u32::try_from(self.specs.iter().filter(is_requested).count()).unwrap_or(u32::MAX);
        let mut results = Vec::new();
        let mut status = ProbeStatus::Passed;
        for spec in &self.specs {
            if !is_requested(&spec) {
                results.push(ProbeCheck {
                    message: Some("Not requested.".to_owned()),
                    ..ProbeCheck::new(spec.name, ProbeCheckStatus::Skipped, spec.source(), 0_u64, [])
                });
                continue;
            }
            let begin = Instant::now();
            // If there is little time, a check that hangs must not use up that of the others.
            let share = |end: Instant| end.saturating_duration_since(begin) / checks_left.max(1);
            let time_limit = self.options.time_limit.min(end.map_or(Duration::MAX, share));
            checks_left = checks_left.saturating_sub(1);
            let caller = Caller {
                integration: call.integration,
                call: &call.envelope,
                options: &self.options,
                // A limit that is too long for the clock is as good as the longest one that isn't.
                until: begin.checked_add(time_limit).unwrap_or(begin + Duration::from_secs(u32::MAX.into())),
                time_limit,
            };
            let (mut check, is_usable) = match &spec.custom {
                Some(custom) => (custom_check(caller, custom, &call.request).await, false),
                None => {
                    // Boxed, because each check needs far more space than the rest.
                    let finding = Box::pin(default_check(caller, spec.name, &call.request)).await;
                    let is_usable = finding.is_usable;
                    (finding.into_check(spec.name), is_usable)
                }
            };
            check.check = spec.name;
            check.source = spec.source();
            check.duration_ms.get_or_insert(millis(begin));
            status = worse(status, outcome(&check, spec.is_optional || is_usable));
            results.push(check);
        }
        for name in BASELINE {
            if !self.specs.iter().any(|spec| spec.name == name) {
                results.push(ProbeCheck {
                    message: Some("This connector does not run this check.".to_owned()),
                    ..ProbeCheck::new(
                        name,
                        ProbeCheckStatus::Unsupported,
                        ProbeCheckSource::Native,
                        0_u64,
                        [],
                    )
                });
            }
        }
        if proves_nothing(&results) {
            status = ProbeStatus::Failed;
        }
        let duration_ms = Some(millis(started));
        Ok(ProbeIntegrationResponse { duration_ms, ..ProbeIntegrationResponse::new(status, results) }.into())
    }
}

async fn default_check(
    caller: Caller<'_>,
    name: ProbeCheckName,
    request: &ProbeIntegrationRequest,
) -> Finding {
    match name {
        ProbeCheckName::Accounts => checks::accounts(caller, request.custom_attributes.as_deref()).await,
        ProbeCheckName::Entitlements => checks::entitlements(caller).await,
        // The only other check of the SDK; see `BASELINE`.
        _ => checks::associations(caller).await,
    }
}

/// Runs an author's check.
async fn custom_check(
    caller: Caller<'_>,
    check: &CustomCheck,
    payload: &ProbeIntegrationRequest,
) -> ProbeCheck {
    match send_custom(caller, check, payload).await {
        Ok(result) => result,
        Err(error) => ProbeCheck {
            message: Some(what_to_do(error.clone())),
            error: Some(error),
            ..ProbeCheck::failed("")
        },
    }
}

async fn send_custom(
    caller: Caller<'_>,
    check: &CustomCheck,
    payload: &ProbeIntegrationRequest,
) -> Result<ProbeCheck, ReportedError> {
    let unreadable = |error| caller.unreadable("the check", &error);
    let payload = serde_json::to_string(payload).map_err(unreadable)?;
    let request = own::request(caller.call, &payload, &PaginationArgs::default()).map_err(unreadable)?;
    let body = caller.send(&check.registered, request.as_bytes()).await?;
    let result = own::success(&body).and_then(|success| (check.read)(success.response.get()));
    let mut result = result.map_err(unreadable)?;
    // Nothing removes secrets from a payload, and this one has messages that authors make of errors.
    let scrubber =
        Scrubber::new(secrets(check.registered.erased.as_ref(), caller.integration.wire, request.as_bytes()));
    let configs = result.samples.iter_mut().filter_map(|sample| match sample {
        ProbeSample::CapabilityConfig(config) => Some(config),
        _ => None,
    });
    let samples = configs.flat_map(|config| {
        let findings = config.findings.iter_mut();
        let texts =
            findings.flat_map(|finding| iter::once(&mut finding.message).chain(&mut finding.suggestion));
        texts.chain(&mut config.preview)
    });
    let error = result.error.as_mut().map(|error| &mut error.message);
    for text in result.message.iter_mut().chain(error).chain(samples) {
        *text = scrubber.scrub(text);
    }
    Ok(result)
}

/// What a check means for the probe. `tolerates` means that a sync works even if the check fails.
fn outcome(check: &ProbeCheck, tolerates: bool) -> ProbeStatus {
    match check.status {
        ProbeCheckStatus::Failed if !tolerates => ProbeStatus::Failed,
        ProbeCheckStatus::Failed => ProbeStatus::Partial,
        _ if Finding::has_gaps(check) => ProbeStatus::Partial,
        _ => ProbeStatus::Passed,
    }
}

const fn worse(one: ProbeStatus, other: ProbeStatus) -> ProbeStatus {
    match (one, other) {
        (ProbeStatus::Failed, _) | (_, ProbeStatus::Failed) => ProbeStatus::Failed,
        (ProbeStatus::Partial, _) | (_, ProbeStatus::Partial) => ProbeStatus::Partial,
        _ => ProbeStatus::Passed,
    }
}

/// Whether no check ran, although one of them was requested.
fn proves_nothing(results: &[ProbeCheck]) -> bool {
    let has = |status| results.iter().any(|check| check.status == status);
    has(ProbeCheckStatus::Unsupported) && !has(ProbeCheckStatus::Passed) && !has(ProbeCheckStatus::Failed)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
