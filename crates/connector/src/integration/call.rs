//! What surrounds a call: its span and its secrets.

use zeroize::Zeroizing;

use super::answer::Answer;
use super::guard;
use super::handler::Erased;
use super::trace::Traced;
use crate::error::Error;
use crate::scrub::{Watch, without_logging};
use crate::wire::Wire;

/// Runs `work`; what it logs belongs to the call.
pub(super) fn in_call<T>(traced: &Traced, watch: &Watch, work: impl FnOnce() -> T) -> T {
    traced.span().in_scope(|| watch.scope(work))
}

/// The answer, after the span has been told of it.
pub(super) fn ended(traced: Traced, answer: Answer) -> Answer {
    traced.end(&answer.outcome);
    answer
}

/// All texts in a request that must not be seen: everything under `auth`, and every [`Secret`](crate::Secret).
pub(super) fn secrets(erased: &dyn Erased, wire: Wire, request: &[u8]) -> Vec<Zeroizing<String>> {
    let Ok(call) = wire.open(request) else { return Vec::new() };
    let mut texts = call.credential_texts();
    // An author's types may log while they are read, and that would end up here again.
    texts.extend(without_logging(|| crate::secret::collect(|| erased.reread(wire, call))));
    texts
}

/// Drops an error of an author's type, whose own code may panic.
pub(super) fn discard(error: Error) {
    let _ = guard::run_sync(|| drop(error));
}
