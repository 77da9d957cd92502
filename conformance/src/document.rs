//! Has public tools check the OpenAPI document: `openapi-spec-validator` whether it is one, PyYAML whether its two
//! forms are the same, and `schemathesis` whether the mock connector's server does what it says.
//!
//! The number of calls is bounded and their seed is fixed. What schemathesis calls a stateful test has nothing to
//! follow here: no answer links to another operation. Its check `use_after_free` and its kin need one as well.

mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use server::Server;

use crate::{build, venv};

/// The tools. A newer release may find more.
const REQUIREMENTS: &[&str] = &["openapi-spec-validator==0.9.0", "schemathesis==4.32.5", "PyYAML==6.0.3"];

/// Where what the tools are told is.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/document");

const WIRES: [&str; 2] = ["classic", "openapi"];

/// What an answer must be, whatever was asked.
const ANSWERS: &[&str] = &[
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
];

/// What else holds where an error of the connector is 200. Where it has the status of its class these two cannot
/// hold: a valid request may name an account that is not there (400 is then the connector's word), and the mock
/// connector has settings that make it fail as with a fault of its own (500) or of its upstream (502).
const ALWAYS_200: &[&str] = &["not_a_server_error", "positive_data_acceptance"];

/// What else holds where the server asks for a token.
const WITH_TOKEN: &[&str] = &["ignored_auth"];

/// Compares; `true` if the tools have found nothing.
pub(crate) fn run() -> Result<bool> {
    let home = build::target_directory()?.join("document");
    let python = venv::prepare(&home, REQUIREMENTS)?;
    let tools = Tools { bin: python.parent().unwrap_or(Path::new(".")).to_owned(), home };
    let connector = build::program("lumos-connector-cli", "connector")?;
    let mock = build::mock_connector()?;

    let mut runs = 0;
    let mut failed = Vec::new();
    let mut note = |what: String, passed: bool| {
        runs += 1;
        println!("{what}: {}", if passed { "passed" } else { "FAILED" });
        if !passed {
            failed.push(what);
        }
    };
    for wire in WIRES {
        note(format!("{wire}: the standard capabilities"), tools.check_spec(&connector, wire)?);
        let plain = Server::start(&mock, wire, &[])?;
        note(format!("{wire}: the server's document"), tools.validate(&plain.document()?)?);
        let checks = [ANSWERS, ALWAYS_200].concat();
        note(format!("{wire}: the server"), tools.call(&plain, &checks, 20)?);
        drop(plain);
        let args = ["--http-status-from-error", "--token-env", server::TOKEN_VARIABLE];
        let guarded = Server::start(&mock, wire, &args)?;
        let checks = [ANSWERS, WITH_TOKEN].concat();
        note(format!("{wire}: a server with a token and statuses"), tools.call(&guarded, &checks, 10)?);
    }
    println!("{runs} runs, {} failed", failed.len());
    Ok(failed.is_empty())
}

struct Tools {
    /// Where the environment's programs are.
    bin: PathBuf,
    home: PathBuf,
}

impl Tools {
    /// Whether what `connector spec` prints is valid, and the same in YAML and JSON.
    fn check_spec(&self, connector: &Path, wire: &str) -> Result<bool> {
        const SAME: &str = "import json, sys, yaml; sys.exit(yaml.safe_load(open(sys.argv[1])) != json.load(open(sys.argv[2])))";
        let spec = |more: &[&str], name: &str| -> Result<PathBuf> {
            let mut command = Command::new(connector);
            let output = command.args(["spec", "--wire", wire]).args(more).stderr(Stdio::inherit()).output();
            let file = self.home.join(format!("{wire}.{name}"));
            std::fs::write(&file, output.context("cannot start connector")?.stdout)
                .with_context(|| format!("cannot write {}", file.display()))?;
            Ok(file)
        };
        let (yaml, json) = (spec(&[], "yaml")?, spec(&["--json"], "json")?);
        let same = self.succeeds("python", |command| command.args(["-c", SAME]).args([&yaml, &json]))?;
        Ok(same && self.succeeds("openapi-spec-validator", |command| command.arg(&yaml))?)
    }

    /// Whether a document is valid.
    fn validate(&self, document: &[u8]) -> Result<bool> {
        let file = self.home.join("served.json");
        std::fs::write(&file, document).with_context(|| format!("cannot write {}", file.display()))?;
        self.succeeds("openapi-spec-validator", |command| command.arg(&file))
    }

    /// Whether a server does what its document says.
    fn call(&self, server: &Server, checks: &[&str], examples: u32) -> Result<bool> {
        self.succeeds("schemathesis", |command| {
            command
                .args(["run", &format!("{}/openapi.json", server.address())])
                .args(["--header", &format!("Authorization: Bearer {}", server::TOKEN)])
                .args(["--checks", &checks.join(",")])
                .args(["--max-examples", &examples.to_string()])
                .args(["--seed", "1", "--generation-deterministic", "--no-color"])
                .env("SCHEMATHESIS_HOOKS", "hooks")
                .env("PYTHONPATH", DATA)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env("PYTHONUTF8", "1")
        })
    }

    /// Runs a program of the environment; what it prints is for the user to read.
    fn succeeds(&self, program: &str, set: impl FnOnce(&mut Command) -> &mut Command) -> Result<bool> {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir(&self.home).stdin(Stdio::null()).stdout(std::io::stderr());
        let status = set(&mut command).status().with_context(|| format!("cannot start {program}"))?;
        Ok(status.success())
    }
}
