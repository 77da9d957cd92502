//! [`Case`]: a request, the calls that the upstream receives for it, and the expected response.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::diff::{Difference, differences, kind, shown, truncated};
use super::envelope::{CallError, CapabilityName, Envelope, json_of, merge, sections};
use super::failures::{Failures, indented};
use super::fill::{UPSTREAM, fill};
use super::test_client::{bytes, send};
use super::upstream::{Exchange, MockUpstream};
use crate::error::ErrorCodes;
use crate::integration::Integration;

/// A request to a capability, the calls that the upstream receives for it with its replies, and the expected response.
///
/// In every string of the case, such as a setting, `{{upstream}}` stands for the URL of the mock upstream. In the expected
/// response, `"$any"` stands for any value except null, and null and absent are the same. Anything else that differs is a
/// failure.
///
/// ```
/// use connector::ErrorCode;
/// use connector::capability::ListAccounts;
/// use connector::testing::{Case, Exchange, Reply};
/// use serde_json::json;
///
/// let listed = Case::new(ListAccounts, "a user becomes an account")
///     .upstream([Exchange::get("/users").answers(json!([{ "login": "ada" }]))])
///     .answers(json!({ "accounts": [{ "integration_specific_id": "ada" }] }));
/// let rejected = Case::new(ListAccounts, "a wrong password")
///     .upstream([Exchange::get("/users").answers(Reply::status(401))])
///     .fails(ErrorCode::Unauthorized);
/// ```
#[derive(Clone)]
#[must_use]
pub struct Case {
    pub(super) capability: String,
    pub(super) name: String,
    /// The file that it was loaded from.
    pub(super) file: Option<String>,
    pub(super) envelope: Envelope,
    pub(super) upstream: Vec<Exchange>,
    pub(super) in_order: bool,
    pub(super) expected: Expected,
}

/// What a case expects.
#[derive(Clone)]
pub(super) enum Expected {
    /// The sections of a response.
    Response(Envelope),
    /// An error.
    Error(ExpectedError),
}

/// What a case expects of an error.
#[derive(Clone)]
pub(super) struct ExpectedError {
    pub(super) code: String,
    /// A part of its message.
    pub(super) message: Option<String>,
    pub(super) status_code: Option<u16>,
}

impl Case {
    /// A case whose request has the payload `{}`. By default, it expects no call to the upstream and the payload `{}` in
    /// the response.
    pub fn new(capability: impl CapabilityName, name: impl Into<String>) -> Self {
        let request = ("request".to_owned(), Value::Object(Map::new()));
        Self {
            capability: capability.capability_name(),
            name: name.into(),
            file: None,
            envelope: Envelope::from_iter([request]),
            upstream: Vec::new(),
            in_order: false,
            expected: Expected::Response(response(Value::Object(Map::new()))),
        }
    }

    /// Sets the payload of the request.
    ///
    /// # Panics
    /// If it can't be serialized as JSON.
    #[track_caller]
    pub fn request(mut self, payload: impl Serialize) -> Self {
        self.envelope.insert("request".to_owned(), json_of(payload));
        self
    }

    /// Adds sections to the request: `json!({ "page": { "size": 2 } })`.
    ///
    /// # Panics
    /// If it is not an object.
    #[track_caller]
    pub fn with(mut self, more: impl Serialize) -> Self {
        merge(&mut self.envelope, &sections(more));
        self
    }

    /// Adds calls that the upstream should receive, in any order.
    pub fn upstream(mut self, exchanges: impl IntoIterator<Item = Exchange>) -> Self {
        self.upstream.extend(exchanges);
        self
    }

    /// Requires the calls to arrive in the given order.
    pub const fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Expects a response with this payload.
    ///
    /// # Panics
    /// If it can't be serialized as JSON.
    #[track_caller]
    pub fn answers(mut self, payload: impl Serialize) -> Self {
        self.expected = Expected::Response(response(json_of(payload)));
        self
    }

    /// Expects another section in the response: `.answers_with("page", json!({ "token": "$any" }))`. An
    /// `execution_summary` is only checked if it is expected.
    ///
    /// # Panics
    /// If it can't be serialized as JSON, or if the case expects an error.
    #[track_caller]
    pub fn answers_with(mut self, section: &str, value: impl Serialize) -> Self {
        match &mut self.expected {
            Expected::Response(sections) => drop(sections.insert(section.to_owned(), json_of(value))),
            Expected::Error(_) => panic!("{}: an error has no {section}", self.label()),
        }
        self
    }

    /// Expects an error with this code.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a code is a small enum or a literal; `&` would only be noise"
    )]
    pub fn fails(mut self, code: impl ErrorCodes) -> Self {
        self.expected = Expected::Error(ExpectedError {
            code: code.code().into_owned(),
            message: None,
            status_code: None,
        });
        self
    }

    /// Expects the error's message to contain this text.
    ///
    /// # Panics
    /// If the case doesn't expect an error: call [`fails`](Self::fails) first.
    #[track_caller]
    pub fn with_message(mut self, part: impl Into<String>) -> Self {
        match &mut self.expected {
            Expected::Error(error) => error.message = Some(part.into()),
            Expected::Response(_) => panic!("{}: call `fails` first", self.label()),
        }
        self
    }

    /// `list-accounts, "two pages" (list_accounts.json)`.
    pub(super) fn label(&self) -> String {
        let file = self.file.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        format!("{}, {:?}{file}", self.capability, self.name)
    }

    /// Runs the case. `common` are the sections for its request, unless it has its own.
    pub(super) fn run(&self, integration: &Integration, common: &Envelope) -> Result<(), Failures> {
        let upstream = if self.in_order {
            MockUpstream::in_order(self.upstream.iter().cloned())
        } else {
            MockUpstream::expecting(self.upstream.iter().cloned())
        };
        let url = upstream.url();
        let filled = |sections: &Envelope| {
            let mut sections = Value::Object(sections.clone());
            fill(&mut sections, &|text| text.replace(UPSTREAM, &url));
            sections
        };
        let mut envelope = common.clone();
        merge(&mut envelope, &self.envelope);
        // The payload is replaced, not merged with the one that all cases have in common.
        if let Some(request) = self.envelope.get("request") {
            envelope.insert("request".to_owned(), request.clone());
        }
        let Value::Object(envelope) = filled(&envelope) else { return Ok(()) };
        let mut response = send(integration, &self.capability, &envelope);
        let mut failures = Failures::none();
        if let Err(wrong) = upstream.try_verify() {
            wrong.texts().iter().for_each(|text| failures.push(text));
        }
        let found = CallError::of(integration.app_id(), &response);
        match (&self.expected, found) {
            (Expected::Response(_), Some(error)) => {
                failures.push(format!("expected a response, found the error {error}"))
            }
            (Expected::Response(expected), None) => {
                // The SDK writes one for most writes.
                if !expected.contains_key(SUMMARY)
                    && let Some(sections) = response.as_object_mut()
                {
                    sections.shift_remove(SUMMARY);
                }
                differences("", &filled(expected), &response).iter().for_each(|one| failures.push(one));
            }
            (Expected::Error(expected), Some(error)) => {
                expected.differences(&error).iter().for_each(|one| failures.push(one));
            }
            (Expected::Error(expected), None) => {
                let found = truncated(&shown("response", &response["response"]));
                failures.push(format!("expected the error {}, found a response: {found}", expected.code));
            }
        }
        let scrubber = integration.scrubber(&self.capability, &bytes(&envelope));
        failures.scrubbed(&scrubber).into_result()
    }

    /// The report of the case if it fails.
    pub(super) fn report(&self, failures: &Failures) -> String {
        format!("\n{}:\n{}", self.label(), indented(&failures.texts().join("\n")))
    }
}

impl ExpectedError {
    fn differences(&self, found: &CallError) -> Vec<Difference> {
        let mut all = Vec::new();
        if self.code != found.code {
            let found = format!("{:?} ({})", found.code, found.message);
            all.push(Difference::new("error.code", &format!("{:?}", self.code), &found));
        }
        if let Some(part) = self.message.as_ref().filter(|part| !found.message.contains(part.as_str())) {
            let expected = format!("a message that contains {part:?}");
            all.push(Difference::new("error.message", &expected, &format!("{:?}", found.message)));
        }
        if self.status_code.is_some() && self.status_code != found.status_code {
            let shown = |status: Option<u16>| {
                status.map_or_else(|| "nothing".to_owned(), |status| status.to_string())
            };
            all.push(Difference::new(
                "error.status_code",
                &shown(self.status_code),
                &shown(found.status_code),
            ));
        }
        all
    }
}

/// The section of a response that isn't checked unless a case expects it.
const SUMMARY: &str = "execution_summary";

fn response(payload: Value) -> Envelope {
    Envelope::from_iter([("response".to_owned(), payload)])
}

/// Shows the capability and the case's name, because its request may contain secrets.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.label()).finish()
    }
}

/// Reads the `expect` of a case file.
impl TryFrom<Value> for Expected {
    type Error = String;

    fn try_from(expect: Value) -> Result<Self, String> {
        let Value::Object(mut sections) = expect else {
            return Err(format!("expect: expected an object, found {}", kind(&expect)));
        };
        match sections.remove("error") {
            None if sections.contains_key("response") => Ok(Self::Response(sections)),
            None => Err("expect: expected a response or an error".to_owned()),
            Some(_) if !sections.is_empty() => {
                Err("expect: an error can't be combined with other sections".to_owned())
            }
            Some(Value::String(code)) => {
                Ok(Self::Error(ExpectedError { code, message: None, status_code: None }))
            }
            Some(error) => {
                let error: ErrorFile =
                    serde_json::from_value(error).map_err(|error| format!("expect.error: {error}"))?;
                let ErrorFile { code, message, status_code } = error;
                Ok(Self::Error(ExpectedError { code, message, status_code }))
            }
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorFile {
    code: String,
    message: Option<String>,
    status_code: Option<u16>,
}
