//! The codes of failed changes, and the errors that handlers raise on purpose.

use std::borrow::Cow;

use connector::error::{CallContext, ErrorCodes, ErrorResponse, ExceptionHandler};
use connector::{ConnectorError, ErrorCode};

use crate::write::WriteError;

/// The connector's own error codes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UnixError {
    AlreadyExists,
    Busy,
    Cancelled,
    InUse,
    TimedOut,
    HalfDone,
}

impl ErrorCodes for UnixError {
    const DOCUMENTED: &'static [(&'static str, &'static str)] = &[
        (
            "bad_request.already_exists",
            "The name of the account to create already belongs to an account or a group",
        ),
        ("internal_error.busy", "Another program holds the account files; try again later"),
        ("internal_error.cancelled", "The call was cancelled before anything was changed"),
        ("internal_error.in_use", "The account to delete has running processes; try again later"),
        ("internal_error.timed_out", "A tool of the system took too long and was killed; try again"),
        ("internal_error.half_done", "Creating an account or granting sudo failed, and could not be undone"),
    ];

    fn code(&self) -> Cow<'static, str> {
        match self {
            Self::AlreadyExists => "bad_request.already_exists".into(),
            Self::Busy => "internal_error.busy".into(),
            Self::Cancelled => "internal_error.cancelled".into(),
            Self::InUse => "internal_error.in_use".into(),
            Self::TimedOut => "internal_error.timed_out".into(),
            Self::HalfDone => "internal_error.half_done".into(),
        }
    }
}

/// Sets the code of a failed change. The message is that of the error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteErrorHandler;

impl ExceptionHandler<WriteError> for WriteErrorHandler {
    async fn handle(
        &self,
        error: &WriteError,
        _: CallContext<'_>,
        mut response: ErrorResponse,
    ) -> ErrorResponse {
        response.error.error_code = code_of(error).into_owned();
        response.error.retryable = Some(error.is_retryable());
        response
    }
}

fn code_of(error: &WriteError) -> Cow<'static, str> {
    match error {
        WriteError::NotFound { .. } => ErrorCode::NotFound.code(),
        WriteError::AlreadyExists { .. } => UnixError::AlreadyExists.code(),
        WriteError::PermissionDenied { .. } | WriteError::Protected { .. } => {
            ErrorCode::PermissionDenied.code()
        }
        WriteError::InvalidName { .. }
        | WriteError::InvalidValue { .. }
        | WriteError::PrimaryGroup { .. } => ErrorCode::BadRequest.code(),
        WriteError::GrantedElsewhere { .. }
        | WriteError::NoEffect { .. }
        | WriteError::Unsupported { .. }
        | WriteError::ToolMissing { .. } => ErrorCode::UnsupportedOperation.code(),
        WriteError::Busy { .. } => UnixError::Busy.code(),
        WriteError::Cancelled => UnixError::Cancelled.code(),
        WriteError::InUse { .. } => UnixError::InUse.code(),
        WriteError::TimedOut { .. } => UnixError::TimedOut.code(),
        // As if it had failed before the creation: the message says that the account was not created.
        WriteError::Undone { source, .. } => code_of(source),
        WriteError::HalfDone { .. } => UnixError::HalfDone.code(),
        WriteError::ToolBroken { .. }
        | WriteError::ToolFailed { .. }
        | WriteError::NotApplied { .. }
        | WriteError::NotConfirmed { .. } => ErrorCode::InternalError.code(),
    }
}

/// The error of a request that the connector can't carry out.
pub(crate) fn bad_request(message: impl Into<String>) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::BadRequest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::Noun;

    fn undone(source: WriteError) -> WriteError {
        WriteError::Undone { name: "dora".to_owned(), source: Box::new(source) }
    }

    #[test]
    fn an_undone_creation_has_the_code_of_its_cause() {
        let error = undone(WriteError::NotFound { noun: Noun::Group, name: "dev".to_owned() });
        assert_eq!(code_of(&error), "not_found");
        let message = connector::Error::from(error).to_string();
        assert_eq!(message, "account \"dora\" was not created: no group \"dev\"");
        assert_eq!(code_of(&undone(WriteError::Busy { message: String::new() })), "internal_error.busy");
    }

    #[test]
    fn an_incomplete_account_has_its_own_code() {
        let failed = || Box::new(WriteError::ToolMissing { tool: "userdel" });
        let error = WriteError::HalfDone { state: "dora".to_owned(), cleanup: failed(), source: failed() };
        assert_eq!(code_of(&error), "internal_error.half_done");
    }

    #[test]
    fn all_codes_are_documented() {
        use UnixError::{AlreadyExists, Busy, Cancelled, HalfDone, InUse, TimedOut};
        let codes = [AlreadyExists, Busy, Cancelled, InUse, TimedOut, HalfDone].map(|error| error.code());
        assert_eq!(UnixError::DOCUMENTED.iter().map(|(code, _)| *code).collect::<Vec<_>>(), codes);
    }
}
