//! What a handler must be to fit a capability, said so that the compiler names the capability when it does not.

use std::future::Future;

use super::RequestPayload;
use crate::error::Result;
use crate::response::Response;

/// A payload that a handler of the capability `C`, which is asked with `Q`, may take: `Q` itself or
/// [`WithArgs<Q, …>`](super::WithArgs). Implemented for both.
#[diagnostic::on_unimplemented(
    message = "a handler of `{C}` takes `Request<{Q}, …>`, this one takes `Request<{Self}, …>`",
    label = "not a request of `{C}`",
    note = "arguments that only this connector has come as `WithArgs<…, YourArgs>`"
)]
pub trait RequestOf<C, Q>: RequestPayload<Standard = Q> {}

// Else the compiler reports the type that is not equal, and not for which capability.
#[diagnostic::do_not_recommend]
impl<C, Q, P: RequestPayload<Standard = Q>> RequestOf<C, Q> for P {}

/// What a handler of the capability `C` of a connector's own, which is asked with `Q`, takes: `Q`.
#[diagnostic::on_unimplemented(
    message = "a handler of `{C}` takes `Request<{Q}, …>`, this one takes `Request<{Self}, …>`",
    label = "not a request of `{C}`"
)]
pub trait CustomRequestOf<C, Q>: Sized + Send + 'static {
    /// The request itself.
    #[doc(hidden)]
    fn of(request: Q) -> Self;
}

#[diagnostic::do_not_recommend]
impl<C, Q: Send + 'static> CustomRequestOf<C, Q> for Q {
    fn of(request: Q) -> Self {
        request
    }
}

/// What a blocking handler of the capability `C`, which is answered with `R`, returns: `Result<Response<R>>`.
#[diagnostic::on_unimplemented(
    message = "a blocking handler of `{C}` returns `Result<Response<{R}>>`, this one returns `{Self}`",
    label = "not an answer of `{C}`",
    note = "an async handler is registered with `register` or `register_custom`"
)]
pub trait BlockingAnswers<C, R>: Send + 'static {
    /// The answer itself.
    #[doc(hidden)]
    fn result(self) -> Result<Response<R>>;
}

#[diagnostic::do_not_recommend]
impl<C, R: Send + 'static> BlockingAnswers<C, R> for Result<Response<R>> {
    fn result(self) -> Self {
        self
    }
}

/// What an async handler of the capability `C`, which is answered with `R`, returns. Implemented for every future of
/// `Result<Response<R>>`.
#[diagnostic::on_unimplemented(
    message = "the handler of `{C}` is not async: it returns `{Self}`",
    label = "not a future",
    note = "a handler that is not async is registered with `register_blocking` or `register_custom_blocking`"
)]
pub trait Answers<C, R>: Future<Output = Result<Response<R>>> {}

impl<C, R, F: Future<Output = Result<Response<R>>>> Answers<C, R> for F {}
