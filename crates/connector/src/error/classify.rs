//! Passes errors through the registered exception handlers.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;

use super::{CallContext, ConnectorError, Error, ErrorResponse, ExceptionHandler};

type HandlerFuture<'a> = Pin<Box<dyn Future<Output = ErrorResponse> + Send + 'a>>;

/// A registered exception handler, together with the type of error it handles.
pub(crate) struct Entry {
    code: Option<String>,
    handler: Box<dyn Erased>,
}

impl Entry {
    /// Handles errors of type `E`, as the error itself or one of its causes.
    pub(crate) fn for_type<E, H>(handler: H, code: Option<String>) -> Self
    where
        E: StdError + Send + Sync + 'static,
        H: ExceptionHandler<E>,
    {
        Self { code, handler: Box::new(OfType::<E, H> { handler, error: std::marker::PhantomData }) }
    }

    /// Handles every error.
    pub(crate) fn for_any<H: ExceptionHandler<Error>>(handler: H) -> Self {
        Self { code: None, handler: Box::new(OfAny(handler)) }
    }
}

trait Erased: Send + Sync {
    /// Returns `None` and leaves `response` unchanged if the handler isn't for this error.
    fn handle<'a>(
        &'a self,
        error: &'a Error,
        call: CallContext<'a>,
        response: &mut ErrorResponse,
    ) -> Option<HandlerFuture<'a>>;
}

struct OfType<E, H> {
    handler: H,
    error: std::marker::PhantomData<fn(E)>,
}

impl<E, H> Erased for OfType<E, H>
where
    E: StdError + Send + Sync + 'static,
    H: ExceptionHandler<E>,
{
    fn handle<'a>(
        &'a self,
        error: &'a Error,
        call: CallContext<'a>,
        response: &mut ErrorResponse,
    ) -> Option<HandlerFuture<'a>> {
        let error = error.find::<E>()?;
        set_code(call, response);
        let response = std::mem::take(response);
        Some(Box::pin(self.handler.handle(error, call, response)))
    }
}

struct OfAny<H>(H);

impl<H: ExceptionHandler<Error>> Erased for OfAny<H> {
    fn handle<'a>(
        &'a self,
        error: &'a Error,
        call: CallContext<'a>,
        response: &mut ErrorResponse,
    ) -> Option<HandlerFuture<'a>> {
        let response = std::mem::take(response);
        Some(Box::pin(self.0.handle(error, call, response)))
    }
}

fn set_code(call: CallContext<'_>, response: &mut ErrorResponse) {
    if let Some(code) = call.code {
        response.error.error_code = match call.upstream_code {
            Some(failure) => format!("{code}.{}", failure.as_str()),
            None => code.to_owned(),
        };
    }
}

/// All exception handlers of an integration, in order of registration.
#[derive(Default)]
pub(crate) struct Classifier {
    entries: Vec<Entry>,
}

impl Classifier {
    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Returns the response to a call that failed with `error`, starting from the SDK's own response `initial`.
    pub(crate) async fn answer(
        &self,
        error: &Error,
        call: CallContext<'_>,
        initial: ErrorResponse,
    ) -> ErrorResponse {
        let mut response = initial;
        if error.downcast_ref::<ConnectorError>().is_some() {
            return response;
        }
        for entry in &self.entries {
            let call = CallContext { code: entry.code.as_deref(), ..call };
            if let Some(handling) = entry.handler.handle(error, call, &mut response) {
                response = handling.await;
            }
        }
        response
    }
}
