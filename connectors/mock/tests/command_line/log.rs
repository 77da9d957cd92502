//! The log of a server.

use std::thread;

use crate::support::{REQUEST, serve, with_settings};

#[test]
fn a_log_that_nobody_reads_stops_neither_the_server_nor_its_end() {
    let serving = serve(&["serve", "-p", "0"]);
    // Each logs some 600 bytes: far more than the pipe and the lines that may wait.
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
fn credentials_that_look_like_a_part_of_a_line_leave_every_line_whole() {
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
        let under_way =
            format!("{{app=\"mock-connector\",capability=\"validate_credentials\"}} {}\n", passwords.len());
        while !serving.get("/metrics").contains(&under_way) {
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
