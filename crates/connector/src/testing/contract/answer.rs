//! [`Answer`]: what a connector answered, and what is wrong with its shape.

use serde_json::{Value, json};

use super::super::envelope::CallError;
use super::transport::Came;
use crate::wire::Wire;

/// Levels of codes of errors that are the caller's: its request is not one.
const REFUSALS: &[&str] = &[
    "bad_request",
    "invalid_value",
    "unknown_value",
    "unknown_parameter",
    "invalid_page_token",
    "integration_missing_parameter",
];
/// Levels of codes of errors that say that the credentials are not accepted.
const REJECTIONS: &[&str] = &["unauthorized", "authentication_expired", "creds_revoked", "permission_denied"];

/// What a connector answered.
pub(super) struct Answer {
    pub(super) came: Came,
    document: Option<Value>,
    app_id: String,
    wire: Wire,
}

impl Answer {
    pub(super) fn new(came: Came, app_id: &str, wire: Wire) -> Self {
        let document = serde_json::from_slice(&came.answer).ok();
        Self { came, document, app_id: app_id.to_owned(), wire }
    }

    pub(super) const fn document(&self) -> Option<&Value> {
        self.document.as_ref()
    }

    /// The error, wherever it stands: that it stands in the right place is a check of its own.
    pub(super) fn error(&self) -> Option<CallError> {
        let document = self.document.as_ref()?;
        CallError::of(&self.app_id, document).or_else(|| {
            self.is_misplaced()
                .then(|| CallError::of(&self.app_id, &json!({ "error": document["response"] })))?
        })
    }

    fn is_misplaced(&self) -> bool {
        let is_error = |payload: &Value| payload["error_code"].is_string() && payload["message"].is_string();
        self.document
            .as_ref()
            .is_some_and(|document| document["error"].is_null() && is_error(&document["response"]))
    }

    /// The payload.
    ///
    /// # Errors
    /// What came instead, as half a sentence: `answered with the error …`.
    pub(super) fn payload(&self) -> Result<&Value, String> {
        if let Some(error) = self.error() {
            return Err(format!("answered with the error {error}"));
        }
        match &self.document {
            None => Err(format!("answered {}", self.came.told())),
            Some(document) => match document.get("response") {
                None | Some(Value::Null) => Err("answered without a `response`".to_owned()),
                Some(response) => Ok(response),
            },
        }
    }

    /// The token of the next page.
    pub(super) fn next_token(&self) -> Option<&str> {
        self.document.as_ref()?["page"]["token"].as_str()
    }

    /// What is wrong with an answer that should refuse the request. The error's place does not matter here.
    pub(super) fn unrefused(&self) -> Result<(), String> {
        match self.error() {
            Some(error) if has_level(&error.code, REFUSALS) => Ok(()),
            Some(error) => {
                Err(format!("answered with the code {:?}, where bad_request was to come", error.code))
            }
            None if self.document.is_some() => Err("took it".to_owned()),
            None => Err(format!("answered {}", self.came.told())),
        }
    }

    /// What is wrong with an answer that should say that something is not there.
    pub(super) fn unmissed(&self) -> Result<(), String> {
        match self.error() {
            Some(error) if has_level(&error.code, &["not_found"]) => Ok(()),
            Some(error) => {
                Err(format!("answered with the code {:?}, where not_found was to come", error.code))
            }
            None if self.document.is_some() => Err("answered as if it were there".to_owned()),
            None => Err(format!("answered {}", self.came.told())),
        }
    }

    /// Whether it says that the credentials are not accepted.
    pub(super) fn rejects_credentials(&self) -> bool {
        self.error().is_some_and(|error| has_level(&error.code, REJECTIONS))
    }

    /// What is wrong with the shape of an error; `None` if this is no error.
    pub(super) fn error_faults(&self) -> Option<Vec<&'static str>> {
        self.error()?;
        if self.is_misplaced() {
            return Some(vec!["the error stands under `response`, and belongs under `error`"]);
        }
        let document = self.document.as_ref()?;
        let error = &document["error"];
        let is_text = |key: &str| error[key].as_str().is_some_and(|text| !text.is_empty());
        let mut faults = Vec::new();
        if !is_text("message") {
            faults.push("error.message: no text");
        }
        if !is_text("error_code") {
            faults.push("error.error_code: no text");
        }
        if !matches!(error["status_code"], Value::Null | Value::Number(_)) {
            faults.push("error.status_code: neither a number nor null");
        }
        match self.wire {
            Wire::Classic => {
                let prefix = format!("{}.", self.app_id);
                if is_text("error_code")
                    && !error["error_code"].as_str().is_some_and(|code| code.starts_with(&prefix))
                {
                    faults.push("error.error_code: does not begin with the app's id and a dot");
                }
                if !document["response"].is_null() {
                    faults.push("response: not null beside an error");
                }
            }
            Wire::OpenApi => {
                if document["is_error"] != true {
                    faults.push("is_error: not true");
                }
                if error["app_id"] != self.app_id.as_str() {
                    faults.push("error.app_id: not the app's id");
                }
            }
        }
        Some(faults)
    }
}

/// Whether one of a code's levels, `bad_request.already_exists` say, is one of these.
fn has_level(code: &str, levels: &[&str]) -> bool {
    code.split('.').any(|level| levels.contains(&level))
}
