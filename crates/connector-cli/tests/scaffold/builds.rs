//! Generated connectors build, pass their own tests and checks, and work.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use test_support::Serving;

use crate::support::scaffolded;

/// Credentials, wire format, pagination, capabilities.
type Combination = (&'static str, &'static str, &'static str, &'static str);

/// Combines each kind of credentials and of pagination with each preset, and each kind of credentials with each wire
/// format that supports it.
const MATRIX: [Combination; 10] = [
    ("basic", "openapi", "page", "full"),
    ("none", "classic", "page", "read-only"),
    ("token", "openapi", "offset", "full"),
    ("basic", "classic", "offset", "read-only"),
    ("oauth", "classic", "cursor", "full"),
    ("token", "openapi", "cursor", "read-only"),
    ("none", "openapi", "link", "full"),
    ("oauth", "classic", "link", "read-only"),
    ("oauth", "openapi", "none", "full"),
    ("oauth", "classic", "none", "read-only"),
];

/// Selections without the capabilities that others depend on.
const FEW: [Combination; 3] = [
    ("basic", "classic", "cursor", "delete_account,list_resources"),
    ("oauth", "classic", "page", "get_authorization_url"),
    ("oauth", "openapi", "offset", "handle_authorization_callback"),
];

/// The combinations to build: [`MATRIX`] and the first two of [`FEW`]. If the variable `SCAFFOLD_MATRIX` is set, all
/// combinations and [`FEW`]; its words, except `all`, select those that match every word.
fn combinations() -> Vec<Combination> {
    let Ok(words) = std::env::var("SCAFFOLD_MATRIX") else {
        return MATRIX.iter().chain(&FEW[..2]).copied().collect();
    };
    let kinds = BTreeSet::from(MATRIX.map(|(auth, wire, ..)| (auth, wire)));
    let paginations = BTreeSet::from(MATRIX.map(|(_, _, pagination, _)| pagination));
    let mut all = FEW.to_vec();
    for &(auth, wire) in &kinds {
        for &pagination in &paginations {
            all.extend(["read-only", "full"].map(|preset| (auth, wire, pagination, preset)));
        }
    }
    let words: Vec<&str> = words.split_whitespace().filter(|word| *word != "all").collect();
    all.retain(|&(auth, wire, pagination, preset)| {
        words.iter().all(|word| [auth, wire, pagination, preset].contains(word))
    });
    assert!(
        !all.is_empty(),
        "no combination has all of {words:?}: {kinds:?}, {paginations:?}, read-only or full"
    );
    all
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs crates.io, and minutes: cargo xtask test --system"]
fn generated_connectors_build_and_pass_their_own_checks() {
    let folder = tempfile::tempdir().unwrap();
    // All connectors share the dependencies.
    let target =
        std::env::var_os("SCAFFOLD_TARGET_DIR").unwrap_or_else(|| folder.path().join("target").into());
    let cargo = |directory: &Path, args: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(args).current_dir(directory).env("CARGO_TARGET_DIR", &target);
        command.env("CARGO_NET_OFFLINE", "true").env("NO_PROXY", "127.0.0.1").env_remove("RUSTFLAGS");
        command.env("RUSTDOCFLAGS", "-D warnings");
        // Each connector is built only once.
        command.env("CARGO_INCREMENTAL", "0");
        command
    };
    let mut programs = Vec::new();
    for (at, (auth, wire, pagination, capabilities)) in combinations().into_iter().enumerate() {
        let name = format!("acme-{at}");
        let of = ["--auth", auth, "--wire", wire, "--pagination", pagination, "--capabilities", capabilities];
        scaffolded(folder.path(), &[&[name.as_str(), &name], &of[..]].concat());
        let directory = folder.path().join(&name);
        if ["read-only", "full"].contains(&capabilities) {
            add_tests(&directory, &name, wire, pagination);
        }
        // Everything after this is offline.
        let fetched = cargo(&directory, &["fetch", "--quiet"]).env_remove("CARGO_NET_OFFLINE").status();
        assert!(fetched.expect("cargo").success(), "{name}: cargo fetch");
        let mut times = Vec::new();
        for args in [
            &["build"][..],
            &["test", "--quiet"],
            &["clippy", "--all-targets", "--quiet", "--", "-D", "warnings"],
            &["fmt", "--check"],
            &["doc", "--no-deps", "--quiet"],
        ] {
            let start = Instant::now();
            let output = cargo(&directory, args).output().expect("cargo");
            let stderr = String::from_utf8_lossy(&output.stderr);
            let stdout = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success(),
                "{name} {auth} {wire} {pagination}: {args:?}\n{stderr}\n{stdout}"
            );
            assert!(!stderr.contains("warning"), "{name} {auth} {wire} {pagination}: {args:?}\n{stderr}");
            times.push(format!("{} {:.1?}", args[0], start.elapsed()));
        }
        runs_as_the_readme_shows(&directory, &cargo);
        serves(&directory, &cargo);
        println!("{auth}, {wire}, {pagination}, {capabilities}: {}", times.join(", "));
        programs.push(Path::new(&target).join("debug").join(&name));
    }
    app_info_has_no_finding(&programs);
}

/// Checks what `app_info` of the connectors returns, with the checks of a published Python release.
fn app_info_has_no_finding(programs: &[PathBuf]) {
    let conformance = test_support::program("conformance", "conformance");
    let output = Command::new(conformance).arg("app-info").args(programs).output().expect("it starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
}

/// Adds tests with an upstream that returns faulty responses.
fn add_tests(directory: &Path, name: &str, wire: &str, pagination: &str) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pagination");
    let tests = directory.join("tests/pagination");
    fs::create_dir(&tests).expect("a folder");
    let kind = format!("{pagination}.rs");
    let mut files = vec![("main.rs", "main.rs"), ("body.rs", "body.rs"), ("support.rs", "support.rs")];
    // Without pagination there are no pages to test.
    if pagination != "none" {
        files.extend([("kind.rs", kind.as_str()), ("pages.rs", "pages.rs")]);
    }
    for (file, fixture) in files {
        let text = fs::read_to_string(fixtures.join(fixture)).expect("a fixture");
        let text = if pagination == "none" { text.replace("mod kind;\nmod pages;\n", "") } else { text };
        let text = text.replace("acme::", &format!("{}::", name.replace('-', "_")));
        let code = if wire == "openapi" { "invalid_response" } else { "api_error" };
        let text = text.replace("UNEXPECTED_BODY", code);
        fs::write(tests.join(file), text).expect("a file");
    }
}

/// Runs the call that the README shows, against the example upstream.
fn runs_as_the_readme_shows(directory: &Path, cargo: &dyn Fn(&Path, &[&str]) -> Command) {
    let readme = std::fs::read_to_string(directory.join("README.md")).expect("a README");
    let call = readme.lines().find(|line| line.contains("--json '")).expect("a call");
    let (command, json) = call.trim_start_matches("$ cargo run -- ").split_once(" --json '").expect("JSON");
    let mut upstream = cargo(directory, &["run", "--quiet", "--example", "upstream", "127.0.0.1:0"]);
    let mut upstream = Running(upstream.stdout(Stdio::piped()).spawn().expect("it runs"));
    let mut address = String::new();
    BufReader::new(upstream.0.stdout.take().expect("a pipe")).read_line(&mut address).expect("a line");
    let json = json.trim_end_matches('\'').replace("http://127.0.0.1:8181", address.trim());
    for args in [&["info"][..], &[command, "--json", &json]] {
        let output = cargo(directory, &[&["run", "--quiet", "--"], args].concat()).output().expect("it runs");
        let stdout = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{args:?}: {stdout}");
        let response: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!(response["error"], serde_json::Value::Null, "{response}");
    }
}

/// Starts the server. It rejects what needs a feature of the SDK that a new connector doesn't enable.
fn serves(directory: &Path, cargo: &dyn Fn(&Path, &[&str]) -> Command) {
    let serving = Serving::start(cargo(directory, &["run", "--quiet", "--", "serve", "--port", "0"]));
    let mut stream = TcpStream::connect(&serving.address).expect("a connection");
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").expect("it is sent");
    let mut answer = String::new();
    // The server may reset a connection that does not speak HTTP/1.
    let _ = stream.read_to_string(&mut answer);
    assert_eq!(answer, "", "the preface of HTTP/2");
    for (coding, status) in [("", "200"), ("Content-Encoding: zstd\r\n", "415")] {
        let response =
            serving.post_with("/info", &format!("Content-Type: application/json\r\n{coding}"), "{}");
        let (head, body) = response.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{coding}: {response}");
        serde_json::from_str::<serde_json::Value>(body).expect("JSON");
    }
}
