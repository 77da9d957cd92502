//! The log of a server: which request a line belongs to, and no secrets.

use std::process::Command;

use serde_json::Value;
use test_support::Serving;

use crate::support::{REQUEST, serve};

const SECRET: &str = "canary-7Kq2-zzzz";

/// A server of the connector that logs passwords.
fn awkward() -> Serving {
    let mut command = Command::new(env!("CARGO_BIN_EXE_awkward-connector"));
    command.args(["serve", "-p", "0"]).env_remove("CONNECTOR_LOG");
    Serving::start(command)
}

fn request(id: &str) -> String {
    let request = REQUEST.replace(r#""p""#, &format!("{SECRET:?}"));
    request.replacen('{', &format!("{{\"request_id\":{id:?},"), 1)
}

fn text<'v>(line: &'v Value, pointer: &str) -> &'v str {
    line.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The lines of the access log.
fn accesses(log: &[Value]) -> Vec<&Value> {
    log.iter().filter(|line| line["target"] == "connector::access").collect()
}

#[test]
fn handler_logs_have_the_request_id() {
    let serving = awkward();
    serving.post("/list_accounts", &request("call-1"));
    serving.post("/list_custom_attributes_schema", &request("call-2"));
    let log = serving.log();
    for (id, message) in [("call-1", "signing in with ***"), ("call-2", "asking for attributes with ***")] {
        let line = log.iter().find(|line| text(line, "/message") == message);
        let line = line.unwrap_or_else(|| panic!("no line {message:?} in {log:?}"));
        assert_eq!(text(line, "/spans/0/request_id"), id, "{line}");
        assert!(accesses(&log).iter().any(|line| line["request_id"] == id), "{log:?}");
    }
    assert!(!log.iter().any(|line| line.to_string().contains("7Kq2")), "{log:?}");
}

#[test]
fn access_log_shows_the_outcome_of_each_request() {
    let serving = serve(&["serve", "-p", "0"]);
    let calls = [
        ("{}", "success", 200),
        (r#"{"fail_with_status":404}"#, "failed", 200),
        (r#"{"accounts":-1}"#, "rejected", 422),
        (r#"{"panic":true}"#, "failed", 200),
    ];
    for (at, (settings, ..)) in calls.iter().enumerate() {
        let body = request(&format!("call-{at}"))
            .replace("\"request\"", &format!("\"settings\":{settings},\"request\""));
        let reply = serving.post("/list_accounts", &body).to_lowercase();
        assert!(reply.contains(&format!("x-request-id: call-{at}\r\n")), "{reply}");
    }
    serving.post("/no_such_thing", "{}");
    let log = serving.log();
    let lines = accesses(&log);
    for (at, (_, outcome, status)) in calls.iter().enumerate() {
        let line = lines[at];
        assert_eq!((text(line, "/request_id"), text(line, "/outcome")), (&*format!("call-{at}"), *outcome));
        assert_eq!(line["status"], *status, "{line}");
        assert!(line["bytes"].as_u64() > Some(0) && line["micros"].is_u64(), "{line}");
    }
    assert_eq!(lines[1]["code"], "not_found");
    assert_eq!((text(lines[4], "/capability"), text(lines[4], "/outcome")), ("unknown", "not_implemented"));
}

#[test]
fn request_id_that_is_a_secret_is_not_logged() {
    let serving = serve(&["-vvv", "serve", "-p", "0"]);
    let head = format!("X-Request-Id: {SECRET}\r\n");
    let plain = REQUEST.replace(r#""p""#, &format!("{SECRET:?}"));
    for (heads, body) in [
        ("", request(SECRET)),
        ("", request(&format!("of-{SECRET}"))),
        (&*head, plain.clone()),
        (&*head, plain.replace('}', "")),
        (&*head, plain.replace("\"request\"", "\"settings\":{\"panic\":true},\"request\"")),
    ] {
        let reply = serving.post_with("/list_accounts", heads, &body).to_lowercase();
        assert!(reply.contains("x-request-id: ") && !reply.contains("7kq2"), "{reply}");
    }
    let log = serving.log();
    assert_eq!(accesses(&log).len(), 5);
    assert!(!log.iter().any(|line| line.to_string().contains("7Kq2")), "{log:?}");
}

#[test]
fn access_log_is_complete_after_a_shutdown() {
    let serving = serve(&["serve", "-p", "0"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    serving.post("/list_accounts", REQUEST);
                }
            });
        }
    });
    assert_eq!(accesses(&serving.log()).len(), 200);
}
