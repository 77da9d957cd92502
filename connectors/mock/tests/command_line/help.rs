//! Help, version, completions and usage errors.

use crate::support::{answer, run, status, stderr};

#[test]
fn help_lists_capabilities_with_their_effects() {
    let output = run(&["--help"]);
    let help = String::from_utf8_lossy(&output.stdout);
    assert_eq!(status(&output), 0);
    assert!(help.contains("list-accounts                  Lists the accounts of the app [read]"), "{help}");
    assert!(help.contains("create_account                 Creates an account [unsafe write]"), "{help}");
    for absent in ["dev", "scaffold"] {
        assert!(
            !help.lines().any(|line| line.trim_start().starts_with(absent)),
            "unexpected command {absent}"
        );
    }
}

#[test]
fn help_uses_the_names_of_the_wire_format() {
    for args in [&["--wire", "openapi", "--help"][..], &["--help", "--wire=openapi"]] {
        let help = String::from_utf8_lossy(&run(args).stdout).into_owned();
        assert!(help.contains("list_accounts") && !help.contains("list-accounts"), "{help}");
    }
}

#[test]
fn version_and_completions_are_printed() {
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
fn info_accepts_arguments_and_none() {
    let info = answer(&run(&["info", "--json", r#"{"a": 1}"#]));
    assert_eq!(info["app_id"], "mock-connector");
    assert_eq!(info["capabilities"].as_array().map(Vec::len), Some(16));
    assert_eq!(answer(&run(&["info"])), info);
}

#[test]
fn usage_errors_exit_with_2_and_a_hint() {
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
fn mistyped_commands_have_one_suggestion() {
    for (args, suggested) in [
        (&["list-acounts", "--json", "{}"][..], "list-accounts"),
        (&["list_acounts", "--json", "{}"], "list-accounts"),
        (&["create-acount", "--json", "{}"], "create_account"),
        (&["--wire", "openapi", "list-acounts", "--json", "{}"], "list_accounts"),
        (&["hacking", "http-servr"], "http-server"),
    ] {
        let message = stderr(&run(args));
        let tip = format!("a similar subcommand exists: '{suggested}'\n");
        assert!(message.contains(&tip), "{args:?}: {message}");
    }
}
