//! A running mock connector.

use std::process::Command;

use serde_json::Value;
use test_support::Serving;

use crate::browser::Browser;

pub(crate) struct Server {
    serving: Serving,
    /// `http://127.0.0.1:` followed by the port.
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[], None)
    }

    pub(crate) fn start_with(args: &[&str], token: Option<&str>) -> Self {
        Self::start_program(Command::new(env!("CARGO_BIN_EXE_mock-connector")), args, token)
    }

    pub(crate) fn start_program(mut command: Command, args: &[&str], token: Option<&str>) -> Self {
        command
            .env_remove("CONNECTOR_WIRE")
            .env_remove("CONNECTOR_LOG")
            .env("PAGE_TOKEN", token.unwrap_or_default());
        command.args(["serve", "-p", "0"]).args(args);
        let serving = Serving::start(command).without_log();
        Self { address: serving.url(), serving }
    }

    /// Opens the page in a new browser, and waits until it has loaded the document.
    pub(crate) fn page(&self) -> Browser {
        let browser = Browser::open(&format!("{}/docs", self.address));
        browser.wait("document.querySelector('#capability h2')");
        browser
    }

    pub(crate) fn get(&self, path: &str) -> String {
        let mut response = ureq::get(format!("{}{path}", self.address)).call().expect("a response");
        response.body_mut().read_to_string().expect("a text")
    }

    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.get("/openapi.json")).expect("JSON")
    }

    /// Whether a capability has been called since the start.
    pub(crate) fn was_called(&self, capability: &str) -> bool {
        let metrics = self.get("/metrics");
        let mut counts = metrics.lines().filter(|line| line.starts_with("connector_requests_total{"));
        counts.any(|line| line.contains(&format!("capability=\"{capability}\"")))
    }

    pub(crate) fn stop(&mut self) {
        self.serving.end();
    }
}
