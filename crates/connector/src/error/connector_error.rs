//! [`ConnectorError`]: an error that a connector raises on purpose.

use std::borrow::Cow;
use std::time::Duration;

use super::code::each_code;
use super::{ErrorCode, ErrorCodes};

/// An error with a code, raised on purpose. It bypasses the exception handlers.
///
/// ```
/// use std::time::Duration;
///
/// use connector::error::ConnectorError;
///
/// fn check(id: &str, calls_left: u32) -> connector::Result<()> {
///     if id.is_empty() {
///         return Err(ConnectorError::bad_request("the id is empty"))?;
///     }
///     if calls_left == 0 {
///         let wait = Duration::from_secs(30);
///         return Err(ConnectorError::rate_limited("no calls left in this minute").with_retry_after(wait))?;
///     }
///     Ok(())
/// }
/// # assert!(check("", 1).is_err() && check("a", 0).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectorError {
    message: String,
    code: Cow<'static, str>,
    status_code: Option<u16>,
    retry_after: Option<Duration>,
    retryable: Option<bool>,
    hint: Option<String>,
    openapi_code: Option<ErrorCode>,
}

impl ConnectorError {
    /// Creates an error with this message and the code `<app_id>.<code>`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a code is a small enum or a literal; `&` would only be noise"
    )]
    pub fn new(message: impl Into<String>, code: impl ErrorCodes) -> Self {
        Self {
            message: message.into(),
            code: code.code(),
            status_code: None,
            retry_after: None,
            retryable: None,
            hint: None,
            openapi_code: None,
        }
    }

    /// Sets the HTTP status that the upstream returned.
    #[must_use]
    pub const fn with_status(mut self, status_code: u16) -> Self {
        self.status_code = Some(status_code);
        self
    }

    /// Sets how long the caller should wait before it retries.
    #[must_use]
    pub const fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.retry_after = Some(retry_after);
        self
    }

    /// Sets whether a retry may succeed. By default, this follows from the code.
    #[must_use]
    pub const fn with_retryable(mut self, retryable: bool) -> Self {
        self.retryable = Some(retryable);
        self
    }

    /// Sets a hint: what the reader can do about the error. Openapi format only.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the code in openapi, if that format has a more specific one than classic.
    #[must_use]
    pub(crate) const fn with_openapi_code(mut self, code: ErrorCode) -> Self {
        self.openapi_code = Some(code);
        self
    }

    /// The code in openapi, if it isn't [`code`](Self::code).
    pub(crate) const fn openapi_code(&self) -> Option<ErrorCode> {
        self.openapi_code
    }

    /// The code, without the app's prefix.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The HTTP status that the upstream returned, if any.
    #[must_use]
    pub const fn status_code(&self) -> Option<u16> {
        self.status_code
    }

    /// How long the caller should wait before it retries.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether a retry may succeed, if this doesn't follow from the code.
    #[must_use]
    pub const fn retryable(&self) -> Option<bool> {
        self.retryable
    }

    /// What the reader can do about the error.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

macro_rules! constructors {
    ($($code:ident, $name:literal, $constructor:ident, $meaning:literal;)*) => {
        /// One constructor for each default code.
        impl ConnectorError {
            $(
                #[doc = concat!("An error coded `", $name, "`. ", $meaning, ".")]
                pub fn $constructor(message: impl Into<String>) -> Self {
                    Self::new(message, ErrorCode::$code)
                }
            )*
        }
    };
}
each_code!(constructors);
