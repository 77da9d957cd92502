//! Connectors with the real SDK.

use std::fs;
use std::process::Command;

#[test]
#[ignore = "needs minutes and crates.io: cargo xtask test --system"]
fn added_capabilities_pass_their_tests_with_the_real_sdk() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../connector")).unwrap();
    let manifest = format!(
        "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nlumos-connector = {{ path = {sdk:?} }}\n"
    );
    let rest = "\n\nfn main() -> std::process::ExitCode {\n    connector::cli::run(integration())\n}\n";
    let chain = "fn integration() -> connector::Integration {\n    \
                 connector::Integration::builder(\"acme\")\n        .auth::<connector::model::BasicCredentials>()\n        \
                 .build()\n}";
    let block = "struct Acme;\n\n#[connector::capabilities(auth = connector::model::OAuthCredentials)]\nimpl Acme {}\n\n\
                 fn integration() -> connector::Integration {\n    Acme.into_builder(\"acme\").build()\n}";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let sources = folder.path().join("src");
    // Not deleted, to speed up the next run.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/add");
    for style in [chain, block] {
        let _ = fs::remove_dir_all(&sources);
        fs::create_dir(&sources).unwrap();
        fs::write(sources.join("main.rs"), format!("{style}{rest}")).unwrap();
        let mut capabilities = connector::standard_capabilities();
        capabilities.retain(|capability| capability.classic_name.is_some());
        for capability in &capabilities {
            let mut add = Command::new(env!("CARGO_BIN_EXE_connector"));
            add.args(["add", capability.name]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
            let output = add.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let mut test = Command::new(env!("CARGO_BIN_EXE_connector"));
        test.args(["hacking", "test"]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
        let output = test.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let passed = format!("{} passed", capabilities.len());
        assert!(output.status.success() && stdout.contains(&passed), "{stdout}");
    }
}
