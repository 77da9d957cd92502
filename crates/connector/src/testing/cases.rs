//! [`Cases`]: tables of test cases, in Rust or in JSON files.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::{Case, Expected};
use super::diff::kind;
use super::envelope::{Envelope, merge, sections};
use super::failures::{Failures, unwrap_or_panic};
use super::upstream::Exchange;
use crate::capability::same_name;
use crate::integration::Integration;

/// A table of test cases, and the sections that all their requests have in common.
///
/// Cases are written in Rust or in JSON files, one file for each capability:
///
/// ```json
/// {
///   "capability": "list-accounts",
///   "envelope": { "page": { "size": 2 } },
///   "cases": [
///     {
///       "name": "a user becomes an account",
///       "request": {},
///       "upstream": [
///         { "call": "GET /users?limit=2", "bearer": "t0ken", "answer": { "json": [{ "login": "ada" }] } }
///       ],
///       "expect": { "response": { "accounts": [{ "integration_specific_id": "ada" }] } }
///     },
///     {
///       "name": "the upstream is busy",
///       "upstream": [{ "call": "GET /users?limit=2", "answer": { "retry_after": 30 } }],
///       "expect": { "error": { "code": "api_error", "status_code": 429 } }
///     }
///   ]
/// }
/// ```
///
/// | key of a case | value |
/// |---|---|
/// | `name` | what the case shows |
/// | `request` | the payload; defaults to `{}` |
/// | `envelope` | other sections of the request, in addition to those of the file and of [`with`](Self::with) |
/// | `upstream` | the calls that the upstream should receive: see the `Deserialize` implementation of [`Exchange`] for their keys |
/// | `in_order` | whether the calls must arrive in this order; defaults to `false` |
/// | `expect` | the sections of the response, with at least `response`; or `error`: its code, or an object with `code`, a part of its `message`, and `status_code` |
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Cases {
    cases: Vec<Case>,
    common: Common,
}

#[derive(Clone, Default)]
struct Common(Envelope);

/// They contain credentials.
impl std::fmt::Debug for Common {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Cases {
    /// Cases written in Rust.
    pub fn new(cases: impl IntoIterator<Item = Case>) -> Self {
        Self { cases: cases.into_iter().collect(), common: Common::default() }
    }

    /// Loads the JSON files in a folder of the package, such as `tests/cases`.
    ///
    /// # Panics
    /// If there are no case files, or if one is invalid.
    #[track_caller]
    pub fn load(folder: impl AsRef<Path>) -> Self {
        unwrap_or_panic(Self::try_load(folder))
    }

    /// [`load`](Self::load) that returns the failure.
    ///
    /// # Errors
    /// If there are no case files, or if some are invalid.
    pub fn try_load(folder: impl AsRef<Path>) -> Result<Self, Failures> {
        let folder = package_dir().join(folder);
        let invalid = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let entries = fs::read_dir(&folder).map_err(|error| Failures::one(invalid(&folder, &error)))?;
        let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        let mut files: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_json).collect();
        if files.is_empty() {
            return Err(Failures::one(invalid(&folder, &"there are no case files (`<capability>.json`)")));
        }
        files.sort();
        let (mut cases, mut failures) = (Vec::new(), Failures::none());
        for path in files {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string());
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match text.and_then(|text| read(&text, &name)) {
                Ok(read) => cases.extend(read),
                Err(why) => failures.push(invalid(&path, &why)),
            }
        }
        failures.into_result().map(|()| Self::new(cases))
    }

    /// Adds cases.
    pub fn and(mut self, more: impl IntoIterator<Item = Case>) -> Self {
        self.cases.extend(more);
        self
    }

    /// Adds sections to every request whose case doesn't have them:
    /// `json!({ "auth": …, "settings": { "base_url": "{{upstream}}" } })`.
    ///
    /// # Panics
    /// If it is not an object.
    #[track_caller]
    pub fn with(mut self, common: impl Serialize) -> Self {
        merge(&mut self.common.0, &sections(common));
        self
    }

    /// Runs every case.
    ///
    /// # Panics
    /// If a case fails, with the failures of all cases.
    #[track_caller]
    pub fn run(&self, integration: &Integration) {
        unwrap_or_panic(self.try_run(integration));
    }

    /// [`run`](Self::run) that returns the failures.
    ///
    /// # Errors
    /// If a case fails, with the failures of all cases.
    pub fn try_run(&self, integration: &Integration) -> Result<(), Failures> {
        let mut failures = Failures::none();
        for case in &self.cases {
            if let Err(wrong) = case.run(integration, &self.common.0) {
                failures.push(case.report(&wrong));
            }
        }
        let title = format!("{} of {} cases failed", failures.texts().len(), self.cases.len());
        failures.titled(title).into_result()
    }

    /// The capabilities that `integration` offers in its wire format and that have no case. Those that the SDK provides
    /// need none.
    #[must_use]
    pub fn missing<'i>(&self, integration: &'i Integration) -> Vec<&'i str> {
        let has_case = |name: &str| self.cases.iter().any(|case| same_name(&case.capability, name));
        let own = integration.capabilities().filter(|capability| !capability.is_provided);
        own.map(|capability| capability.name).filter(|name| !has_case(name)).collect()
    }
}

/// Asserts that every capability of `integration` that exists in its wire format has a case.
///
/// # Panics
/// If some have none, with their names.
#[track_caller]
pub fn assert_every_capability_has_a_case(integration: &Integration, cases: &Cases) {
    let missing = cases.missing(integration);
    assert!(missing.is_empty(), "no case for {}", missing.join(", "));
}

/// The folder of the package whose tests run. Without Cargo's variable, it is the working directory.
pub(super) fn package_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    capability: String,
    #[serde(default)]
    envelope: Envelope,
    cases: Vec<FileCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCase {
    name: String,
    request: Option<Value>,
    #[serde(default)]
    envelope: Envelope,
    #[serde(default)]
    upstream: Vec<Exchange>,
    #[serde(default)]
    in_order: bool,
    expect: Value,
}

fn read(text: &str, file: &str) -> Result<Vec<Case>, String> {
    let CaseFile { capability, envelope, cases } =
        serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut read: Vec<Case> = Vec::new();
    for case in cases {
        let wrong = |why: String| format!("case {:?}: {why}", case.name);
        if read.iter().any(|known| known.name == case.name) {
            return Err(wrong("another case has the same name".to_owned()));
        }
        if let Some(request) = case.request.as_ref().filter(|request| !request.is_object()) {
            return Err(wrong(format!("request: expected an object, found {}", kind(request))));
        }
        let mut whole =
            Case::new(capability.as_str(), case.name.clone()).with(&envelope).with(&case.envelope);
        if let Some(request) = case.request {
            whole = whole.request(request);
        }
        whole.expected =
            Expected::try_from(case.expect).map_err(|why| format!("case {:?}: {why}", case.name))?;
        whole.upstream = case.upstream;
        whole.in_order = case.in_order;
        whole.file = Some(file.to_owned());
        read.push(whole);
    }
    Ok(read)
}
