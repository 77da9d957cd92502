//! Flags, files of values, and their problems.

use std::fs;

use serde_json::Value;

use crate::support::{PROVIDED, files, has_template, scaffold, scaffolded};

#[test]
fn invalid_names_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["Acme", "1acme", "acme-", "acme--hr", "_acme", "acme hr", "äcme", "", "acme/../x"] {
        let run = scaffold(folder.path(), &[name, "out"]);
        assert_eq!(run.status, 2, "{name}: {run:?}");
        assert!(run.stderr.contains("name: "), "{name}: {run:?}");
    }
    for (name, why) in [
        ("match", "keyword"),
        ("gen", "keyword"),
        ("self", "keyword"),
        ("connector", "reserved"),
        ("serde-json", "reserved"),
        ("test", "reserved"),
    ] {
        let run = scaffold(folder.path(), &[name, "out"]);
        assert!(run.status == 2 && run.stderr.contains(why), "{name}: {run:?}");
    }
    assert!(files(folder.path()).is_empty());
    for name in ["a", "acme-hr_2", "a1"] {
        scaffolded(folder.path(), &[name, "out", "--dry-run"]);
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("values.json"), r#"{ "ci": "jenkins", "colour": "red", "email": 1 }"#)
        .unwrap();
    let args = [
        "Acme",
        "out",
        "--author",
        "a\"b",
        "--email",
        "nobody",
        "--auth",
        "saml",
        "--wire",
        "soap",
        "--pagination",
        "infinite",
        "--base-url",
        "ftp://x",
        "--capabilities",
        "list_accounts,fly,refresh_access_token",
        "--sdk-path",
        "nowhere",
        "--values",
        "values.json",
    ];
    let run = scaffold(folder.path(), &args);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    let about = [
        "name: \"Acme\"",
        "values.json: colour: unknown key, expected one of author, ",
        "values.json: email: expected a string",
        "author: ",
        "email: \"nobody\"",
        "auth: \"saml\": expected one of basic, token, oauth, none",
        "wire: \"soap\": expected one of classic, openapi",
        "pagination: ",
        "capabilities: \"fly\"",
        "capabilities: refresh_access_token: part of the OAuth flow",
        "base-url: ",
        "ci: \"jenkins\"",
        "sdk-path: \"nowhere\"",
    ];
    for problem in about {
        assert!(run.stderr.contains(&format!("error: {problem}")), "{problem}: {}", run.stderr);
    }
    assert_eq!(run.stderr.matches("error: ").count(), about.len(), "{}", run.stderr);
    assert_eq!(files(folder.path()).len(), 1);

    let run = scaffold(folder.path(), &[&args[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["problems"].as_array().unwrap().len(), about.len());
    assert_eq!((run.status, run.stderr.as_str()), (2, ""));
}

#[test]
fn a_dry_run_lists_the_files_without_writing_them() {
    let folder = tempfile::tempdir().unwrap();
    let listed = scaffolded(folder.path(), &["acme", "out", "--dry-run"]).stdout;
    assert!(files(folder.path()).is_empty());
    let report: Value =
        serde_json::from_str(&scaffolded(folder.path(), &["acme", "out", "--json"]).stdout).unwrap();
    let found = files(&folder.path().join("out"));
    assert_eq!(listed.lines().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    let paths: Vec<_> = report["files"].as_array().unwrap().iter().map(|file| &file["path"]).collect();
    assert_eq!(paths, found.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&report["directory"], &report["dry_run"]), (&"out".into(), &false.into()));
    assert_eq!(report["files"][0]["change"], "created");
}

#[test]
fn flags_override_the_file_of_values() {
    let folder = tempfile::tempdir().unwrap();
    let capabilities = "capabilities = [\"list_accounts\", \"create-account\"]";
    let values =
        format!("author = \"Ada\"\nbase_url = \"https://a.example\"\nauth = \"none\"\n{capabilities}\n");
    fs::write(folder.path().join("values.toml"), values).unwrap();
    scaffolded(folder.path(), &["acme", "out", "--values", "values.toml", "--auth", "oauth"]);
    let found = files(&folder.path().join("out"));
    assert!(found["Cargo.toml"].contains("authors = [\"Ada\"]"));
    assert!(found["src/settings.rs"].contains("\"https://a.example\""));
    assert!(found["src/client.rs"].contains("OAuthCredentials"), "the flag wins");
    assert!(found.contains_key("src/write/create_account.rs"));
    assert!(!found.contains_key("src/read/list_resources.rs"));
}

#[test]
fn credentials_limit_the_capabilities() {
    let folder = tempfile::tempdir().unwrap();
    let listed = |args: &[&str]| {
        let run = scaffolded(folder.path(), &[&["acme", "out", "--dry-run"], args].concat());
        run.stdout.matches("tests/cases/").count()
    };
    assert_eq!(listed(&[]), 7);
    assert_eq!(listed(&["--capabilities", "full"]), 13);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "none"]), 12);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "token"]), 18);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "oauth"]), 16);
    // Includes get_authorization_url, which only reads.
    assert_eq!(listed(&["--capabilities", "read-only", "--auth", "oauth"]), 8);
    for auth in ["basic", "token", "none"] {
        let args = ["acme", "out", "--auth", auth, "--capabilities", "list_accounts,get-authorization-url"];
        let run = scaffold(folder.path(), &args);
        let about = "get-authorization-url: part of the OAuth flow, which needs `--auth oauth`";
        assert!(run.status == 2 && run.stderr.contains(about), "{run:?}");
    }
}

#[test]
fn token_credentials_require_the_openapi_format() {
    let folder = tempfile::tempdir().unwrap();
    let run = scaffold(folder.path(), &["acme", "out", "--auth", "token", "--wire", "classic"]);
    assert!(run.status == 2 && run.stderr.contains("wire: classic has no token credentials"), "{run:?}");
    let run = scaffolded(folder.path(), &["acme", "out", "--auth", "token"]);
    assert!(run.stdout.contains("openapi wire format"), "{run:?}");
    for (args, is_openapi) in [
        (&["--auth", "token"][..], true),
        (&["--auth", "oauth", "--wire", "openapi"], true),
        (&["--auth", "oauth", "--wire", "classic"], false),
        (&["--auth", "oauth"], false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        scaffolded(folder.path(), &[&["acme", "out"], args].concat());
        let found = files(&folder.path().join("out"));
        assert_eq!(found["src/integration.rs"].contains(".wire(Wire::OpenApi)"), is_openapi, "{args:?}");
    }
}

#[test]
fn every_capability_of_the_format_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    for capability in connector::standard_capabilities() {
        let (name, list) = (capability.name, format!("list_accounts,{}", capability.name));
        let args = ["acme", "out", "--dry-run", "--json", "--auth", "oauth", "--capabilities", &list];
        let run = scaffolded(folder.path(), &[&args[..], &["--wire", "openapi"]].concat());
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let has_template = has_template(&capability);
        assert_eq!(run.stdout.contains(&format!("tests/cases/{name}.json\"")), has_template, "{run:?}");
        let omitted = &report["omitted"][0];
        let is_omitted = !has_template && name != PROVIDED;
        assert_eq!(omitted["capabilities"] == serde_json::json!([name]), is_omitted, "{run:?}");
        assert_eq!(omitted["why"].to_string().contains("`connector add NAME`"), is_omitted, "{run:?}");
        let run = scaffold(folder.path(), &[&args[..], &["--wire", "classic"]].concat());
        let is_classic = capability.classic_name.is_some();
        assert_eq!(run.status, if is_classic { 0 } else { 2 }, "{run:?}");
        let why =
            format!("capabilities: {name}: the classic wire format doesn't have it; choose `--wire openapi`");
        assert_eq!(run.stdout.contains(&why), !is_classic, "{run:?}");
    }
}
