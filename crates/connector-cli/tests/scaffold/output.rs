//! The generated files.

use std::path::Path;
use std::process::Command;

use crate::support::{PROVIDED, files, has_template, scaffolded};

const FULL: [&str; 3] = ["acme", "out", "--capabilities=full"];

#[test]
fn output_is_reproducible() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let orders = ["list_accounts,delete_account", "delete-account, list-accounts,list_accounts"];
    let outputs = folders.iter().zip(orders).map(|(folder, capabilities)| {
        scaffolded(folder.path(), &["acme", "out", "--capabilities", capabilities]);
        files(&folder.path().join("out"))
    });
    let outputs: Vec<_> = outputs.collect();
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn generated_files_are_valid_and_formatted() {
    let folder = tempfile::tempdir().unwrap();
    for (at, args) in [
        &FULL[..],
        &["acme", "out"],
        &["acme", "out", "--auth=token", "--pagination=link", "--capabilities=full"],
        &["acme", "out", "--auth=none", "--pagination=none", "--capabilities=delete_account"],
        &["acme", "out", "--auth=oauth", "--pagination=page", "--capabilities=list_entitlements"],
        &["acme", "out", "--pagination=offset", "--capabilities=list_accounts,create_account"],
        &["acme", "out", "--auth=oauth", "--pagination=link", "--capabilities=full"],
        &["acme", "out", "--auth=oauth", "--wire=openapi", "--capabilities=full"],
        &["acme", "out", "--wire=openapi", "--pagination=none", "--capabilities=list_accounts"],
        &["acme", "out", "--auth=oauth", "--capabilities=get_authorization_url"],
        &["acme", "out", "--auth=oauth", "--capabilities=refresh_access_token"],
        &["acme", "out", "--auth=oauth", "--capabilities=handle_authorization_callback,validate_credentials"],
    ]
    .into_iter()
    .enumerate()
    {
        let folder = folder.path().join(at.to_string());
        std::fs::create_dir(&folder).unwrap();
        scaffolded(&folder, args);
        for (path, text) in files(&folder.join("out")) {
            if path.ends_with(".rs") {
                syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            } else if path.ends_with(".json") {
                let _: serde_json::Value = serde_json::from_str(&text).unwrap();
            } else if path.ends_with(".toml") {
                let _: toml::Table = toml::from_str(&text).unwrap();
            }
            assert!(
                !text.contains("{%") && !text.ends_with("\n\n") && text.ends_with('\n'),
                "{path}: {text}"
            );
        }
        assert_formatted(&folder.join("out"));
    }
}

/// rustfmt also checks the modules of these files.
fn assert_formatted(folder: &Path) {
    let roots = ["src/lib.rs", "src/main.rs", "tests/connector/main.rs", "examples/upstream/main.rs"];
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024"]).args(roots).current_dir(folder);
    let output = rustfmt.output().expect("rustfmt");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn unneeded_files_are_omitted() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--capabilities=validate_credentials", "--ci=none"];
    scaffolded(folder.path(), &[&["acme", "out"], &args[..]].concat());
    let found = files(&folder.path().join("out"));
    let sources: Vec<_> = found.keys().filter(|path| path.starts_with("src/")).collect();
    assert_eq!(
        sources,
        [
            "src/client.rs",
            "src/integration.rs",
            "src/lib.rs",
            "src/main.rs",
            "src/read.rs",
            "src/read/validate_credentials.rs",
            "src/settings.rs",
        ]
    );
    assert!(!found.keys().any(|path| path.contains("ci.yml")));
    assert!(!found["Cargo.toml"].contains("authors"), "git has no name");
}

#[test]
fn a_connector_without_calls_has_no_client() {
    let folder = tempfile::tempdir().unwrap();
    scaffolded(folder.path(), &["acme", "out", "--auth=oauth", "--capabilities=get_authorization_url"]);
    let found = files(&folder.path().join("out"));
    let sources: Vec<_> = found.keys().filter(|path| path.starts_with("src/")).collect();
    assert_eq!(
        sources,
        [
            "src/integration.rs",
            "src/lib.rs",
            "src/main.rs",
            "src/read.rs",
            "src/read/get_authorization_url.rs",
            "src/settings.rs",
        ]
    );
    for path in ["src/lib.rs", "src/settings.rs", "README.md"] {
        assert!(!found[path].contains("client.rs") && !found[path].contains("timeout"), "{}", found[path]);
    }
}

#[test]
fn the_http_client_is_the_state_of_the_integration() {
    let folder = tempfile::tempdir().unwrap();
    scaffolded(folder.path(), &["acme", "out", "--auth=none"]);
    let found = files(&folder.path().join("out"));
    assert!(!found["src/client.rs"].contains("static "), "{}", found["src/client.rs"]);
    assert!(
        found["src/integration.rs"].contains(".state(client::http())"),
        "{}",
        found["src/integration.rs"]
    );
    let alias = "type Request<P> = connector::Request<P, Settings, connector::NoAuth, client::Http>;";
    assert!(found["src/lib.rs"].contains(alias), "{}", found["src/lib.rs"]);
}

#[test]
fn the_sdk_defaults_to_the_checkout_of_this_program() {
    let folder = tempfile::tempdir().unwrap();
    scaffolded(folder.path(), &["acme", "out"]);
    let manifest: toml::Table = toml::from_str(&files(&folder.path().join("out"))["Cargo.toml"]).unwrap();
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("connector");
    assert_eq!(manifest["dependencies"]["lumos-connector"]["path"].as_str(), sdk.to_str());
    assert!(manifest.contains_key("workspace"));
}

#[test]
fn presets_report_omitted_capabilities_with_the_reason() {
    let flow = "get_authorization_url, handle_authorization_callback, refresh_access_token";
    let validation = "Omitted: validate_credentials: there are no credentials to validate.\n";
    for (args, expected) in [
        (&["--auth=token", "--capabilities=full"][..], format!("Omitted: {flow}: part of the OAuth flow, ")),
        (&["--auth=none", "--capabilities=full"], validation.to_owned()),
        (&["--auth=basic"], "Omitted: get_authorization_url: part of the OAuth flow, ".to_owned()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let run = scaffolded(folder.path(), &[&["acme", "out"], args].concat());
        assert!(run.stdout.contains(&expected), "{expected}: {run:?}");
        assert!(files(&folder.path().join("out"))["README.md"].contains("Not included: `"));
    }
    for args in ["--auth=oauth --capabilities=full", "--capabilities=list_accounts"] {
        let folder = tempfile::tempdir().unwrap();
        let run = scaffolded(
            folder.path(),
            &["acme", "out"].into_iter().chain(args.split(' ')).collect::<Vec<_>>(),
        );
        assert!(!run.stdout.contains("Omitted"), "{run:?}");
    }
}

#[test]
fn the_contract_fixture_matches_the_capabilities() {
    let fixture = |args: &[&str]| -> serde_json::Value {
        let folder = tempfile::tempdir().unwrap();
        scaffolded(folder.path(), &[&["acme", "out"], args].concat());
        let files = files(&folder.path().join("out"));
        assert!(files["tests/connector/main.rs"].contains("mod contract;"));
        assert!(files["README.md"].contains("connector check --fixture tests/contract.json"));
        serde_json::from_str(&files["tests/contract.json"]).unwrap()
    };
    let full = fixture(&["--capabilities=full"]);
    for key in ["auth", "bad_auth", "resource_types", "account_id", "assignment", "create", "allow_writes"] {
        assert!(full.get(key).is_some(), "{key}: {full}");
    }
    let few = fixture(&["--auth=none", "--capabilities=list_accounts"]);
    assert_eq!(few, serde_json::json!({ "settings": { "base_url": "http://127.0.0.1:8181" } }));
}

#[test]
fn presets_report_the_capabilities_without_a_template() {
    let omitted = |args: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let run = scaffolded(folder.path(), &[&["acme", "out", "--auth=oauth"], args].concat());
        let line = run.stdout.lines().find(|line| line.contains("`connector add NAME`")).map(str::to_owned);
        line.map(|line| line.trim_start_matches("Omitted: ").split_once(": ").expect("a reason").0.to_owned())
    };
    let standard = connector::standard_capabilities();
    let without = |is_wanted: &dyn Fn(&connector::StandardCapability) -> bool| {
        let names: Vec<_> = standard
            .iter()
            .filter(|one| !has_template(one) && one.name != PROVIDED && is_wanted(one))
            .map(|one| one.name)
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    assert_eq!(omitted(&["--wire=openapi", "--capabilities=full"]), without(&|_| true));
    let is_read = |one: &connector::StandardCapability| one.effect == connector::capability::Effect::Read;
    assert_eq!(omitted(&["--wire=openapi"]), without(&is_read));
    // The classic format doesn't have them, and a list of names is complete.
    assert_eq!(omitted(&["--capabilities=full"]), None);
    assert_eq!(omitted(&["--wire=openapi", "--capabilities=list_accounts"]), None);
}
