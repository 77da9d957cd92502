//! The archive of `connector compile-on-prem`, run as the on-premise agent runs it: unpacked by a user without
//! privileges into a folder that contains nothing else, which is the root of one process for each call.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use connector::{Integration, Wire};
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use test_support::program;

/// The user and group of the agent, which the root has no names for.
const AGENT: u32 = 12_345;

/// Builds the archive once for all tests.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<PathBuf> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let output = Command::new(program("lumos-connector-cli", "connector"))
            .args(["compile-on-prem", "--app-id", "mock-connector", "--bin", "mock-connector-on-prem"])
            .args([
                "--directory",
                env!("CARGO_MANIFEST_DIR"),
                "--output-directory",
                env!("CARGO_TARGET_TMPDIR"),
            ])
            .env("CARGO_TARGET_DIR", crate::image::TARGET_FOLDER)
            .stderr(Stdio::inherit())
            .output()
            .expect("it starts");
        assert!(output.status.success());
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        PathBuf::from(stdout.lines().last().expect("a path"))
    })
}

/// A stand-in for the agent, with an unpacked archive.
struct Agent {
    root: TempDir,
}

impl Agent {
    fn unpack() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        chown(root.path(), Some(AGENT), Some(AGENT)).expect("an owner");
        let unpacked = Command::new("tar")
            .args(["-xz", "-C"])
            .arg(root.path())
            .stdin(File::open(archive()).expect("an archive"))
            .uid(AGENT)
            .gid(AGENT)
            .status();
        assert!(unpacked.expect("tar starts").success());
        Self { root }
    }

    /// The value of a key in `metadata.toml`.
    fn metadata(&self, key: &str) -> String {
        let text = fs::read_to_string(self.root.path().join("metadata.toml")).expect("a file");
        let (header, rest) = text.split_once('\n').expect("lines");
        assert_eq!(header, "[connector]");
        let value =
            rest.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
        value.expect("a key").to_owned()
    }

    /// Writes a file that the agent owns. Returns its path inside the root.
    fn write(&self, name: &str, content: &str) -> String {
        let path = self.root.path().join(name);
        fs::write(&path, content).expect("a file");
        chown(&path, Some(AGENT), Some(AGENT)).expect("an owner");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
        format!("/{name}")
    }

    /// Runs `main` with an empty environment.
    fn main(&self, args: &[&str]) -> Output {
        self.run(Command::new("/usr/sbin/chroot"), args)
    }

    /// Runs `main` in a root that nobody can write to.
    fn main_read_only(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let script = "root=$2 && mount --bind \"$root\" \"$root\" && mount -o remount,bind,ro \"$root\" && \
                      exec /usr/sbin/chroot \"$@\"";
        let mut command = Command::new("/usr/bin/unshare");
        command.args(["--mount", "/bin/sh", "-c", script, "sh"]).envs(variables.iter().copied());
        self.run(command, args)
    }

    fn run(&self, mut command: Command, args: &[&str]) -> Output {
        let variables: Vec<_> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        command.arg(format!("--userspec={AGENT}:{AGENT}")).arg(self.root.path()).arg("/main").args(args);
        command.env_clear().envs(variables).stdin(Stdio::null()).output().expect("it starts")
    }

    fn unzipped(&self, name: &str) -> Vec<u8> {
        let mut unzipped = Vec::new();
        let file = File::open(self.root.path().join(name)).expect("a file");
        GzDecoder::new(file).read_to_end(&mut unzipped).expect("gzip");
        unzipped
    }
}

fn integration() -> Integration {
    mock_connector::integration().with_wire(Wire::OpenApi).expect("the mock has this format")
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

/// Payloads for capabilities that have no test case, or whose classic payload is different, and that need fields.
fn payloads() -> [(&'static str, Value); 3] {
    [
        ("fulfill_arbitrary_endpoint", json!({"url": "/users/3"})),
        ("create_account", json!({"email": "new@example.org", "entitlements": []})),
        (
            "list_applications_activity_records",
            json!({"since_date": "2024-01-01", "actors": [{"account_id": "3"}]}),
        ),
    ]
}

/// Requests for every capability: those of the test cases, with the credentials of this format, or an empty one.
fn requests(integration: &Integration) -> BTreeMap<String, Vec<String>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = [cases.clone(), cases.join("openapi")]
        .into_iter()
        .flat_map(|path| fs::read_dir(path).expect("cases"));
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    let mut requests: BTreeMap<String, Vec<String>> =
        integration.capabilities().map(|capability| (capability.name.to_owned(), Vec::new())).collect();
    let envelope = |case: &Value| {
        let mut envelope = case["envelope"].as_object().cloned().unwrap_or_default();
        envelope.insert("auth".to_owned(), json!({"basic": {"username": "u", "password": "p"}}));
        envelope
            .insert("request".to_owned(), case.get("request").cloned().unwrap_or_else(|| Map::new().into()));
        Value::Object(envelope).to_string()
    };
    for file in files.map(|path| read(&path)) {
        let name = file["capability"].as_str().expect("a name").replace('-', "_");
        let of_capability = requests.get_mut(&name).expect("a capability");
        of_capability.extend(file["cases"].as_array().expect("cases").iter().map(envelope));
    }
    for (capability, payload) in payloads() {
        let of_capability = requests.get_mut(capability).expect("a capability");
        of_capability.push(envelope(&json!({"request": payload})));
    }
    for of_capability in requests.values_mut().filter(|requests| requests.is_empty()) {
        of_capability.push(envelope(&json!({})));
    }
    requests
}

/// A response without how long the checks of a probe took, which differs.
fn without_times(response: &[u8]) -> String {
    let text = std::str::from_utf8(response.trim_ascii_end()).expect("text");
    let mut parts = text.split("\"duration_ms\":");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|char: char| char.is_ascii_digit()))
}

#[test]
#[ignore = "needs root, and compiles what is shipped: cargo xtask test --system"]
fn every_capability_responds_to_the_agent_as_in_process() {
    let (agent, integration) = (Agent::unpack(), integration());
    assert_eq!(agent.metadata("app_id"), format!("{}_on_prem", integration.app_id()));
    assert_eq!(agent.metadata("version"), integration.version());
    for (capability, requests) in requests(&integration) {
        let mut successes = 0;
        for request in &requests {
            let expected = integration.dispatch_blocking(&capability, request.as_bytes());
            let expected_json: Value = serde_json::from_slice(&expected).expect("JSON");
            successes += usize::from(expected_json["is_error"].is_null());
            let input = agent.write("request.json", request);
            let output = agent.main(&[
                &capability,
                "--json-file",
                &input,
                "--result-file-path",
                "\"/result.json.gz\"",
            ]);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{capability}: {stderr}");
            assert_eq!(stderr, "", "{capability}");
            let written = agent.unzipped("result.json.gz");
            assert_eq!(without_times(&written), without_times(&expected), "{capability}: {request}");
            fs::remove_file(agent.root.path().join("result.json.gz")).expect("a file");
            let plain = agent.main(&[&capability, "--json-file", &input]);
            assert_eq!(without_times(&plain.stdout), without_times(&expected), "{capability}: {request}");
        }
        assert!(successes > 0, "{capability}: no request succeeds: {requests:?}");
    }
    let info = agent.main(&["info", "--result-file-path", "/info.json.gz"]);
    assert!(info.status.success(), "{}", String::from_utf8_lossy(&info.stderr));
    assert_eq!(agent.unzipped("info.json.gz").trim_ascii_end(), integration.dispatch_blocking("info", b""));
}

#[test]
#[ignore = "needs root, and compiles what is shipped: cargo xtask test --system"]
fn root_may_be_read_only() {
    let (agent, integration) = (Agent::unpack(), integration());
    let request = r#"{"auth":{"basic":{"username":"u","password":"p"}},"request":{},"page":{"size":2}}"#;
    let expected = integration.dispatch_blocking("list_accounts", request.as_bytes());
    let input = agent.write("request.json", request);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();

    let output =
        agent.main_read_only(&["list_accounts", "--json-file", &input], &[("LUMOS_LOG_DIRECTORY", "/logs")]);
    assert_eq!(text(output.stdout.trim_ascii_end()), text(&expected), "{}", text(&output.stderr));
    let warning = "warning: cannot write the log of mock-connector in /logs: Read-only file system";
    assert!(text(&output.stderr).starts_with(warning), "{}", text(&output.stderr));

    let args = ["list_accounts", "--json-file", &input, "--result-file-path", "/result.json.gz"];
    let output = agent.main_read_only(&args, &[]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    let error = "error: cannot write the result to /result.json.gz: ";
    assert!(text(&output.stderr).starts_with(error), "{}", text(&output.stderr));
    assert!(!agent.root.path().join("result.json.gz").exists());
}

#[test]
#[ignore = "needs root, and compiles what is shipped: cargo xtask test --system"]
fn agent_gets_a_log_in_its_folder() {
    let agent = Agent::unpack();
    let request = r#"{"auth":{"basic":{"username":"u","password":"canary-7Kq2"}},"request":{},"settings":{"panic":true}}"#;
    let input = agent.write("request.json", request);
    let mut command = Command::new("/usr/sbin/chroot");
    command.env("LUMOS_LOG_DIRECTORY", "/logs").env("LUMOS_LOG_LEVEL", "INFO");
    let output = agent.run(command, &["list_accounts", "--json-file", &input]);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr)), (Some(0), "".into()));
    let mut logs = fs::read_dir(agent.root.path().join("logs")).expect("a folder");
    let log = fs::read_to_string(logs.next().expect("a log").expect("an entry").path()).expect("a file");
    assert!(log.contains("connector::settings") && log.contains("panicked"), "{log}");
    assert!(!log.contains("7Kq2"), "{log}");
}
