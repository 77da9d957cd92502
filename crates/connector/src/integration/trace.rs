//! Calls in logs and traces: their ids, and the spans that their log lines belong to.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
#[cfg(feature = "server")]
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

#[cfg(feature = "server")]
use bytes::Bytes;
use tracing::Span;
use tracing::field::Empty;
use zeroize::Zeroizing;

use super::answer::Outcome;
use crate::cancellation::Cancellation;
use crate::scrub::unscrubbed;
#[cfg(feature = "server")]
use crate::secret::Secret;

/// The target of the spans.
pub(crate) const TARGET: &str = "connector::request";
/// Names of fields in the spans.
#[cfg(feature = "otlp")]
pub(crate) const CAPABILITY: &str = "capability";
pub(crate) const OUTCOME: &str = "outcome";

/// Whether spans are used only for log lines. These are written before the outcome is known, so it isn't recorded then.
static LOG_ONLY: AtomicBool = AtomicBool::new(false);

/// Declares that only the command line's own log uses the spans.
#[cfg(feature = "cli")]
pub(crate) fn set_log_only() {
    LOG_ONLY.store(true, Ordering::Relaxed);
}

/// What an entry point, such as the server, knows about a call in addition to its name and bytes.
#[derive(Default)]
pub(crate) struct CallOrigin {
    /// The call's id: from the entry point at first, then the request's own once that is known.
    id: Option<String>,
    /// Whether `id` was generated here, so that it can't be a secret.
    is_generated: bool,
    /// Whether the entry point returns the id to its caller, even without tracing.
    exposes_id: bool,
    /// The entry point's token, which no id may contain.
    #[cfg(feature = "server")]
    token: Option<Arc<Secret>>,
    /// The id of a call that runs on another task, once it is final.
    #[cfg(feature = "server")]
    final_id: Option<Arc<OnceLock<String>>>,
    /// Cancels the call, if the entry point can.
    cancellation: Option<Cancellation>,
    /// When the entry point or its caller stops waiting.
    until: Option<tokio::time::Instant>,
    /// The request, if the entry point can share its bytes.
    #[cfg(feature = "server")]
    request: Bytes,
    #[cfg(feature = "otlp")]
    parent: Option<opentelemetry::Context>,
}

/// The bytes of a request, kept as long as they are needed.
pub(super) enum RequestBytes {
    #[cfg(feature = "server")]
    Shared(Bytes),
    Copied(Zeroizing<Vec<u8>>),
}

impl std::ops::Deref for RequestBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            #[cfg(feature = "server")]
            Self::Shared(request) => request,
            Self::Copied(request) => request,
        }
    }
}

impl CallOrigin {
    /// Creates the origin of a call that `cancellation` cancels.
    pub(super) fn cancelled_by(cancellation: Cancellation) -> Self {
        Self { cancellation: Some(cancellation), ..Self::default() }
    }

    /// Returns what cancels the call.
    pub(super) fn cancellation(&self) -> Cancellation {
        self.cancellation.clone().unwrap_or_default()
    }

    /// Creates the origin of a call whose id is returned to the caller. Ids that contain `token` are ignored, both `id`
    /// and the request's own.
    #[cfg(feature = "server")]
    pub(crate) fn exposing_id(id: Option<&str>, token: Option<Arc<Secret>>) -> Self {
        let mut origin = Self { token, exposes_id: true, ..Self::default() };
        origin.id = id.filter(|id| origin.allows_id(id)).map(str::to_owned);
        origin
    }

    /// Splits off the origin for a call that runs on another task. Its id is available here as soon as it is final,
    /// even if the call never ends.
    #[cfg(feature = "server")]
    pub(crate) fn detach(&mut self) -> Self {
        let final_id = Arc::default();
        let mut detached = std::mem::take(self);
        self.final_id = Some(Arc::clone(&final_id));
        detached.final_id = Some(final_id);
        detached
    }

    /// Sets when the entry point or its caller stops waiting for the call, unless that is known to be sooner.
    pub(crate) fn set_deadline(&mut self, until: tokio::time::Instant) {
        self.until = Some(self.until.map_or(until, |known| known.min(until)));
    }

    /// Returns how long someone will still wait for the call.
    pub(super) fn remaining(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(tokio::time::Instant::now()))
    }

    /// Returns whether an id from outside may be shown.
    fn allows_id(&self, id: &str) -> bool {
        #[cfg(feature = "server")]
        if self.token.as_ref().is_some_and(|token| id.contains(token.expose().as_str())) {
            return false;
        }
        is_valid_id(id)
    }

    /// Shares the request's bytes.
    #[cfg(feature = "server")]
    pub(crate) fn share_request(&mut self, request: Bytes) {
        self.request = request;
    }

    /// Returns bytes of `request` that can be kept, shared if possible.
    pub(super) fn keep(&self, request: &[u8]) -> RequestBytes {
        #[cfg(feature = "server")]
        if std::ptr::eq(&raw const *self.request, request) {
            return RequestBytes::Shared(self.request.clone());
        }
        RequestBytes::Copied(Zeroizing::new(request.to_vec()))
    }

    /// Sets the trace that the call is part of.
    #[cfg(feature = "otlp")]
    pub(crate) fn with_parent(mut self, parent: Option<opentelemetry::Context>) -> Self {
        self.parent = parent;
        self
    }

    /// Returns the call's id, generating one if there is none.
    pub(crate) fn id(&mut self) -> &str {
        self.adopt_final_id();
        self.id.get_or_insert_with(|| {
            self.is_generated = true;
            new_id()
        })
    }

    /// Takes the call's id.
    #[cfg(feature = "server")]
    pub(crate) fn take_id(&mut self) -> String {
        self.adopt_final_id();
        self.id.take().unwrap_or_else(new_id)
    }

    /// Adopts the final id of a call that runs on another task.
    fn adopt_final_id(&mut self) {
        #[cfg(feature = "server")]
        if let Some(id) = self.final_id.as_ref().and_then(|final_id| final_id.get()) {
            self.id = Some(id.clone());
        }
    }

    /// Discards the entry point's id if it may be a secret. A new one is generated then.
    pub(crate) fn discard_id_if(&mut self, is_suspicious: impl FnOnce(&str) -> bool) {
        if self.id.as_deref().is_some_and(is_suspicious) {
            self.id = None;
        }
    }

    /// Starts the span of a call. `own` is the id in the request. No id is shown before it has passed `scrub`.
    pub(super) fn begin(
        &mut self,
        capability: &'static str,
        own: Option<&str>,
        scrub: impl FnOnce(&str) -> String,
    ) -> Traced {
        let is_traced = tracing::span_enabled!(target: TARGET, tracing::Level::INFO);
        if !is_traced && !self.exposes_id {
            return Traced { span: Span::none(), started: None };
        }
        if let Some(own) = own.filter(|id| self.allows_id(id)) {
            self.id = Some(scrub(own));
        } else if let Some(id) = self.id.as_mut().filter(|_| !self.is_generated) {
            *id = scrub(id);
        }
        #[cfg(feature = "server")]
        if let Some(final_id) = self.final_id.clone() {
            // Can't fail: there is only one call.
            let _ = final_id.set(self.id().to_owned());
        }
        if !is_traced {
            return Traced { span: Span::none(), started: None };
        }
        if LOG_ONLY.load(Ordering::Relaxed) {
            let request_id = self.id();
            let span = unscrubbed(|| tracing::info_span!(target: TARGET, "request", request_id, capability));
            return Traced { span, started: None };
        }
        let request_id = self.id();
        let span = unscrubbed(|| {
            tracing::info_span!(
                target: TARGET,
                "request",
                request_id,
                capability,
                outcome = Empty,
                code = Empty,
                duration_ms = Empty
            )
        });
        #[cfg(feature = "otlp")]
        if let Some(parent) = self.parent.take() {
            use tracing_opentelemetry::OpenTelemetrySpanExt as _;
            // Fails if no trace layer is installed, but then the parent isn't needed.
            let _ = span.set_parent(parent);
        }
        Traced { span, started: Some(Instant::now()) }
    }

    /// Records a span for a call that ended before dispatch.
    #[cfg(feature = "server")]
    pub(crate) fn record_early_end(&mut self, capability: &'static str, outcome: &'static str) {
        self.begin(capability, None, str::to_owned).record(outcome, None);
    }
}

/// A call's span. If it is dropped before the call has ended, the call was cancelled, which is recorded in the span.
#[derive(Debug)]
pub(super) struct Traced {
    span: Span,
    /// When the call started. `None` after its end, or if nothing has to be recorded.
    started: Option<Instant>,
}

impl Traced {
    pub(super) const fn span(&self) -> &Span {
        &self.span
    }

    pub(super) fn end(mut self, outcome: &Outcome) {
        self.record(outcome.as_str(), outcome.code());
    }

    fn record(&mut self, outcome: &str, code: Option<&str>) {
        let Some(started) = self.started.take() else { return };
        unscrubbed(|| {
            self.span.record(OUTCOME, outcome);
            if let Some(code) = code {
                self.span.record("code", code);
            }
            self.span.record("duration_ms", started.elapsed().as_secs_f64() * 1e3);
        });
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        self.record("cancelled", None);
    }
}

/// The maximum length, in bytes, of an id from outside.
const MAX_ID_LENGTH: usize = 128;

/// Returns whether an id can be shown anywhere: visible ASCII, and not too long.
fn is_valid_id(id: &str) -> bool {
    (1..=MAX_ID_LENGTH).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Generates a unique id: 128 bits in hex. The first half is random for each process, and the second is a counter with
/// a random start. It doesn't need to be unguessable.
fn new_id() -> String {
    static PROCESS_IDS: LazyLock<([u8; 8], AtomicU64)> = LazyLock::new(|| {
        let keys = RandomState::new();
        (keys.hash_one(0).to_be_bytes(), AtomicU64::new(keys.hash_one(1)))
    });
    let (process, next) = &*PROCESS_IDS;
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(process);
    bytes[8..].copy_from_slice(&next.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    base16ct::lower::encode_string(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_visible_ascii_is_a_valid_id() {
        for id in ["a", "3f2a-77", "\"quoted\\", &"x".repeat(128)] {
            assert!(is_valid_id(id), "{id:?}");
        }
        for id in ["", "a b", "a\nb", "a\u{1b}[31m", "\u{fc}", &"x".repeat(129)] {
            assert!(!is_valid_id(id), "{id:?}");
        }
    }

    #[test]
    fn generated_ids_are_valid_and_unique() {
        let ids: std::collections::BTreeSet<String> = (0..100).map(|_| new_id()).collect();
        assert!(ids.len() == 100 && ids.iter().all(|id| is_valid_id(id) && id.len() == 32), "{ids:?}");
    }
}
