//! What is asked for, and what is wrong with it.

use std::fs;

use serde_json::Value;

use crate::support::{files, made, scaffold};

#[test]
fn names_that_no_crate_can_have_are_refused() {
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
        ("connector", "another use"),
        ("serde-json", "another use"),
        ("test", "another use"),
    ] {
        let run = scaffold(folder.path(), &[name, "out"]);
        assert!(run.status == 2 && run.stderr.contains(why), "{name}: {run:?}");
    }
    assert!(files(folder.path()).is_empty());
    for name in ["a", "acme-hr_2", "a1"] {
        made(folder.path(), &[name, "out", "--dry-run"]);
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_nothing_is_made() {
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
        "values.json: colour: there is no such value",
        "values.json: email: expected a text",
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
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["problems"].as_array().unwrap().len(), about.len());
    assert_eq!((run.status, run.stderr.as_str()), (2, ""));
}

#[test]
fn a_dry_run_lists_the_files_that_are_made_then() {
    let folder = tempfile::tempdir().unwrap();
    let listed = made(folder.path(), &["acme", "out", "--dry-run"]).stdout;
    assert!(files(folder.path()).is_empty());
    let told: Value = serde_json::from_str(&made(folder.path(), &["acme", "out", "--json"]).stdout).unwrap();
    let found = files(&folder.path().join("out"));
    assert_eq!(listed.lines().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    let paths: Vec<_> = told["files"].as_array().unwrap().iter().map(|file| &file["path"]).collect();
    assert_eq!(paths, found.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&told["directory"], &told["dry_run"]), (&"out".into(), &false.into()));
    assert_eq!(told["files"][0]["change"], "created");
}

#[test]
fn a_file_says_what_no_flag_does() {
    let folder = tempfile::tempdir().unwrap();
    let capabilities = "capabilities = [\"list_accounts\", \"create-account\"]";
    let values =
        format!("author = \"Ada\"\nbase_url = \"https://a.example\"\nauth = \"none\"\n{capabilities}\n");
    fs::write(folder.path().join("values.toml"), values).unwrap();
    made(folder.path(), &["acme", "out", "--values", "values.toml", "--auth", "oauth"]);
    let found = files(&folder.path().join("out"));
    assert!(found["Cargo.toml"].contains("authors = [\"Ada\"]"));
    assert!(found["src/settings.rs"].contains("\"https://a.example\""));
    assert!(found["src/client.rs"].contains("OAuthCredentials"), "the flag wins");
    assert!(found.contains_key("src/write/create_account.rs"));
    assert!(!found.contains_key("src/read/list_resources.rs"));
}

#[test]
fn credentials_decide_which_capabilities_there_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let listed = |args: &[&str]| {
        let run = made(folder.path(), &[&["acme", "out", "--dry-run"], args].concat());
        run.stdout.matches("tests/cases/").count()
    };
    assert_eq!(listed(&[]), 7);
    assert_eq!(listed(&["--capabilities", "full"]), 13);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "none"]), 12);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "token"]), 13);
    assert_eq!(listed(&["--capabilities", "full", "--auth", "oauth"]), 16);
    // What only reads, whatever it belongs to.
    assert_eq!(listed(&["--capabilities", "read-only", "--auth", "oauth"]), 8);
    for auth in ["basic", "token", "none"] {
        let args = ["acme", "out", "--auth", auth, "--capabilities", "list_accounts,get-authorization-url"];
        let run = scaffold(folder.path(), &args);
        let about = "get-authorization-url: part of the OAuth flow, which needs `--auth oauth`";
        assert!(run.status == 2 && run.stderr.contains(about), "{run:?}");
    }
}

#[test]
fn token_credentials_have_the_openapi_format_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = scaffold(folder.path(), &["acme", "out", "--auth", "token", "--wire", "classic"]);
    assert!(run.status == 2 && run.stderr.contains("wire: classic: it has no token credentials"), "{run:?}");
    let run = made(folder.path(), &["acme", "out", "--auth", "token"]);
    assert!(run.stdout.contains("openapi wire format"), "{run:?}");
    for (args, is_openapi) in [
        (&["--auth", "token"][..], true),
        (&["--auth", "oauth", "--wire", "openapi"], true),
        (&["--auth", "oauth", "--wire", "classic"], false),
        (&["--auth", "oauth"], false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        made(folder.path(), &[&["acme", "out"], args].concat());
        let found = files(&folder.path().join("out"));
        assert_eq!(found["src/integration.rs"].contains(".wire(Wire::OpenApi)"), is_openapi, "{args:?}");
    }
}
