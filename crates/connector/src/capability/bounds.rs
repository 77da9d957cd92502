//! Bounds on handlers, written so that compiler errors name the capability.

use std::future::Future;

use super::RequestPayload;
use crate::error::Result;
use crate::response::Response;

/// A request payload that a handler of capability `C` may take.
///
/// Implemented for the capability's request `Q` and for [`WithArgs<Q, …>`](super::WithArgs).
#[diagnostic::on_unimplemented(
    message = "a handler of `{C}` takes `Request<{Q}, …>`, but this one takes `Request<{Self}, …>`",
    label = "not a request of `{C}`",
    note = "for custom arguments, use `WithArgs<…, YourArgs>`"
)]
pub trait RequestOf<C, Q>: RequestPayload<Standard = Q> {}

// Otherwise the compiler reports the mismatched types without naming the capability.
#[diagnostic::do_not_recommend]
impl<C, Q, P: RequestPayload<Standard = Q>> RequestOf<C, Q> for P {}

/// The request payload that a handler of the custom capability `C` takes: its request `Q`.
#[diagnostic::on_unimplemented(
    message = "a handler of `{C}` takes `Request<{Q}, …>`, but this one takes `Request<{Self}, …>`",
    label = "not a request of `{C}`"
)]
pub trait CustomRequestOf<C, Q>: Sized + Send + 'static {
    /// Converts the request.
    #[doc(hidden)]
    fn of(request: Q) -> Self;
}

#[diagnostic::do_not_recommend]
impl<C, Q: Send + 'static> CustomRequestOf<C, Q> for Q {
    fn of(request: Q) -> Self {
        request
    }
}

/// The return type of a blocking handler of capability `C`: `Result<Response<R>>`, where `R` is the capability's
/// response.
#[diagnostic::on_unimplemented(
    message = "a blocking handler of `{C}` returns `Result<Response<{R}>>`, but this one returns `{Self}`",
    label = "not a response of `{C}`",
    note = "register an async handler with `register` or `register_custom`"
)]
pub trait BlockingAnswers<C, R>: Send + 'static {
    /// Converts the result.
    #[doc(hidden)]
    fn result(self) -> Result<Response<R>>;
}

#[diagnostic::do_not_recommend]
impl<C, R: Send + 'static> BlockingAnswers<C, R> for Result<Response<R>> {
    fn result(self) -> Self {
        self
    }
}

/// The return type of an async handler of capability `C`.
///
/// Implemented for every future of `Result<Response<R>>`, where `R` is the capability's response.
#[diagnostic::on_unimplemented(
    message = "the handler of `{C}` is not async: it returns `{Self}`",
    label = "not a future",
    note = "register a blocking handler with `register_blocking` or `register_custom_blocking`"
)]
pub trait Answers<C, R>: Future<Output = Result<Response<R>>> {}

impl<C, R, F: Future<Output = Result<Response<R>>>> Answers<C, R> for F {}
