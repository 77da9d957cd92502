//! The mock upstream.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use connector::testing::{Exchange, MockUpstream, Reply};
use serde_json::json;

use crate::support::{get, send, told};

fn verdict(upstream: MockUpstream) -> String {
    upstream.try_verify().map_or_else(|failures| failures.texts().join("\n"), |()| "fine".to_owned())
}

#[test]
fn an_expected_call_gets_its_answer() {
    let upstream = MockUpstream::expecting([Exchange::post("/users?dry=1")
        .header("X-Trace", "$any")
        .without_header("cookie")
        .bearer("t")
        .json(json!({ "login": "ada", "id": "$any" }))
        .answers(
            Reply::json(json!({ "link": "{{upstream}}/users/7" })).with_status(201).with_header("x-a", "1"),
        )]);
    let headers = [("Authorization", "Bearer t"), ("x-trace", "7")];
    let came = send(&upstream.url(), "POST /users?dry=1", &headers, r#"{"id":7,"login":"ada"}"#).unwrap();
    assert_eq!((came.status, came.header("x-a")), (201, Some("1")));
    assert_eq!(came.header("content-type"), Some("application/json"));
    assert_eq!(came.body, json!({ "link": format!("{}/users/7", upstream.url()) }).to_string());
    assert_eq!(upstream.received()[0].json().unwrap()["login"], "ada");
    upstream.verify();
}

#[test]
fn an_unexpected_call_is_told_with_what_is_different_from_the_nearest_one() {
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
    let came = send(&upstream.url(), call, &headers, body).unwrap();
    assert_eq!(came.status, 501);
    assert!(came.body.contains("unexpected call") && !came.body.contains("hush"), "{}", came.body);
    let told = verdict(upstream);
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
    assert_eq!(told, expected);
}

#[test]
fn a_secret_that_is_another_one_is_not_shown() {
    let upstream = MockUpstream::expecting([Exchange::get("/users").basic_auth("ada", "hush-one")]);
    send(&upstream.url(), "GET /users", &[("Authorization", "Basic aHVzaC10d28=")], "").unwrap();
    let told = verdict(upstream);
    assert!(told.contains("header authorization: expected a secret, found another"), "{told}");
    assert!(!told.contains("aHVza") && !told.contains("YWRhOm"), "{told}");
}

#[test]
fn a_wrong_scheme_is_named_without_the_credentials() {
    for (sent, found) in [
        ("Token hush-hush", "found Token"),
        ("hush-hush", "found another"),
        ("Hush hush-hush", "found another"),
    ] {
        let upstream = MockUpstream::expecting([Exchange::get("/users").bearer("hush-hush")]);
        send(&upstream.url(), "GET /users", &[("Authorization", sent)], "").unwrap();
        let told = verdict(upstream);
        let line = format!("    header authorization, its scheme: expected Bearer, {found}\n");
        assert!(told.contains(&line), "{told}");
        assert!(!told.to_ascii_lowercase().contains("hush"), "{told}");
    }
    let upstream = MockUpstream::expecting([Exchange::get("/users").bearer("t")]);
    send(&upstream.url(), "GET /users", &[("Authorization", "bearer t")], "").unwrap();
    upstream.verify();
}

#[test]
fn what_is_not_told_is_not_expected() {
    for (call, body, difference) in [
        ("GET /users?page=1", "", "query page: expected nothing, found \"1\""),
        ("GET /users", "x", "body: expected nothing, found x"),
        ("GET /users/", "", "path: expected /users, found /users/"),
        ("PUT /users", "", "method: expected GET, found PUT"),
    ] {
        let upstream = MockUpstream::expecting([Exchange::get("/users")]);
        send(&upstream.url(), call, &[], body).unwrap();
        let told = verdict(upstream);
        assert!(told.contains(&format!("    {difference}\n")), "{told}");
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
    let told = verdict(upstream);
    for line in [
        "  body: client_secret=***&grant_type=password\n",
        "    body client_secret: expected nothing, found a secret\n",
        "    body grant_type: expected \"refresh_token\", found \"password\"\n",
        "    body refresh_token: expected a secret, found nothing\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn a_call_comes_as_often_as_it_is_expected() {
    let upstream = MockUpstream::expecting([
        Exchange::get("/a").times(2),
        Exchange::get("/b").any_times(),
        Exchange::get("/c"),
    ]);
    for path in ["/a", "/c", "/c"] {
        get(&upstream.url(), path).unwrap();
    }
    let told = verdict(upstream);
    assert!(told.contains("it was expected 1 time, and came again"), "{told}");
    assert!(told.ends_with("call not received: GET /a (expected 2 times, came 1)"), "{told}");
}

#[test]
fn the_same_call_may_fail_first_and_then_succeed() {
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
fn an_order_is_kept_when_it_is_asked_for() {
    let exchanges = || [Exchange::get("/a"), Exchange::get("/poll").any_times(), Exchange::get("/b")];
    let upstream = MockUpstream::in_order(exchanges());
    for path in ["/a", "/poll", "/poll", "/b"] {
        assert_eq!(get(&upstream.url(), path).unwrap().status, 200, "{path}");
    }
    upstream.verify();

    let upstream = MockUpstream::in_order(exchanges());
    get(&upstream.url(), "/b").unwrap();
    let told = verdict(upstream);
    assert!(told.contains("it is expected later: other calls come first"), "{told}");

    let upstream = MockUpstream::in_order(exchanges());
    for path in ["/a", "/b", "/poll"] {
        get(&upstream.url(), path).unwrap();
    }
    let told = verdict(upstream);
    assert!(told.contains("it was expected earlier"), "{told}");
}

#[test]
fn connections_break_as_they_are_told_to() {
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
fn a_reply_that_is_no_http_fails_the_test() {
    let upstream = MockUpstream::expecting([Exchange::get("/a").answers(Reply::status(7))]);
    get(&upstream.url(), "/a").unwrap_err();
    assert_eq!(verdict(upstream), "a reply cannot be sent: invalid status code");
}

#[test]
fn a_mock_upstream_that_is_dropped_verifies_unless_the_test_has_failed_already() {
    let dropped = told(|| drop(MockUpstream::expecting([Exchange::get("/a")])));
    assert_eq!(
        dropped,
        "the mock upstream was called in other ways than expected\ncall not received: GET /a"
    );
    let failed = told(|| {
        let _upstream = MockUpstream::expecting([Exchange::get("/a")]);
        panic!("the test's own reason");
    });
    assert_eq!(failed, "the test's own reason");
}

#[test]
fn many_calls_at_once_are_all_answered() {
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
fn calls_in_flight_are_counted_from_head_to_answer() {
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
        // The mock upstream has the head once it asks for the body.
        let mut goes_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut goes_on).unwrap();
        stream
    };
    for mut stream in [begin(), begin()] {
        stream.write_all(b"x").unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    assert_eq!(upstream.most_in_flight(), 2);
    upstream.verify();
}
