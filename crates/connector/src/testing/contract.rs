//! The connector contract: rules that every connector must honor, in any language, and checks for them.
//!
//! It needs the feature `contract`. In a connector's tests, it takes one line:
//!
//! ```text
//! connector::testing::contract!(my_connector::integration(), "tests/contract.json");
//! ```
//!
//! The second argument is a [`Fixture`]: credentials, settings, IDs, and whether anything may be changed. If a check lacks
//! something, it is *not run*, never *passed*, and reports what it lacks. `connector check` runs the same checks on any
//! program or server, through a [`Transport`]. The guide's page on the contract has a section for each check, which
//! [`Check::explanation`] returns.

mod checks;
mod fixture;
mod grouped;
mod hidden;
mod listing;
mod reading;
mod report;
mod response;
mod session;
mod transport;

use std::io;

pub use checks::Check;
pub use fixture::{Fixture, FixtureError, IntoFixture};
pub use report::{Finding, Report, Verdict};
pub use transport::{CallOutput, Transport};

use crate::integration::Integration;
use crate::wire::Wire;
use hidden::Hidden;
use session::{Halt, Session};

/// A run of the checks.
#[derive(Clone, Debug)]
#[must_use]
pub struct Contract<'f> {
    fixture: &'f Fixture,
    only: Option<Vec<&'static Check>>,
    wire: Option<Wire>,
}

impl<'f> Contract<'f> {
    /// A run of all checks with this fixture.
    pub const fn new(fixture: &'f Fixture) -> Self {
        Self { fixture, only: None, wire: None }
    }

    /// Runs only these checks.
    pub fn only(mut self, checks: impl IntoIterator<Item = &'static Check>) -> Self {
        self.only = Some(checks.into_iter().collect());
        self
    }

    /// Requires this wire format. By default, the format of the connector's `info` is used.
    pub const fn wire(mut self, wire: Wire) -> Self {
        self.wire = Some(wire);
        self
    }

    /// Runs the checks. Before each check, `progress` is called with it and its index.
    ///
    /// # Errors
    /// If the connector cannot be reached.
    pub fn run(
        &self,
        transport: &dyn Transport,
        mut progress: impl FnMut(&'static Check, usize),
    ) -> io::Result<Report> {
        let session = Session::start(transport, self.fixture)?;
        let hidden = Hidden::of(self.fixture);
        let chosen = Check::all().iter().filter(|check| {
            self.only.as_ref().is_none_or(|only| only.iter().any(|chosen| chosen.id() == check.id()))
        });
        let mut report = Report { app_id: session.info.app_id.clone(), findings: Vec::new() };
        for (index, check) in chosen.enumerate() {
            progress(check, index);
            let verdict = match self.preempt(check, &session) {
                Some(verdict) => verdict,
                None => match (check.run)(&session) {
                    Ok(()) => Verdict::Passed,
                    Err(Halt::Failed(failures)) => Verdict::Failed(failures.texts().to_vec()),
                    Err(Halt::NotRun(reason)) => Verdict::NotRun(reason),
                    Err(Halt::Unreachable(error)) => return Err(error),
                },
            };
            let verdict = match verdict {
                Verdict::Failed(texts) => {
                    Verdict::Failed(texts.iter().map(|text| hidden.hide(text)).collect())
                }
                Verdict::NotRun(reason) => Verdict::NotRun(hidden.hide(&reason)),
                Verdict::Passed => Verdict::Passed,
            };
            report.findings.push(Finding { check, verdict });
        }
        Ok(report)
    }

    /// The verdict on a check that can't be run.
    fn preempt(&self, check: &Check, session: &Session<'_>) -> Option<Verdict> {
        let is_first = check.id() == Check::all().first().map_or("", Check::id);
        if let Some(wire) = self.wire.filter(|wire| *wire != session.info.wire) {
            let why = format!("info is not written in the wire format {wire}");
            return Some(if is_first { Verdict::Failed(vec![why]) } else { Verdict::NotRun(why) });
        }
        (!is_first && session.info.capabilities.is_empty())
            .then(|| Verdict::NotRun("info lists no capabilities: see info-complete".to_owned()))
    }
}

/// Runs all checks on an integration, as [`contract!`](super::contract!) does, and returns the report.
///
/// ```
/// # use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
/// # use connector::model::FoundAccountData;
/// # use connector::{Integration, Request, Response, Result};
/// # async fn list_accounts(_: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
/// #     Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new("ada")] }.into())
/// # }
/// use connector::testing::contract::{Verdict, assert_contract};
/// use serde_json::json;
///
/// let integration = Integration::builder("app").register(ListAccounts, list_accounts).build();
/// let report = assert_contract(&integration, json!({ "page_sizes": [1] }));
/// assert_eq!(report.verdict("pages-end"), Some(&Verdict::Passed));
/// assert!(matches!(report.verdict("create-list-delete"), Some(Verdict::NotRun(_))));
/// ```
///
/// # Panics
/// If a check fails, with the report, or if the fixture is invalid.
#[track_caller]
pub fn assert_contract(integration: &Integration, fixture: impl IntoFixture) -> Report {
    let fixture = match fixture.into_fixture() {
        Ok(fixture) => fixture,
        Err(error) => panic!("invalid contract fixture: {error}"),
    };
    let report = match Contract::new(&fixture).run(integration, |_, _| ()) {
        Ok(report) => report,
        Err(error) => panic!("the connector cannot be called: {error}"),
    };
    assert!(
        !report.has_failed(),
        "the connector violates the contract\n{report}\n`connector check --explain ID` explains a check"
    );
    report
}

/// Generates a test that runs all checks of the contract on an integration: `contract!(integration(), fixture)`. The
/// fixture is JSON, or the path of a JSON file relative to the package's folder.
///
/// The test is called `honors_the_contract`.
#[doc(hidden)]
#[macro_export]
macro_rules! __contract {
    ($integration:expr, $fixture:expr $(,)?) => {
        #[test]
        fn honors_the_contract() {
            let report = $crate::testing::contract::assert_contract(&$integration, $fixture);
            // Shown with `--nocapture`: it lists the checks that were not run, and what they lack.
            ::std::println!("{report}");
        }
    };
}
