//! The tracing span and the secrets of a call.

use zeroize::Zeroizing;

use super::answer::Answer;
use super::guard;
use super::handler::Erased;
use super::trace::Traced;
use crate::error::Error;
use crate::scrub::{Watch, without_logging};
use crate::wire::Wire;

/// Runs `work` as part of the call, so that its log lines are in the call's span.
pub(super) fn in_call<T>(traced: &Traced, watch: &Watch, work: impl FnOnce() -> T) -> T {
    traced.span().in_scope(|| watch.scope(work))
}

/// Records the outcome in the span and returns the response.
pub(super) fn finish(traced: Traced, answer: Answer) -> Answer {
    traced.end(&answer.outcome);
    answer
}

/// Returns all strings in a request that must not be shown: everything under `auth`, and every
/// [`Secret`](crate::Secret).
pub(super) fn secrets(erased: &dyn Erased, wire: Wire, request: &[u8]) -> Vec<Zeroizing<String>> {
    let Ok(call) = wire.open(request) else { return Vec::new() };
    let mut texts = call.credential_texts();
    if let Some(by_id) = erased.credential_ids() {
        texts.retain(|text| by_id.find(text).is_none());
    }
    // An author's types may log during deserialization, which would call this function again.
    texts.extend(without_logging(|| crate::secret::collect(|| erased.reread(wire, call))));
    texts
}

/// Drops an error of an author's type, whose `Drop` may panic.
pub(super) fn discard(error: Error) {
    let _ = guard::run_sync(|| drop(error));
}
