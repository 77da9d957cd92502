//! `connector hacking build-executable` and `connector hacking test`, run on crates that stand in for connectors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use test_support::program;

/// Responds to `info` as a connector does, with a text from a library.
const PROGRAM: &str = r#"fn main() {
    let command = std::env::args().nth(1);
    if command.as_deref() != Some("info") { std::process::exit(2) }
    println!("{{\"app_id\":\"{}\"}}", greeting::name!());
}"#;

fn manifest(name: &str, rest: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n[workspace]\n{rest}"
    )
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// A program with a library, a build dependency and a dev-dependency.
fn connector_crate() -> TempDir {
    let dependencies = "[dependencies]\ngreeting = { path = \"../greeting\" }\n\
                        extra = { path = \"../extra\", optional = true }\n\
                        [build-dependencies]\nbuilder = { path = \"../builder\" }\n\
                        [dev-dependencies]\ntester = { path = \"../tester\" }\n";
    folder_with(&[
        ("acme/Cargo.toml", &manifest("acme", dependencies)),
        ("acme/src/main.rs", PROGRAM),
        ("acme/build.rs", "fn main() { builder::build() }"),
        ("greeting/Cargo.toml", &manifest("greeting", "")),
        ("greeting/src/lib.rs", "#[macro_export]\nmacro_rules! name { () => { \"acme\" } }\n"),
        ("greeting/LICENSE", "Greet as you like.\n"),
        ("builder/Cargo.toml", &manifest("builder", "")),
        ("builder/src/lib.rs", "pub fn build() {}"),
        ("extra/Cargo.toml", &manifest("extra", "")),
        ("extra/src/lib.rs", ""),
        ("tester/Cargo.toml", &manifest("tester", "")),
        ("tester/src/lib.rs", ""),
    ])
}

fn hacking(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.arg("hacking").args(args).current_dir(folder);
    // Don't use the target folder of the build in progress.
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "SOURCE_DATE_EPOCH"] {
        command.env_remove(variable);
    }
    command
}

fn rejected(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = hacking(folder, args).output().expect("it runs");
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    (status.code(), String::from_utf8(stderr).expect("text"))
}

fn build(command: &mut Command) -> Value {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The names of the components. The crates come first.
fn names(sbom: &Value) -> Vec<&str> {
    let components = sbom["components"].as_array().expect("a list");
    components.iter().map(|part| part["name"].as_str().expect("a name")).collect()
}

fn path(artifacts: &Value, key: &str) -> PathBuf {
    artifacts[key].as_str().expect("a path").into()
}

#[test]
fn executable_is_static_and_comes_with_sbom_and_licenses() {
    let folder = connector_crate();
    let acme = folder.path().join("acme");
    let artifacts = build(&mut hacking(&acme, &["build-executable", "--json", "--output", "out"]));
    let executable = acme.join(path(&artifacts, "executable"));
    assert_eq!(executable, acme.join("out").join(format!("acme{}", std::env::consts::EXE_SUFFIX)));
    // Only Linux executables can be static.
    let is_static = cfg!(target_os = "linux");
    assert_eq!(artifacts["static"], is_static);
    assert_eq!(artifacts["bytes"], fs::metadata(&executable).unwrap().len());
    let info = Command::new(&executable).arg("info").output().unwrap();
    assert_eq!(info.stdout, b"{\"app_id\":\"acme\"}\n");

    let sbom = fs::read_to_string(acme.join(path(&artifacts, "sbom"))).unwrap();
    assert!(!sbom.contains(folder.path().to_str().unwrap()), "a path of this machine: {sbom}");
    let sbom: Value = serde_json::from_str(&sbom).unwrap();
    assert_eq!(names(&sbom)[..2], ["greeting", "rust-std"], "build and dev-dependencies are not included");
    assert_eq!(sbom["metadata"]["component"]["name"], "acme");
    assert_eq!(sbom["dependencies"][0]["ref"], "acme@0.1.0");
    assert_eq!(sbom["dependencies"][0]["dependsOn"][0], "greeting@0.1.0");

    let licenses = fs::read_to_string(acme.join("out/THIRD-PARTY-LICENSES.txt")).unwrap();
    assert!(licenses.contains("greeting 0.1.0\n    license: MIT\n    text: [1] LICENSE\n"), "{licenses}");
    assert!(licenses.contains("Greet as you like."), "{licenses}");
    assert!(!licenses.contains("builder") && !licenses.contains("tester"), "{licenses}");

    // By default the files are in cargo's output folder. The SBOM is the same as before.
    let output = hacking(&acme, &["build-executable"]).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(stdout.contains(" MB (static, "), is_static, "{stdout}");
    assert!(stdout.contains(" with 1 crate\n"), "{stdout}");
    let again = Path::new(stdout.split_once(": ").unwrap().0).with_file_name("acme.cdx.json");
    let again: Value = serde_json::from_str(&fs::read_to_string(again).unwrap()).unwrap();
    assert_eq!(again, sbom);

    let more = build(&mut hacking(&acme, &["build-executable", "--json", "-F", "extra"]));
    let more: Value = serde_json::from_str(&fs::read_to_string(path(&more, "sbom")).unwrap()).unwrap();
    assert_eq!(names(&more)[..2], ["extra", "greeting"]);
}

#[test]
fn workspace_member_is_built_in_the_workspace_target_folder() {
    let member = "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                  [dependencies]\ngreeting.workspace = true\n";
    let folder = folder_with(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"projects/*\", \"greeting\"]\ndefault-members = [\"greeting\"]\n\
             [workspace.dependencies]\ngreeting = { path = \"greeting\" }\n",
        ),
        (".cargo/config.toml", "[build]\ntarget-dir = \"elsewhere\"\n"),
        ("projects/acme/Cargo.toml", member),
        ("projects/acme/src/main.rs", &format!("#[test] fn sound() {{}}\n{PROGRAM}")),
        ("greeting/Cargo.toml", "[package]\nname = \"greeting\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("greeting/src/lib.rs", "#[macro_export]\nmacro_rules! name { () => { \"acme\" } }\n"),
    ]);
    let root = folder.path().canonicalize().unwrap();
    let acme = root.join("projects/acme");
    let artifacts = build(hacking(&acme, &["build-executable", "--json"]).env_remove("CARGO_TARGET_DIR"));
    let executable = path(&artifacts, "executable");
    assert!(executable.starts_with(root.join("elsewhere")), "{artifacts}");
    let sbom: Value = serde_json::from_str(&fs::read_to_string(path(&artifacts, "sbom")).unwrap()).unwrap();
    assert_eq!(names(&sbom)[0], "greeting");
    let output = hacking(&acme, &["test"]).env_remove("CARGO_TARGET_DIR").output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
    assert!(!acme.join("target").exists() && !root.join("target").exists());
    assert!(root.join("Cargo.lock").exists());
}

#[test]
fn programs_that_are_not_connectors_are_not_shipped() {
    let folder = folder_with(&[
        ("Cargo.toml", &manifest("acme", "")),
        ("src/main.rs", "fn main() { std::process::exit(7) }"),
    ]);
    let (status, message) = rejected(folder.path(), &["build-executable", "--output", "out"]);
    assert_eq!(status, Some(1));
    assert!(message.contains("does not respond to `acme info` (exit status: 7)"), "{message}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn missing_crates_folders_and_programs_are_reported() {
    let empty = tempfile::tempdir().unwrap();
    for command in ["build-executable", "test"] {
        for (args, expected) in
            [(&[][..], "no Cargo.toml in ."), (&["-d", "nowhere"], "no such folder: nowhere")]
        {
            let (status, message) = rejected(empty.path(), &[&[command], args].concat());
            assert_eq!(status, Some(2), "{message}");
            assert!(message.contains(expected), "{message}");
        }
    }
    let library = folder_with(&[("Cargo.toml", &manifest("acme", "")), ("src/lib.rs", "")]);
    let (status, message) = rejected(library.path(), &["build-executable"]);
    assert_eq!((status, message.contains("has no program")), (Some(2), true), "{message}");
    let broken =
        folder_with(&[("Cargo.toml", &manifest("acme", "")), ("src/main.rs", "fn main() { nonsense }")]);
    let (status, message) = rejected(broken.path(), &["build-executable"]);
    assert_eq!(status, Some(1));
    assert!(message.contains("cannot find value `nonsense`"), "{message}");
    assert!(message.contains("acme could not be built"), "{message}");
}

#[test]
fn tests_of_the_folder_run_and_their_status_is_returned() {
    let tests = "#[test] fn sound() {}\n#[test] fn broken() { panic!(\"no\") }\n";
    let folder = folder_with(&[("Cargo.toml", &manifest("acme", "")), ("src/lib.rs", tests)]);
    let elsewhere = tempfile::tempdir().unwrap();
    let directory = folder.path().to_str().unwrap();
    let run = |args: &[&str]| {
        let args = [&["test", "-d", directory], args].concat();
        let output = hacking(elsewhere.path(), &args).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, stdout) = run(&[]);
    assert_eq!(status, Some(101));
    assert!(stdout.contains("1 passed; 1 failed"), "{stdout}");
    let (status, stdout) = run(&["--", "--lib", "sound"]);
    assert_eq!(status, Some(0));
    assert!(stdout.contains("1 passed; 0 failed"), "{stdout}");
}

#[test]
#[ignore = "needs minutes and PyPI: cargo xtask test --system"]
fn mock_connector_builds_as_one_static_file_with_a_valid_sbom() {
    /// Exits with the validation error, if any.
    const VALIDATE: &str = "import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(error) if error else 0)";

    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut command = hacking(&root, &["build-executable", "-d", "connectors/mock", "--json"]);
    // Kept, so the next run is fast.
    let artifacts = build(command.env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/dist")));
    let info = Command::new(path(&artifacts, "executable")).arg("info").output().unwrap();
    let info: Value = serde_json::from_slice(&info.stdout).unwrap();
    assert_eq!(info["response"]["app_id"].as_str().or(info["app_id"].as_str()), Some("mock-connector"));
    assert_eq!(artifacts["static"], cfg!(target_os = "linux"));
    // It has 49 capabilities in both wire formats, at about 30 kB each, and the probe; a connector with 16 stays below
    // 6 MB.
    assert!(artifacts["bytes"].as_u64().unwrap() < 7_500_000, "{artifacts}");

    let sbom = fs::read_to_string(path(&artifacts, "sbom")).unwrap();
    for (name, is_in) in [("\"tokio\"", true), ("\"ureq\"", false), ("\"syn\"", false)] {
        assert_eq!(sbom.contains(name), is_in, "{name}");
    }
    let mut venv = Command::new(program("conformance", "conformance"));
    let python = venv.args(["venv", "cyclonedx"]).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let python = String::from_utf8(python.stdout).unwrap();
    let valid =
        Command::new(python.trim()).args(["-c", VALIDATE]).arg(path(&artifacts, "sbom")).output().unwrap();
    assert!(valid.status.success(), "{}", String::from_utf8_lossy(&valid.stderr));
}
