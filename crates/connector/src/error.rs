//! Errors: what a handler may return, how it is classified, and what a caller reads of it.
//!
//! Three layers, never mixed: any [`std::error::Error`] that a handler meets becomes an [`Error`] through `?`;
//! [`ConnectorError`] is the one to raise on purpose; [`EncounteredErrorResponse`] is what goes on the wire.

mod any;
mod classify;
mod code;
mod connector_error;
mod handler;
mod origin;
mod unexpected_body;
mod upstream;

pub use any::Error;
pub(crate) use classify::{Classifier, Entry};
pub use code::{ErrorCode, ErrorCodes};
pub use connector_error::ConnectorError;
pub use handler::{
    CallContext, DefaultHandler, EncounteredErrorResponse, ErrorResponse, ExceptionHandler, HttpHandler,
};
pub(crate) use handler::{first_answer, retry_seconds};
pub(crate) use origin::handler_path;
pub use unexpected_body::UnexpectedBodyError;
#[cfg(feature = "client")]
pub(crate) use upstream::bare;
pub use upstream::{HttpStatusError, UpstreamStatus};

/// What a handler returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
