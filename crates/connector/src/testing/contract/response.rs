//! [`Response`]: the response of a connector, and what is wrong with its shape.

use serde_json::{Value, json};

use super::super::envelope::CallError;
use super::transport::CallOutput;
use crate::wire::Wire;

/// Error codes, or levels of them, for an invalid request.
const INVALID: &[&str] = &[
    "bad_request",
    "invalid_value",
    "unknown_value",
    "unknown_parameter",
    "invalid_page_token",
    "integration_missing_parameter",
];
/// Error codes, or levels of them, for credentials that are not accepted.
const BAD_CREDENTIALS: &[&str] =
    &["unauthorized", "authentication_expired", "creds_revoked", "permission_denied"];

/// The response of a connector.
pub(super) struct Response {
    pub(super) output: CallOutput,
    document: Option<Value>,
    app_id: String,
    wire: Wire,
}

impl Response {
    pub(super) fn new(output: CallOutput, app_id: &str, wire: Wire) -> Self {
        let document = serde_json::from_slice(&output.response).ok();
        Self { output, document, app_id: app_id.to_owned(), wire }
    }

    pub(super) const fn document(&self) -> Option<&Value> {
        self.document.as_ref()
    }

    /// The error, even if it is in the wrong place: another check looks at its place.
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
    /// What the connector returned instead, as half a sentence: `returned the error …`.
    pub(super) fn payload(&self) -> Result<&Value, String> {
        if let Some(error) = self.error() {
            return Err(format!("returned the error {error}"));
        }
        match &self.document {
            None => Err(format!("returned {}", self.output.describe())),
            Some(document) => match document.get("response") {
                None | Some(Value::Null) => Err("returned no `response`".to_owned()),
                Some(response) => Ok(response),
            },
        }
    }

    /// The token of the next page. An empty one marks the last page, as in connector-py.
    pub(super) fn next_token(&self) -> Option<&str> {
        self.document.as_ref()?["page"]["token"].as_str().filter(|token| !token.is_empty())
    }

    /// What is wrong with a response that should reject the request. The error's place doesn't matter here.
    pub(super) fn rejects_request(&self) -> Result<(), String> {
        match self.error() {
            Some(error) if has_level(&error.code, INVALID) => Ok(()),
            Some(error) => Err(format!("returned the code {:?} instead of bad_request", error.code)),
            None if self.document.is_some() => Err("accepted the request".to_owned()),
            None => Err(format!("returned {}", self.output.describe())),
        }
    }

    /// What is wrong with a response that should report that something doesn't exist.
    pub(super) fn reports_not_found(&self) -> Result<(), String> {
        match self.error() {
            Some(error) if has_level(&error.code, &["not_found"]) => Ok(()),
            Some(error) => Err(format!("returned the code {:?} instead of not_found", error.code)),
            None if self.document.is_some() => Err("returned a success".to_owned()),
            None => Err(format!("returned {}", self.output.describe())),
        }
    }

    /// Whether it reports that the credentials are not accepted.
    pub(super) fn rejects_credentials(&self) -> bool {
        self.error().is_some_and(|error| has_level(&error.code, BAD_CREDENTIALS))
    }

    /// What is wrong with the shape of the error; `None` if this is not an error.
    pub(super) fn error_faults(&self) -> Option<Vec<&'static str>> {
        self.error()?;
        if self.is_misplaced() {
            return Some(vec!["the error is under `response` instead of `error`"]);
        }
        let document = self.document.as_ref()?;
        let error = &document["error"];
        let is_text = |key: &str| error[key].as_str().is_some_and(|text| !text.is_empty());
        let mut faults = Vec::new();
        if !is_text("message") {
            faults.push("error.message is not a non-empty string");
        }
        if !is_text("error_code") {
            faults.push("error.error_code is not a non-empty string");
        }
        if !matches!(error["status_code"], Value::Null | Value::Number(_)) {
            faults.push("error.status_code is neither a number nor null");
        }
        match self.wire {
            Wire::Classic => {
                let prefix = format!("{}.", self.app_id);
                if is_text("error_code")
                    && !error["error_code"].as_str().is_some_and(|code| code.starts_with(&prefix))
                {
                    faults.push("error.error_code does not start with the app's ID and a dot");
                }
                if !document["response"].is_null() {
                    faults.push("response is not null next to an error");
                }
            }
            Wire::OpenApi => {
                if document["is_error"] != true {
                    faults.push("is_error is not true");
                }
                if error["app_id"] != self.app_id.as_str() {
                    faults.push("error.app_id is not the app's ID");
                }
            }
        }
        Some(faults)
    }
}

/// Whether one of a code's levels is one of these: `bad_request.already_exists` has two levels.
fn has_level(code: &str, levels: &[&str]) -> bool {
    code.split('.').any(|level| levels.contains(&level))
}
