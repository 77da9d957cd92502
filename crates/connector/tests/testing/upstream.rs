//! The mock upstream.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use connector::testing::{Exchange, MockUpstream, Reply};
use serde_json::json;

use crate::support::{get, panic_message, send};

fn failures_of(upstream: MockUpstream) -> String {
    upstream.try_verify().map_or_else(|failures| failures.texts().join("\n"), |()| "fine".to_owned())
}

#[test]
fn an_expected_call_gets_its_reply() {
    let upstream = MockUpstream::expecting([Exchange::post("/users?dry=1")
        .header("X-Trace", "$any")
        .without_header("cookie")
        .bearer("t")
        .json(json!({ "login": "ada", "id": "$any" }))
        .answers(
            Reply::json(json!({ "link": "{{upstream}}/users/7" })).with_status(201).with_header("x-a", "1"),
        )]);
    let headers = [("Authorization", "Bearer t"), ("x-trace", "7")];
    let reply = send(&upstream.url(), "POST /users?dry=1", &headers, r#"{"id":7,"login":"ada"}"#).unwrap();
    assert_eq!((reply.status, reply.header("x-a")), (201, Some("1")));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.body, json!({ "link": format!("{}/users/7", upstream.url()) }).to_string());
    assert_eq!(upstream.received()[0].json().unwrap()["login"], "ada");
    upstream.verify();
}

#[test]
fn an_unexpected_call_is_compared_with_the_nearest_expected_one() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/groups"),
        Exchange::post("/users?limit=50")
            .header("accept", "application/json")
            .json(json!({ "login": "ada" })),
    ]);
    let headers =
        [("accept", "text/html"), ("authorization", "Bearer hush-hush"), ("cookie", "id=hush-hush")];
    let body = r#"{"login":"bob","password":"hush-hush"}"#;
    let call = "POST /users?limit=100&api_key=hush-hush&page_token=p2";
    let reply = send(&upstream.url(), call, &headers, body).unwrap();
    assert_eq!(reply.status, 501);
    assert!(reply.body.contains("unexpected call") && !reply.body.contains("hush"), "{}", reply.body);
    let failures = failures_of(upstream);
    let expected = "unexpected call: POST /users?limit=100&api_key=***&page_token=p2
  accept: text/html
  authorization: ***
  cookie: ***
  body: {\"login\":\"bob\",\"password\":\"***\"}
  nearest expected call: POST /users?limit=50
    query api_key: expected nothing, found a secret
    query limit: expected \"50\", found \"100\"
    query page_token: expected nothing, found \"p2\"
    header accept: expected \"application/json\", found \"text/html\"
    body.login: expected \"ada\", found \"bob\"
    body.password: expected nothing, found a secret
call not received: GET /groups
call not received: POST /users?limit=50";
    assert_eq!(failures, expected);
}

#[test]
fn a_wrong_secret_is_not_shown() {
    let upstream = MockUpstream::expecting([Exchange::get("/users").basic_auth("ada", "hush-one")]);
    send(&upstream.url(), "GET /users", &[("Authorization", "Basic aHVzaC10d28=")], "").unwrap();
    let failures = failures_of(upstream);
    assert!(failures.contains("header authorization: expected a secret, found another"), "{failures}");
    assert!(!failures.contains("aHVza") && !failures.contains("YWRhOm"), "{failures}");
}

#[test]
fn a_wrong_scheme_is_shown_without_the_credentials() {
    for (sent, found) in [
        ("Token hush-hush", "found Token"),
        ("hush-hush", "found another"),
        ("Hush hush-hush", "found another"),
    ] {
        let upstream = MockUpstream::expecting([Exchange::get("/users").bearer("hush-hush")]);
        send(&upstream.url(), "GET /users", &[("Authorization", sent)], "").unwrap();
        let failures = failures_of(upstream);
        let line = format!("    header authorization, its scheme: expected Bearer, {found}\n");
        assert!(failures.contains(&line), "{failures}");
        assert!(!failures.to_ascii_lowercase().contains("hush"), "{failures}");
    }
    let upstream = MockUpstream::expecting([Exchange::get("/users").bearer("t")]);
    send(&upstream.url(), "GET /users", &[("Authorization", "bearer t")], "").unwrap();
    upstream.verify();
}

#[test]
fn a_query_or_body_that_is_not_mentioned_is_unexpected() {
    for (call, body, difference) in [
        ("GET /users?page=1", "", "query page: expected nothing, found \"1\""),
        ("GET /users", "x", "body: expected nothing, found x"),
        ("GET /users/", "", "path: expected /users, found /users/"),
        ("PUT /users", "", "method: expected GET, found PUT"),
    ] {
        let upstream = MockUpstream::expecting([Exchange::get("/users")]);
        send(&upstream.url(), call, &[], body).unwrap();
        let failures = failures_of(upstream);
        assert!(failures.contains(&format!("    {difference}\n")), "{failures}");
    }
    let upstream = MockUpstream::expecting([Exchange::post("/users").any_query().any_body()]);
    send(&upstream.url(), "POST /users?page=1", &[], "x").unwrap();
    upstream.verify();
}

#[test]
fn a_form_is_compared_pair_by_pair() {
    let exchange =
        || Exchange::post("/token").form([("grant_type", "refresh_token"), ("refresh_token", "$any")]);
    let upstream = MockUpstream::expecting([exchange(), exchange()]);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    send(&upstream.url(), "POST /token", &form, "refresh_token=a%20b&grant_type=refresh_token").unwrap();
    send(&upstream.url(), "POST /token", &form, "client_secret=hush-hush&grant_type=password").unwrap();
    let failures = failures_of(upstream);
    for line in [
        "  body: client_secret=***&grant_type=password\n",
        "    body client_secret: expected nothing, found a secret\n",
        "    body grant_type: expected \"refresh_token\", found \"password\"\n",
        "    body refresh_token: expected a secret, found nothing\n",
    ] {
        assert!(failures.contains(line), "{failures}");
    }
}

#[test]
fn a_call_must_arrive_as_often_as_expected() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/a").times(2),
        Exchange::get("/b").any_times(),
        Exchange::get("/c"),
    ]);
    for path in ["/a", "/c", "/c"] {
        get(&upstream.url(), path).unwrap();
    }
    let failures = failures_of(upstream);
    assert!(failures.contains("it was expected 1 time only"), "{failures}");
    assert!(failures.ends_with("call not received: GET /a (expected 2 times, received 1)"), "{failures}");
}

#[test]
fn a_call_can_fail_first_and_then_succeed() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/a").answers(Reply::rate_limited(30)),
        Exchange::get("/a").answers(Reply::text("done")),
    ]);
    let first = get(&upstream.url(), "/a").unwrap();
    assert_eq!((first.status, first.header("retry-after")), (429, Some("30")));
    assert_eq!(get(&upstream.url(), "/a").unwrap().body, "done");
    upstream.verify();
}

#[test]
fn in_order_rejects_calls_in_another_order() {
    let exchanges = || [Exchange::get("/a"), Exchange::get("/poll").any_times(), Exchange::get("/b")];
    let upstream = MockUpstream::in_order(exchanges());
    for path in ["/a", "/poll", "/poll", "/b"] {
        assert_eq!(get(&upstream.url(), path).unwrap().status, 200, "{path}");
    }
    upstream.verify();

    let upstream = MockUpstream::in_order(exchanges());
    get(&upstream.url(), "/b").unwrap();
    let failures = failures_of(upstream);
    assert!(failures.contains("it is expected later, after other calls"), "{failures}");

    let upstream = MockUpstream::in_order(exchanges());
    for path in ["/a", "/b", "/poll"] {
        get(&upstream.url(), path).unwrap();
    }
    let failures = failures_of(upstream);
    assert!(failures.contains("it was expected earlier"), "{failures}");
}

#[test]
fn connections_fail_as_the_reply_says() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/off").answers(Reply::broken_off()),
        Exchange::get("/cut").answers(Reply::json(json!({ "users": [1, 2, 3] })).cut_off_after(10)),
        Exchange::get("/malformed").answers(Reply::body("application/json", "{\"users\":")),
        Exchange::get("/late").answers(Reply::text("late").delayed(Duration::from_millis(1))),
    ]);
    get(&upstream.url(), "/off").unwrap_err();
    let cut = get(&upstream.url(), "/cut").unwrap();
    assert_eq!((cut.header("content-length"), cut.body.as_str()), (Some("17"), "{\"users\":["));
    assert_eq!(get(&upstream.url(), "/malformed").unwrap().body, "{\"users\":");
    assert_eq!(get(&upstream.url(), "/late").unwrap().body, "late");
    upstream.verify();
}

#[test]
fn an_invalid_reply_fails_the_test() {
    let upstream = MockUpstream::expecting([Exchange::get("/a").answers(Reply::status(7))]);
    get(&upstream.url(), "/a").unwrap_err();
    assert_eq!(failures_of(upstream), "a reply can't be sent: invalid status code");
}

#[test]
fn dropping_verifies_unless_the_test_has_failed_already() {
    let dropped = panic_message(|| drop(MockUpstream::expecting([Exchange::get("/a")])));
    assert_eq!(dropped, "the mock upstream received other calls than expected\ncall not received: GET /a");
    let failed = panic_message(|| {
        let _upstream = MockUpstream::expecting([Exchange::get("/a")]);
        panic!("the test's own reason");
    });
    assert_eq!(failed, "the test's own reason");
}

#[test]
fn concurrent_calls_are_all_answered() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/slow").answers(Reply::text("slow").delayed(Duration::from_millis(20))).times(8),
        Exchange::get("/fast").times(8),
    ]);
    let url = upstream.url();
    std::thread::scope(|scope| {
        for at in 0..16 {
            let (url, path) = (&url, if at % 2 == 0 { "/slow" } else { "/fast" });
            scope.spawn(move || assert_eq!(get(url, path).unwrap().status, 200));
        }
    });
    upstream.verify();
}

#[test]
fn calls_are_in_flight_from_their_head_to_the_end_of_the_response() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/a").answers(Reply::text("done")).times(3),
        Exchange::post("/b").text("x").times(2),
    ]);
    for _ in 0..3 {
        get(&upstream.url(), "/a").unwrap();
    }
    assert_eq!(upstream.most_in_flight(), 1);
    let begin = || {
        let mut stream = TcpStream::connect(upstream.url().trim_start_matches("http://")).unwrap();
        let head = "Host: x\r\nConnection: close\r\nContent-Length: 1\r\nExpect: 100-continue";
        write!(stream, "POST /b HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
        // When the mock upstream requests the body, it has received the head.
        let mut go_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut go_on).unwrap();
        stream
    };
    for mut stream in [begin(), begin()] {
        stream.write_all(b"x").unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    assert_eq!(upstream.most_in_flight(), 2);
    upstream.verify();
}
