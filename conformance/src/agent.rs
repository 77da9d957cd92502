//! Runs the archives that a published Python release and the SDK build for the on-premise agent, as the agent runs them,
//! and compares what they do.
//!
//! The release packs a twin of a few capabilities of the mock connector, `conformance/agent`. Each archive is unpacked
//! into a separate folder. Each call is a process with an empty environment.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::{build, venv};

/// The virtual environment of the release.
const ENVIRONMENT: &str = "agent";

/// The Python connector to pack.
const TWIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/agent/acme");

/// The Rust connector to pack.
const MOCK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../connectors/mock");

/// Calls, each with the payload of its request.
const CALLS: &[(&str, &str)] = &[
    ("validate_credentials", "{}"),
    ("list_accounts", "{}"),
    ("get_account", r#"{"account_id":"1"}"#),
    ("get_account", r#"{"account_id":"9"}"#),
    ("delete_account", r#"{"account_id":"1"}"#),
];

/// How an agent writes the path of a file: plain, or with quotes.
const QUOTES: [&str; 3] = ["", "\"", "'"];

/// Packs both connectors and compares them. Returns whether they do the same.
pub(crate) fn run() -> Result<bool> {
    let target = build::target_directory()?;
    let home = target.join("peers/agent-archives");
    let _ = fs::remove_dir_all(&home);
    let theirs = Archive::unpack(&pack_theirs(&target, &home)?, &home.join("python"))?;
    let ours = Archive::unpack(&pack_ours(&target, &home)?, &home.join("rust"))?;

    let mut different = 0;
    let mut compare = |what: &str, theirs: &Value, ours: &Value| {
        if theirs != ours {
            different += 1;
            println!("{what}: the release has {theirs}, the SDK {ours}");
        }
    };
    compare("metadata.toml", &theirs.metadata()?, &ours.metadata()?);
    for (capability, payload) in CALLS {
        for quote in QUOTES {
            let [theirs, ours] = [&theirs, &ours].map(|archive| archive.call(capability, payload, quote));
            compare(&format!("{capability} {payload}, paths in [{quote}]"), &theirs?, &ours?);
        }
    }
    println!("{} calls, {different} differences", CALLS.len() * QUOTES.len());
    Ok(different == 0)
}

/// Packs the twin with the release. Returns the path of the archive.
fn pack_theirs(target: &Path, home: &Path) -> Result<PathBuf> {
    let python = venv::prepare(&target.join("peers"), ENVIRONMENT)?;
    let programs = python.parent().context("the environment has no folder of programs")?;
    let path = std::env::join_paths(
        std::iter::once(programs.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    let mut command = Command::new(programs.join("connector"));
    command.args(["compile-on-prem", "--app-id", "acme", "--connector-root-module-dir", TWIN]);
    command.arg("--output-directory").arg(home.join("packed-python")).env("PATH", path);
    archive_of(&mut command)
}

/// Packs the mock connector with the SDK. Returns the path of the archive.
fn pack_ours(target: &Path, home: &Path) -> Result<PathBuf> {
    let mut command = Command::new(test_support::program("lumos-connector-cli", "connector"));
    command.args(["compile-on-prem", "--app-id", "mock-connector", "--bin", "mock-connector-on-prem"]);
    command.args(["--directory", MOCK, "--output-directory"]).arg(home.join("packed-rust"));
    // The system tests build what is shipped there too.
    command.env("CARGO_TARGET_DIR", target.join("tmp/dist"));
    archive_of(&mut command)
}

/// Runs a command whose last line on stdout is the path of an archive.
fn archive_of(command: &mut Command) -> Result<PathBuf> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(output.status.success(), "{} failed", command.get_program().display());
    let stdout = String::from_utf8(output.stdout).context("the path of the archive is not UTF-8")?;
    stdout.lines().last().map(PathBuf::from).context("no archive was written")
}

/// An unpacked archive.
struct Archive {
    folder: PathBuf,
}

impl Archive {
    fn unpack(archive: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let status = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder).status();
        ensure!(status.context("cannot start tar")?.success(), "cannot unpack {}", archive.display());
        Ok(Self { folder: folder.to_owned() })
    }

    /// The lines of `metadata.toml`. The names of the two apps are replaced.
    fn metadata(&self) -> Result<Value> {
        let text = fs::read_to_string(self.folder.join("metadata.toml")).context("metadata.toml")?;
        Ok(["acme_on_prem", "mock-connector_on_prem"]
            .iter()
            .fold(text, |text, id| text.replace(id, "ID"))
            .into())
    }

    /// Calls a capability with its request in a file, and its result in another one. Returns what the agent sees.
    fn call(&self, capability: &str, payload: &str, quote: &str) -> Result<Value> {
        let path = |name: &str| self.folder.join(name);
        let quoted = |name: &str| format!("{quote}{}{quote}", path(name).display());
        let auth = r#"{"basic":{"username":"u","password":"p"}}"#;
        let request = format!(r#"{{"auth":{auth},"settings":{{"accounts":2}},"request":{payload}}}"#);
        fs::write(path("request.json"), request).context("cannot write a request")?;
        let output = Command::new(path("main"))
            .args([capability, "--json-file", &quoted("request.json")])
            .args(["--result-file-path", &quoted("result.json.gz")])
            .current_dir(&self.folder)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start {}", path("main").display()))?;
        let mut result = Vec::new();
        let zipped = File::open(path("result.json.gz")).context("there is no result")?;
        GzDecoder::new(zipped).read_to_end(&mut result).context("the result is not gzip")?;
        fs::remove_file(path("result.json.gz")).context("cannot remove the result")?;
        let mut result: Value = serde_json::from_slice(&result).context("the result is not JSON")?;
        // These differ by their nature: the app, and where and how the handler reports an error.
        for key in ["app_id", "message", "raised_in"] {
            result.pointer_mut("/error").and_then(Value::as_object_mut).and_then(|error| error.remove(key));
        }
        Ok(json!({
            "exit": output.status.code(),
            "stdout": String::from_utf8_lossy(&output.stdout),
            "result": result,
        }))
    }
}
