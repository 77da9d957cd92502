//! The log as the platform's agent configures it, with environment variables.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{REQUEST, answer, program, status, stderr, with_settings, without_variables};

const SECRET: &str = "canary-7Kq2-zzzz";

/// Calls the connector that logs passwords, with a setting that contains the password too.
fn awkward(variables: &[(&str, &str)]) -> Output {
    let mut command = without_variables(Command::new(env!("CARGO_BIN_EXE_awkward-connector")));
    let request = with_settings(&format!(r#"{{"old_host":"host of {SECRET}"}}"#));
    let request = request.replace(r#""p""#, &format!("{SECRET:?}"));
    command.args(["list-accounts", "--json", &request]).envs(variables.iter().copied());
    command.output().expect("it runs")
}

fn call(settings: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = program();
    command.args(["list-accounts", "--json", &with_settings(settings)]).envs(variables.iter().copied());
    command.output().expect("it runs")
}

/// The lines of a log.
fn lines(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The names and contents of the files in a folder.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| {
        let entry = entry.expect("an entry");
        let text = fs::read_to_string(entry.path()).expect("a file");
        (entry.file_name().into_string().expect("UTF-8"), text)
    });
    files.collect()
}

/// Whether `name` is `<app_id>_<YYYY-MM-DD>.log`.
fn is_dated(name: &str, app_id: &str) -> bool {
    let day = name.strip_prefix(app_id).and_then(|rest| rest.strip_prefix('_')?.strip_suffix(".log"));
    day.is_some_and(|day| {
        day.len() == 10
            && day.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    })
}

/// The settings in the log, if they are logged.
fn settings(log: &str) -> Option<Value> {
    let lines = lines(log);
    let line = lines.iter().find(|line| line["target"] == "connector::settings")?;
    serde_json::from_str(line["settings"].as_str()?).ok()
}

#[test]
fn log_directory_gets_a_dated_file_that_every_call_appends_to() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("new/logs");
    let variables = [("LUMOS_LOG_DIRECTORY", logs.to_str().unwrap()), ("LUMOS_LOG_LEVEL", "INFO")];
    for calls in 1..=2 {
        let output = call(r#"{"fail_with_status":404}"#, &variables);
        assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.not_found");
        assert_eq!((status(&output), stderr(&output)), (0, String::new()));
        let [(name, text)] = files(&logs).try_into().expect("one file");
        assert!(is_dated(&name, "mock-connector"), "{name}");
        let lines = lines(&text);
        let ends: Vec<&Value> = lines.iter().filter(|line| line["target"] == "connector::call").collect();
        assert_eq!(ends.len(), calls, "{text}");
        assert_eq!(
            (&ends[0]["outcome"], &ends[0]["code"]),
            (&"failed".into(), &"not_found".into()),
            "{text}"
        );
    }
}

#[test]
#[cfg(unix)]
fn only_the_user_can_read_log_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("new/logs");
    call("{}", &[("LUMOS_LOG_DIRECTORY", logs.to_str().unwrap())]);
    let file = fs::read_dir(&logs).unwrap().next().unwrap().unwrap().path();
    for (path, mode) in [(logs.parent().unwrap(), 0o700), (&logs, 0o700), (&file, 0o600)] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
}

#[test]
fn log_files_contain_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        awkward(&[("LUMOS_LOG_DIRECTORY", folder.path().to_str().unwrap()), ("LUMOS_LOG_LEVEL", "DEBUG")]);
    assert_eq!(status(&output), 1);
    assert!(!stderr(&output).contains("7Kq2"), "{}", stderr(&output));
    let [(_, text)] = files(folder.path()).try_into().expect("one file");
    assert!(text.contains("signing in with ***") && !text.contains("7Kq2"), "{text}");
    assert_eq!(settings(&text), Some(serde_json::json!({"old_host": "host of ***"})));
}

#[test]
fn log_to_stdout_means_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let output = call(
        r#"{"panic":true}"#,
        &[("LUMOS_LOG_DIRECTORY", folder.path().to_str().unwrap()), ("LUMOS_LOG_TO_STDOUT", "True")],
    );
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
    assert!(stderr(&output).contains("panicked"), "{}", stderr(&output));
    assert!(files(folder.path()).is_empty());
}

#[test]
fn unusable_log_directory_is_one_warning_and_the_call_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("below")] {
        let output = call(r#"{"panic":true}"#, &[("LUMOS_LOG_DIRECTORY", path.to_str().unwrap())]);
        assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
        let printed = stderr(&output);
        let (warning, log) = printed.split_once('\n').expect("a line");
        let expected = format!("warning: cannot write the log of mock-connector in {}: ", path.display());
        assert!(warning.starts_with(&expected) && warning.ends_with("; it goes to stderr"), "{printed}");
        assert!(!lines(log).is_empty(), "{printed}");
    }
}

#[test]
#[cfg(unix)]
fn log_files_that_lead_elsewhere_are_rejected() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let variables = [("LUMOS_LOG_DIRECTORY", logs.to_str().unwrap())];
    call("{}", &variables);
    let log = fs::read_dir(&logs).unwrap().next().unwrap().unwrap().path();
    let other = folder.path().join("other");
    let plant = |how: &dyn Fn()| {
        fs::remove_file(&log).unwrap();
        fs::write(&other, "").unwrap();
        how();
        let output = call(r#"{"panic":true}"#, &variables);
        assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.internal_error");
        assert!(stderr(&output).starts_with("warning: cannot write the log"), "{}", stderr(&output));
        assert_eq!(fs::read_to_string(&other).unwrap(), "");
    };
    plant(&|| symlink(&other, &log).unwrap());
    plant(&|| symlink("missing", &log).unwrap());
    assert!(!logs.join("missing").exists());
    plant(&|| fs::hard_link(&other, &log).unwrap());
    plant(&|| {
        // Opening a pipe that nobody reads would wait forever.
        let made = Command::new("mkfifo").arg(&log).status().expect("mkfifo");
        assert!(made.success());
    });
}

#[test]
fn log_level_has_the_names_of_python() {
    let printed = |level: &str, variables: &[(&str, &str)]| {
        let variables = [&[("LUMOS_LOG_LEVEL", level)], variables].concat();
        stderr(&call(r#"{"panic":true}"#, &variables))
    };
    for (level, has_errors, has_info) in [
        ("CRITICAL", true, false),
        ("ERROR", true, false),
        ("WARNING", true, false),
        ("INFO", true, true),
        ("debug", true, true),
    ] {
        let log = printed(level, &[]);
        let has = |level: &str| lines(&log).iter().any(|line| line["level"] == level);
        assert_eq!((has("ERROR"), has("INFO")), (has_errors, has_info), "{level}: {log}");
    }
    assert_eq!(printed("DEBUG", &[("CONNECTOR_LOG", "off")]), "", "our own variable has priority");
    let output = call("{}", &[("LUMOS_LOG_LEVEL", "LOUD")]);
    assert_eq!((status(&output), output.stdout.len()), (2, 0));
    assert!(stderr(&output).contains("LUMOS_LOG_LEVEL must be DEBUG, INFO,"), "{}", stderr(&output));
}

#[test]
fn settings_are_logged_if_the_agent_sets_the_level_or_requests_it() {
    let logged =
        |variables: &[(&str, &str)]| settings(&stderr(&call(r#"{"accounts":7,"panic":false}"#, variables)));
    let all = Some(serde_json::json!({"accounts": 7, "panic": false}));
    assert_eq!(logged(&[("LUMOS_LOG_LEVEL", "INFO")]), all);
    assert_eq!(logged(&[("LUMOS_LOG_LEVEL", "WARNING")]), None);
    assert_eq!(logged(&[("LUMOS_LOG_LEVEL", "INFO"), ("LUMOS_LOG_REQUEST_SETTINGS", "false")]), None);
    assert_eq!(logged(&[("CONNECTOR_LOG", "info")]), None);
    assert_eq!(logged(&[("CONNECTOR_LOG", "info"), ("LUMOS_LOG_REQUEST_SETTINGS", "True")]), all);
    assert_eq!(
        logged(&[("LUMOS_LOG_LEVEL", "INFO"), ("LUMOS_ADDITIONAL_REDACTED_LOG_KEYS", "other, Accounts")]),
        Some(serde_json::json!({"accounts": "[REDACTED]", "panic": false}))
    );
}

#[test]
fn invalid_settings_are_not_logged() {
    let output = call(&format!(r#"{{"accounts":"{SECRET}"}}"#), &[("LUMOS_LOG_LEVEL", "DEBUG")]);
    assert_eq!(answer(&output)["error"]["error_code"], "mock-connector.bad_request");
    assert!(!stderr(&output).contains("7Kq2") && settings(&stderr(&output)).is_none(), "{}", stderr(&output));
}

#[test]
fn a_server_logs_to_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program();
    command.args(["serve", "-p", "0"]).env("LUMOS_LOG_DIRECTORY", folder.path());
    let serving = test_support::Serving::start(command);
    serving.post("/list_accounts", REQUEST);
    assert!(serving.log().is_empty());
    let [(name, text)] = files(folder.path()).try_into().expect("one file");
    assert!(is_dated(&name, "mock-connector"), "{name}");
    assert!(lines(&text).iter().any(|line| line["target"] == "connector::access"), "{text}");
}
