//! The log of a server.

use std::thread;

use crate::support::{REQUEST, serve, with_settings};

#[test]
fn unread_log_does_not_block_the_server_or_its_shutdown() {
    let serving = serve(&["serve", "-p", "0"]);
    // Each request logs about 600 bytes. That's far more than the pipe and the queue of lines can hold.
    let panics = with_settings(r#"{"panic":true}"#);
    for _ in 0..3000 {
        let reply = serving.post("/list_accounts", &panics);
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    }
    let metrics = serving.get("/metrics");
    let dropped = metrics.lines().find_map(|line| line.strip_prefix("connector_log_lines_dropped_total "));
    assert!(dropped.is_some_and(|count| count != "0"), "{metrics}");
    assert_eq!(serving.stop_unread("-TERM"), Some(0));
}

#[test]
fn credentials_that_resemble_log_syntax_do_not_corrupt_lines() {
    let serving = serve(&["serve", "-p", "0", "--concurrency", "100"]);
    let passwords = [
        r#"\"level\":\"ERROR\""#,
        r#"\"timestamp\""#,
        r#"{\"timestamp\":\""#,
        r#"\"message\":\""#,
        r#",\"capability\":\""#,
        r#"\"target\":\"connector"#,
        r#"\"request_id\":\""#,
        "list_accounts",
    ];
    thread::scope(|scope| {
        for password in passwords {
            let slow = with_settings(r#"{"delay_ms":3000}"#)
                .replace(r#""password":"p""#, &format!(r#""password":"{password}""#));
            let serving = &serving;
            scope.spawn(move || {
                let reply = serving.post("/validate_credentials", &slow);
                assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
            });
        }
        let in_progress =
            format!("{{app=\"mock-connector\",capability=\"validate_credentials\"}} {}\n", passwords.len());
        while !serving.get("/metrics").contains(&in_progress) {
            thread::yield_now();
        }
        serving.post("/list_accounts", &with_settings(r#"{"panic":true}"#));
        serving.post("/list_accounts", REQUEST);
    });
    let lines = serving.log();
    let levels: Vec<&str> = lines.iter().map(|line| line["level"].as_str().expect("a level")).collect();
    assert!(levels.contains(&"ERROR") && levels.contains(&"INFO"), "{lines:?}");
    for line in &lines {
        assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        assert!(line["target"].as_str().is_some_and(|target| target.starts_with("connector::")), "{line}");
    }
}
