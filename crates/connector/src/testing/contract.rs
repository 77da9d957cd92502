//! The contract: what every connector has to keep, whatever it is written with, and checks that find out.
//!
//! Behind the feature `contract`. In a connector's tests it is one line:
//!
//! ```text
//! connector::testing::contract!(my_connector::integration(), "tests/contract.json");
//! ```
//!
//! The second part is a [`Fixture`]: credentials, settings, ids, and whether anything may be changed. What a check
//! lacks, it says: it is *not run*, never *passed*. `connector check` does the same with any program or server; what
//! asks them is a [`Transport`]. Each check has a section of the guide's page on the contract, which
//! [`Check::explanation`] gives.

mod answer;
mod checks;
mod fixture;
mod grouped;
mod hidden;
mod listing;
mod report;
mod session;
mod transport;

use std::io;

pub use checks::Check;
pub use fixture::{Fixture, FixtureError, IntoFixture};
pub use report::{Finding, Report, Verdict};
pub use transport::{Came, Transport};

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
    /// All checks, with what `fixture` has.
    pub const fn new(fixture: &'f Fixture) -> Self {
        Self { fixture, only: None, wire: None }
    }

    /// No checks but these.
    pub fn only(mut self, checks: impl IntoIterator<Item = &'static Check>) -> Self {
        self.only = Some(checks.into_iter().collect());
        self
    }

    /// The connector has to speak this wire format. Otherwise it speaks what its `info` is written in.
    pub const fn wire(mut self, wire: Wire) -> Self {
        self.wire = Some(wire);
        self
    }

    /// Runs the checks. `progress` is called with each one and its place, from 0, before it is run.
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
        for (place, check) in chosen.enumerate() {
            progress(check, place);
            let verdict = match self.before(check, &session) {
                Some(verdict) => verdict,
                None => match (check.run)(&session) {
                    Ok(()) => Verdict::Passed,
                    Err(Halt::Failed(failures)) => Verdict::Failed(failures.texts().to_vec()),
                    Err(Halt::NotRun(lacks)) => Verdict::NotRun(lacks),
                    Err(Halt::Unreachable(error)) => return Err(error),
                },
            };
            let verdict = match verdict {
                Verdict::Failed(texts) => {
                    Verdict::Failed(texts.iter().map(|text| hidden.hide(text)).collect())
                }
                Verdict::NotRun(lacks) => Verdict::NotRun(hidden.hide(&lacks)),
                Verdict::Passed => Verdict::Passed,
            };
            report.findings.push(Finding { check, verdict });
        }
        Ok(report)
    }

    /// What can be said of a check without running it.
    fn before(&self, check: &Check, session: &Session<'_>) -> Option<Verdict> {
        let is_first = check.id() == Check::all().first().map_or("", Check::id);
        if let Some(wire) = self.wire.filter(|wire| *wire != session.info.wire) {
            let why = format!("info is not written in the wire format {wire}");
            return Some(if is_first { Verdict::Failed(vec![why]) } else { Verdict::NotRun(why) });
        }
        (!is_first && session.info.capabilities.is_empty())
            .then(|| Verdict::NotRun("info names no capabilities: see info-complete".to_owned()))
    }
}

/// Runs all checks on an integration. What [`contract!`](super::contract!) calls; for a test of one's own.
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
/// If a check fails or the fixture is none: with the report.
#[track_caller]
pub fn assert_contract(integration: &Integration, fixture: impl IntoFixture) -> Report {
    let fixture = match fixture.into_fixture() {
        Ok(fixture) => fixture,
        Err(error) => panic!("the fixture of the contract: {error}"),
    };
    let report = match Contract::new(&fixture).run(integration, |_, _| ()) {
        Ok(report) => report,
        Err(error) => panic!("the connector cannot be asked: {error}"),
    };
    assert!(
        !report.has_failed(),
        "the contract is not kept\n{report}\n`connector check --explain ID` says more of a check"
    );
    report
}

/// A test that runs all checks of the contract on an integration: `contract!(integration(), fixture)`, where
/// the fixture is JSON, or the path to a JSON file from the package's folder on.
///
/// The test is called `the_contract_is_kept` and stands where the line stands.
#[doc(hidden)]
#[macro_export]
macro_rules! __contract {
    ($integration:expr, $fixture:expr $(,)?) => {
        #[test]
        fn the_contract_is_kept() {
            let report = $crate::testing::contract::assert_contract(&$integration, $fixture);
            // Shown with `--nocapture`: which checks were not run, and what they lack.
            ::std::println!("{report}");
        }
    };
}
