//! Checks the OpenAPI documents with public tools: `openapi-spec-validator` validates them, PyYAML compares the YAML
//! and JSON forms, and `schemathesis` checks that the mock connector's server behaves as documented.
//!
//! The number of calls is limited and the seed is fixed. The stateful tests of schemathesis don't apply, because no
//! response links to another operation. The same is true for its check `use_after_free` and similar ones. What differs
//! for single operations is in `conformance/document/schemathesis.toml`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use test_support::{Reply, ask};

use crate::server::Server;
use crate::{build, venv};

/// The virtual environment that contains the tools.
const TOOLS: &str = "openapi";

/// Environment variable that contains the token.
const TOKEN_VARIABLE: &str = "CONFORMANCE_TOKEN";
/// The token that the server requires, if enabled.
const TOKEN: &str = "a-token-for-conformance";

/// Folder with the hooks for schemathesis.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/document");

/// The configuration of schemathesis.
const CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/document/schemathesis.toml");

const WIRES: [&str; 2] = ["classic", "openapi"];

/// Checks that hold for every response.
const EVERY_RESPONSE: &[&str] = &[
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
];

/// Checks that also hold if connector errors return 200. With `--http-status-from-error` they don't: a valid request
/// may name an account that doesn't exist (the connector's error is then 400), and the mock connector has settings that
/// simulate an internal failure (500) or a failed upstream (502).
const ALWAYS_200: &[&str] = &["not_a_server_error", "positive_data_acceptance"];

/// Checks that also hold if the server requires a token.
const WITH_TOKEN: &[&str] = &["ignored_auth"];

/// The phases of schemathesis: the document's examples, each limit of each field, random requests.
const ALL_PHASES: &str = "examples,coverage,fuzzing";

/// Without `coverage`, which takes the longest. What a server accepts doesn't depend on its options.
const RANDOM_PHASES: &str = "examples,fuzzing";

/// Runs all checks. Returns whether the tools found no problem.
pub(crate) fn run() -> Result<bool> {
    let peers = build::target_directory()?.join("peers");
    let python = venv::prepare(&peers, TOOLS)?;
    let tools = Tools { bin: python.parent().unwrap_or(Path::new(".")).to_owned(), home: peers.join(TOOLS) };
    let connector = test_support::program("lumos-connector-cli", "connector");
    let mock = test_support::program("mock-connector", "mock-connector");

    let mut runs = 0;
    let mut failed = Vec::new();
    let mut record = |what: String, passed: bool| {
        runs += 1;
        println!("{what}: {}", if passed { "passed" } else { "FAILED" });
        if !passed {
            failed.push(what);
        }
    };
    for wire in WIRES {
        record(format!("{wire}: the standard capabilities"), tools.check_spec(&connector, wire)?);
        let plain = serve(&mock, wire, &[])?;
        record(format!("{wire}: the server's document"), tools.validate(&served_document(&plain))?);
        let checks = [EVERY_RESPONSE, ALWAYS_200].concat();
        record(format!("{wire}: the server"), tools.call(&plain, &checks, ALL_PHASES, 20)?);
        drop(plain);
        let args = ["--http-status-from-error", "--token-env", TOKEN_VARIABLE];
        let with_token = serve(&mock, wire, &args)?;
        let checks = [EVERY_RESPONSE, WITH_TOKEN].concat();
        let passed = tools.call(&with_token, &checks, RANDOM_PHASES, 10)?;
        record(format!("{wire}: a server with a token and statuses"), passed);
    }
    println!("{runs} runs, {} failed", failed.len());
    Ok(failed.is_empty())
}

/// Starts `program serve` on a free port.
fn serve(program: &Path, wire: &str, args: &[&str]) -> Result<Server> {
    let mut command = Command::new(program);
    command.args(["serve", "--port", "0", "--no-access-log", "--wire", wire]).args(args);
    // Panics of the mock connector are intended here, so don't log them.
    Server::start(command.env(TOKEN_VARIABLE, TOKEN).env("CONNECTOR_LOG", "off"))
}

/// The OpenAPI document of a server.
fn served_document(server: &Server) -> Vec<u8> {
    Reply::read(ask(server.host(), "GET /openapi.json HTTP/1.1", b"")).bytes
}

struct Tools {
    /// Folder with the environment's programs.
    bin: PathBuf,
    home: PathBuf,
}

impl Tools {
    /// Whether the output of `connector spec` is valid, and the same in YAML and JSON.
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

    /// Whether a server behaves as its document says.
    fn call(&self, server: &Server, checks: &[&str], phases: &str, examples: u32) -> Result<bool> {
        self.succeeds("schemathesis", |command| {
            command
                .args(["--config-file", CONFIGURATION])
                .args(["run", &format!("http://{}/openapi.json", server.host())])
                .args(["--header", &format!("Authorization: Bearer {}", TOKEN)])
                .args(["--checks", &checks.join(",")])
                .args(["--phases", phases, "--max-examples", &examples.to_string()])
                .args(["--seed", "1", "--generation-deterministic", "--no-color"])
                .env("SCHEMATHESIS_HOOKS", "hooks")
                .env("PYTHONPATH", DATA)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env("PYTHONUTF8", "1")
        })
    }

    /// Runs a program of the environment. Its output goes to stderr.
    fn succeeds(&self, program: &str, set: impl FnOnce(&mut Command) -> &mut Command) -> Result<bool> {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir(&self.home).stdin(Stdio::null()).stdout(std::io::stderr());
        let status = set(&mut command).status().with_context(|| format!("cannot start {program}"))?;
        Ok(status.success())
    }
}
