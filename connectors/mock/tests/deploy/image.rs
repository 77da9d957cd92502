//! The image: checks its Dockerfile, and runs its last stage in a folder that contains nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use test_support::{Serving, program, response};

use crate::dockerfile::{Stage, instructions, last_stage};
use crate::read;

const BEARER: &str = "Authorization: Bearer the-token\r\n";
const DOCKERFILE: &str = "deploy/Dockerfile";
/// Shipped programs are built here for all tests. The folder is kept, so only the first run compiles everything.
pub(crate) const TARGET_FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/dist");

fn stage() -> Stage {
    last_stage(&read(DOCKERFILE))
}

#[test]
fn image_is_from_scratch_and_runs_as_an_unprivileged_user() {
    let stage = stage();
    assert_eq!(stage.base, "scratch");
    let (user, group) = stage.user.split_once(':').expect("a user and a group");
    assert!(user.parse::<u32>().is_ok_and(|id| id > 0), "{user}: Kubernetes requires a numeric user");
    assert!(group.parse::<u32>().is_ok_and(|id| id > 0), "{group}");
    assert!(stage.copies.iter().any(|copy| copy.target == stage.entry_point[0]), "{stage:?}");
}

#[test]
fn builder_sees_every_package_of_the_workspace() {
    let ignore = read("deploy/Dockerfile.dockerignore");
    let seen: Vec<&str> = ignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let manifest = read("Cargo.toml");
    let members = manifest.split_once("members = [").expect("members").1.split_once(']').expect("an end").0;
    let members = members.split('"').skip(1).step_by(2);
    for path in members.chain(["Cargo.toml", "Cargo.lock"]) {
        let top = path.split('/').next().expect("a name");
        assert!(seen.contains(&top), "{path} is hidden from the builder");
    }
}

#[test]
#[ignore = "needs root, and compiles what is shipped: cargo xtask test --system"]
fn program_serves_inside_the_image() {
    let stage = stage();
    let image = tempfile::tempdir().expect("a folder");
    let program = static_program();
    for copy in &stage.copies {
        let source = match copy.source.as_str() {
            "/out/connector" => program.clone(),
            "/etc/ssl/certs/ca-certificates.crt" => PathBuf::from(&copy.source),
            other => panic!("{other}: unknown source"),
        };
        let target = image.path().join(copy.target.trim_start_matches('/'));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(source, target).expect("a copy");
    }
    let before = files(image.path());
    open_to_all(image.path());

    let mut command = Command::new("chroot");
    command.arg(format!("--userspec={}", stage.user)).arg(image.path()).args(&stage.entry_point);
    command.args(["-p", "0"]).env_clear().envs(stage.variables).env("CONNECTOR_TOKEN", "the-token");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let serving = Serving::start(command);

    for probe in ["/livez", "/readyz"] {
        assert!(serving.get(probe).starts_with("HTTP/1.1 200"), "{probe}");
    }
    assert!(serving.get("/metrics").starts_with("HTTP/1.1 401"));
    let request = |settings: &str| {
        format!(
            r#"{{"auth":{{"model":"basic","username":"u","password":"p"}},"request":{{}},"settings":{settings}}}"#
        )
    };
    assert!(serving.post("/list_accounts", &request("{}")).starts_with("HTTP/1.1 401"));
    let listed = serving.post_with("/list_accounts", BEARER, &request("{}"));
    assert!(listed.starts_with("HTTP/1.1 200") && listed.contains("user99@example.com"), "{listed}");

    // A call in progress is completed before the server exits. The metrics show when it is in progress.
    let slow = serving.begin("POST /list_accounts", BEARER, &request(r#"{"delay_ms":5000}"#));
    let start = Instant::now();
    while in_flight(&serving) == 0 {
        assert!(start.elapsed() < Duration::from_secs(5), "the call was not seen in progress");
        std::thread::yield_now();
    }
    let (status, log) = serving.stop("-TERM");
    assert_eq!(status, Some(0), "{log}");
    assert!(response(slow).starts_with("HTTP/1.1 200"));
    assert!(!log.contains("the-token"), "{log}");
    assert_eq!(files(image.path()), before, "nothing is written");
}

/// Number of requests in progress.
fn in_flight(serving: &Serving) -> u32 {
    let metrics = serving.get_with("/metrics", BEARER);
    let lines = metrics.lines().filter(|line| line.starts_with("connector_requests_in_flight{"));
    lines.map(|line| line.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0_u32)).sum()
}

/// A static program, built like the one to ship. The Dockerfile builds it with the same profile.
fn static_program() -> PathBuf {
    let builds = |text: &str| text.contains("cargo build") && text.contains("--locked --profile dist");
    assert!(instructions(&read(DOCKERFILE)).iter().any(|(run, text)| run == "RUN" && builds(text)));
    let connector = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(program("lumos-connector-cli", "connector"))
        .args(["hacking", "build-executable", "--json", "--directory", connector])
        .env("CARGO_TARGET_DIR", TARGET_FOLDER)
        .stderr(Stdio::inherit())
        .output()
        .expect("it starts");
    assert!(output.status.success());
    let output: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    PathBuf::from(output["executable"].as_str().expect("a path"))
}

/// Lets every user read a folder, but not write to it.
fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).expect("it is ours");
}

/// Every file and folder in `folder`, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}
