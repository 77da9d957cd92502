//! Errors: what a handler may return, how errors are classified, and what the caller receives.
//!
//! There are three layers. Any [`std::error::Error`] in a handler becomes an [`Error`] through `?`. [`ConnectorError`]
//! is for errors that a handler raises on purpose. [`EncounteredErrorResponse`] is what exception handlers change; classic
//! writes it as it is, and openapi as a [`ReportedError`].

mod any;
mod classify;
mod code;
mod connector_error;
mod handler;
mod origin;
mod reported;
mod unexpected_body;
mod upstream;

pub use any::Error;
pub(crate) use classify::{Classifier, Entry};
pub use code::{ErrorCode, ErrorCodes};
pub use connector_error::ConnectorError;
pub use handler::{
    CallContext, DefaultHandler, EncounteredErrorResponse, ErrorResponse, ExceptionHandler, HttpHandler,
};
pub(crate) use handler::{initial_response, retry_seconds};
pub(crate) use origin::handler_path;
pub use reported::{ErrorCategory, ErrorFault, ErrorMetadata, ReportedError, ReportedErrorCode};
pub use unexpected_body::UnexpectedBodyError;
#[cfg(feature = "client")]
pub(crate) use upstream::strip_url;
pub use upstream::{HttpStatusError, UpstreamStatus};

/// The result type of handlers.
pub type Result<T, E = Error> = std::result::Result<T, E>;
