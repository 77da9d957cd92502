//! A call as logs and traces see it: its id, and the span that what it logs belongs to.

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
use crate::scrub::unscrubbed;
#[cfg(feature = "server")]
use crate::secret::Secret;

/// The target of the spans.
pub(crate) const TARGET: &str = "connector::request";
/// Fields of the spans.
#[cfg(feature = "otlp")]
pub(crate) const CAPABILITY: &str = "capability";
pub(crate) const OUTCOME: &str = "outcome";

/// Whether spans are only for the lines of a log, which are written before the end is known: to tell the span of it
/// would cost more than all the rest of it.
static IS_FOR_LOG: AtomicBool = AtomicBool::new(false);

/// Says that nobody but the command line's own log takes the spans.
#[cfg(feature = "cli")]
pub(crate) fn only_log() {
    IS_FOR_LOG.store(true, Ordering::Relaxed);
}

/// What a door knows of a call besides its name and bytes.
#[derive(Default)]
pub(crate) struct Caller {
    /// The call's id: from the door at first, and the request's own as soon as that is known.
    id: Option<String>,
    /// Whether `id` was made here, and is nobody's text.
    is_made: bool,
    /// Whether the door tells its caller the id, even without a trace.
    tells_id: bool,
    /// What no id may hold: the token that the door asks for.
    #[cfg(feature = "server")]
    token: Option<Arc<Secret>>,
    /// The id of a call that is carried out apart, once no other is chosen.
    #[cfg(feature = "server")]
    settled: Option<Arc<OnceLock<String>>>,
    /// When the door stops waiting.
    #[cfg(feature = "server")]
    until: Option<tokio::time::Instant>,
    /// The request, if the door can share its bytes.
    #[cfg(feature = "server")]
    request: Bytes,
    #[cfg(feature = "otlp")]
    parent: Option<opentelemetry::Context>,
}

/// The bytes of a request, for as long as somebody needs them.
pub(super) enum Kept {
    #[cfg(feature = "server")]
    Shared(Bytes),
    Copied(Zeroizing<Vec<u8>>),
}

impl std::ops::Deref for Kept {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            #[cfg(feature = "server")]
            Self::Shared(request) => request,
            Self::Copied(request) => request,
        }
    }
}

impl Caller {
    /// The caller of a door that tells the id in its answer. No id that holds `token` is taken, neither `id` nor the
    /// request's own.
    #[cfg(feature = "server")]
    pub(crate) fn told(id: Option<&str>, token: Option<Arc<Secret>>) -> Self {
        let mut caller = Self { token, tells_id: true, ..Self::default() };
        caller.id = id.filter(|id| caller.takes(id)).map(str::to_owned);
        caller
    }

    /// The caller for a call that is carried out apart from the door. Its id is known here as soon as it is settled, even
    /// if the call never ends.
    #[cfg(feature = "server")]
    pub(crate) fn hand_over(&mut self) -> Self {
        let settled = Arc::default();
        let mut theirs = std::mem::take(self);
        self.settled = Some(Arc::clone(&settled));
        theirs.settled = Some(settled);
        theirs
    }

    /// Says when the door stops waiting for the call.
    #[cfg(feature = "server")]
    pub(crate) fn must_end_by(&mut self, until: tokio::time::Instant) {
        self.until = Some(until);
    }

    /// How long the door still waits for the call.
    pub(super) fn remaining(&self) -> Option<Duration> {
        #[cfg(feature = "server")]
        return self.until.map(|until| until.saturating_duration_since(tokio::time::Instant::now()));
        #[cfg(not(feature = "server"))]
        None
    }

    /// Whether an id from outside may be shown.
    fn takes(&self, id: &str) -> bool {
        #[cfg(feature = "server")]
        if self.token.as_ref().is_some_and(|token| id.contains(token.expose().as_str())) {
            return false;
        }
        is_sane(id)
    }

    /// Hands over the request's bytes, to be shared.
    #[cfg(feature = "server")]
    pub(crate) fn shares(&mut self, request: Bytes) {
        self.request = request;
    }

    /// `request`, to be kept: shared if the door can.
    pub(super) fn keep(&self, request: &[u8]) -> Kept {
        #[cfg(feature = "server")]
        if std::ptr::eq(&raw const *self.request, request) {
            return Kept::Shared(self.request.clone());
        }
        Kept::Copied(Zeroizing::new(request.to_vec()))
    }

    /// The trace that the call is a part of.
    #[cfg(feature = "otlp")]
    pub(crate) fn part_of(mut self, parent: Option<opentelemetry::Context>) -> Self {
        self.parent = parent;
        self
    }

    /// The call's id, made now if there is none.
    pub(crate) fn id(&mut self) -> &str {
        self.adopt_settled();
        self.id.get_or_insert_with(|| {
            self.is_made = true;
            made()
        })
    }

    /// The call's id, which is not needed here any more.
    #[cfg(feature = "server")]
    pub(crate) fn take_id(&mut self) -> String {
        self.adopt_settled();
        self.id.take().unwrap_or_else(made)
    }

    /// Takes over the id of a call that is carried out apart.
    fn adopt_settled(&mut self) {
        #[cfg(feature = "server")]
        if let Some(id) = self.settled.as_ref().and_then(|settled| settled.get()) {
            self.id = Some(id.clone());
        }
    }

    /// Forgets the door's id if it may be a secret: another is made.
    pub(crate) fn distrust_if(&mut self, is_suspect: impl FnOnce(&str) -> bool) {
        if self.id.as_deref().is_some_and(is_suspect) {
            self.id = None;
        }
    }

    /// Begins the span of a call. `own` is the id that the request carries; no id is shown before `scrub` has seen it.
    pub(super) fn begin(
        &mut self,
        capability: &'static str,
        own: Option<&str>,
        scrub: impl FnOnce(&str) -> String,
    ) -> Traced {
        let is_traced = tracing::span_enabled!(target: TARGET, tracing::Level::INFO);
        if !is_traced && !self.tells_id {
            return Traced { span: Span::none(), begun: None };
        }
        if let Some(own) = own.filter(|id| self.takes(id)) {
            self.id = Some(scrub(own));
        } else if let Some(id) = self.id.as_mut().filter(|_| !self.is_made) {
            *id = scrub(id);
        }
        #[cfg(feature = "server")]
        if let Some(settled) = self.settled.clone() {
            // There is only one call.
            let _ = settled.set(self.id().to_owned());
        }
        if !is_traced {
            return Traced { span: Span::none(), begun: None };
        }
        if IS_FOR_LOG.load(Ordering::Relaxed) {
            let request_id = self.id();
            let span = unscrubbed(|| tracing::info_span!(target: TARGET, "request", request_id, capability));
            return Traced { span, begun: None };
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
            // Without a layer for traces nobody asks for the parent.
            let _ = span.set_parent(parent);
        }
        Traced { span, begun: Some(Instant::now()) }
    }

    /// A span for a call that ended before it came to dispatch.
    #[cfg(feature = "server")]
    pub(crate) fn ended(&mut self, capability: &'static str, outcome: &'static str) {
        self.begin(capability, None, str::to_owned).record(outcome, None);
    }
}

/// A call's span. A call that is dropped before it has ended was cancelled, and its span says so.
#[derive(Debug)]
pub(super) struct Traced {
    span: Span,
    /// Until the end; `None` if nobody wants to know.
    begun: Option<Instant>,
}

impl Traced {
    pub(super) const fn span(&self) -> &Span {
        &self.span
    }

    pub(super) fn end(mut self, outcome: &Outcome) {
        self.record(outcome.as_str(), outcome.code());
    }

    fn record(&mut self, outcome: &str, code: Option<&str>) {
        let Some(begun) = self.begun.take() else { return };
        unscrubbed(|| {
            self.span.record(OUTCOME, outcome);
            if let Some(code) = code {
                self.span.record("code", code);
            }
            self.span.record("duration_ms", begun.elapsed().as_secs_f64() * 1e3);
        });
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        self.record("cancelled", None);
    }
}

/// The longest id that is taken from outside, in bytes.
const LONGEST: usize = 128;

/// Whether an id can be shown anywhere as it is: visible ASCII, and not too long.
fn is_sane(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An id that nobody else has: 128 bits in hex, of which the first half is the process's and the second is counted on
/// from where chance had it begin. Nothing depends on whether it can be guessed.
fn made() -> String {
    static OF_PROCESS: LazyLock<([u8; 8], AtomicU64)> = LazyLock::new(|| {
        let keys = RandomState::new();
        (keys.hash_one(0).to_be_bytes(), AtomicU64::new(keys.hash_one(1)))
    });
    let (process, next) = &*OF_PROCESS;
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(process);
    bytes[8..].copy_from_slice(&next.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    base16ct::lower::encode_string(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_visible_ascii_is_a_sane_id() {
        for id in ["a", "3f2a-77", "\"quoted\\", &"x".repeat(128)] {
            assert!(is_sane(id), "{id:?}");
        }
        for id in ["", "a b", "a\nb", "a\u{1b}[31m", "\u{fc}", &"x".repeat(129)] {
            assert!(!is_sane(id), "{id:?}");
        }
    }

    #[test]
    fn made_ids_are_sane_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..100).map(|_| made()).collect();
        assert!(ids.len() == 100 && ids.iter().all(|id| is_sane(id) && id.len() == 32), "{ids:?}");
    }
}
