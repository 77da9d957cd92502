//! What the compiler reports to an author who makes a mistake.
//!
//! The messages are those of rustc 1.95; see `CONTRIBUTING.md` for how to update them.
#![cfg(feature = "macros")]

mod stderr;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use similar::TextDiff;

/// Where the cases are, below the package. Each has the compiler's message in a `.stderr` file of the same name.
const CASES: &str = "tests/compile_fail/cases";

/// One test for each case, so that a run can pick one.
macro_rules! cases {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*

        #[test]
        fn every_case_is_tested() {
            let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(CASES)).unwrap();
            let files = files.map(|entry| entry.unwrap().path());
            let found: BTreeSet<_> =
                files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
            assert_eq!(found, BTreeSet::from([$(stringify!($name).to_owned()),*]));
        }
    };
}

cases! {
    arguments_without_derives
    blocking_registered_as_async
    blocking_response_of_another_capability
    class_attribute
    class_shapes
    class_types
    credentials_not_carried
    credentials_of_no_kind
    custom_registered_as_standard
    custom_with_other_types
    handler_not_send
    http_handler_without_status
    request_of_another_capability
    response_of_another_capability
    settings_not_declared
    settings_without_derives
    state_not_declared
    types_not_declared
}

/// Compiles a case, which must fail with the message in its `.stderr` file. `UPDATE_SNAPSHOTS=1` rewrites the file.
fn check(name: &str) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let case = format!("{CASES}/{name}.rs");
    // The absolute path shows up where a message names a closure or an async block by its place.
    let output = Command::new(option_env!("RUSTC").unwrap_or("rustc"))
        .args(["--edition", "2024", "--emit", "metadata", "--verbose", "--allow", "dead_code"])
        .args(compiler_args::extern_args!())
        .arg("--out-dir")
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg(package.join(&case))
        // Cargo compiles the SDK there, and its messages show the SDK's source.
        .current_dir(package.join(stderr::WORKSPACE))
        .output()
        .expect("rustc starts");
    assert!(!output.status.success(), "{case} compiles");
    let actual = stderr::normalize(&String::from_utf8_lossy(&output.stderr), package, &case);

    let file = package.join(&case).with_extension("stderr");
    let expected = stderr::normalize(&fs::read_to_string(&file).unwrap_or_default(), package, &case);
    if actual == expected {
        return;
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        fs::write(&file, actual).expect("the file can be written");
        return;
    }
    let diff = TextDiff::from_lines(&expected, &actual);
    panic!("the message differs:\n{}", diff.unified_diff().header(&file.display().to_string(), "rustc"));
}
