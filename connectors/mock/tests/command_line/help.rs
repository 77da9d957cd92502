//! What the program says of itself.

use crate::support::{answer, run, status, stderr};

#[test]
fn help_lists_each_capability_with_its_effect() {
    let output = run(&["--help"]);
    let help = String::from_utf8_lossy(&output.stdout);
    assert_eq!(status(&output), 0);
    assert!(help.contains("list-accounts                  Lists the accounts of the app [read]"), "{help}");
    assert!(help.contains("create_account                 Creates an account [unsafe write]"), "{help}");
    for absent in ["dev", "scaffold"] {
        assert!(!help.lines().any(|line| line.trim_start().starts_with(absent)), "{absent} is not there yet");
    }
}

#[test]
fn help_spells_capabilities_as_the_wire_format_does() {
    for args in [&["--wire", "openapi", "--help"][..], &["--help", "--wire=openapi"]] {
        let help = String::from_utf8_lossy(&run(args).stdout).into_owned();
        assert!(help.contains("list_accounts") && !help.contains("list-accounts"), "{help}");
    }
}

#[test]
fn version_and_completions_are_given() {
    assert_eq!(
        run(&["--version"]).stdout,
        format!("mock-connector {}\n", env!("CARGO_PKG_VERSION")).into_bytes()
    );
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("list-accounts"), "{shell}");
    }
}

#[test]
fn info_takes_arguments_as_in_the_seed_and_none() {
    let info = answer(&run(&["info", "--json", r#"{"a": 1}"#]));
    assert_eq!(info["app_id"], "mock-connector");
    assert_eq!(info["capabilities"].as_array().map(Vec::len), Some(16));
    assert_eq!(answer(&run(&["info"])), info);
}

#[test]
fn a_mistake_in_the_command_line_is_2_with_a_hint_and_no_answer() {
    for (args, hint) in [
        (&[][..], "Usage"),
        (&["no-such-thing"][..], "unrecognized subcommand"),
        (&["list-account", "--json", "{}"][..], "list-accounts"),
        (&["list-accounts"][..], "--json"),
        (&["list-accounts", "--json", "{}", "--json-file", "f"][..], "cannot be used with"),
        (&["list-accounts", "--json", "--pretty"][..], "value is required"),
        (&["list-accounts", "--json", "{}", "--wire", "soap"][..], "classic or openapi"),
        (&["list-accounts", "--json", "{}", "--deadline", "soon"][..], "500ms"),
    ] {
        let output = run(args);
        assert_eq!(status(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(stderr(&output).contains(hint), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_mistyped_command_has_one_suggestion_in_the_spelling_of_help() {
    for (args, suggested) in [
        (&["list-acounts", "--json", "{}"][..], "list-accounts"),
        (&["list_acounts", "--json", "{}"], "list-accounts"),
        (&["create-acount", "--json", "{}"], "create_account"),
        (&["--wire", "openapi", "list-acounts", "--json", "{}"], "list_accounts"),
        (&["hacking", "http-servr"], "http-server"),
    ] {
        let told = stderr(&run(args));
        let tip = format!("a similar subcommand exists: '{suggested}'\n");
        assert!(told.contains(&tip), "{args:?}: {told}");
    }
}
