//! What calls send, and how they fail.

use std::fmt::Debug;

use connector::ConnectorError;
use connector::capability::Effect;
use connector::client::Client;
use connector::error::{HttpStatusError, UnexpectedBodyError};
use connector::testing::{Exchange, MockUpstream, Reply, paused};
use serde::Deserialize;
use serde_json::json;

use crate::{request, upstream};

const CANARY: &str = "canary-0123456789";

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct Users {
    items: Vec<User>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct User {
    id: String,
}

#[test]
fn segments_are_escaped_and_cannot_lead_elsewhere() {
    paused(async {
        let mock = MockUpstream::expecting([Exchange::get("/v2/users/a%2Fb").answers(json!({}))]);
        let api = upstream(&format!("{}/v2", mock.url()), Effect::Read);
        api.get(["users", "a/b"]).send().await.unwrap();
        for segment in ["", ".", ".."] {
            let error = api.get(["users", segment]).send().await.unwrap_err();
            assert_eq!(error.downcast_ref::<ConnectorError>().unwrap().code(), "bad_request");
        }
        for url in ["http://other.example/v2/users", "/v1/users", "../v1"] {
            assert!(api.get_url(url).send().await.is_err(), "{url}");
        }
        mock.verify();
    });
}

#[test]
fn a_body_of_another_shape_is_reported_with_its_path() {
    paused(async {
        let body = json!({ "items": [{ "id": "1" }, { "id": 2 }] });
        let mock = MockUpstream::expecting([Exchange::get("/users").answers(body)]);
        let error = upstream(&mock.url(), Effect::Read).get(["users"]).json::<Users>().await.unwrap_err();
        assert!(error.downcast_ref::<UnexpectedBodyError>().is_some());
        assert!(error.to_string().contains("items[1].id: expected"), "{error}");
        mock.verify();
    });
}

#[test]
fn redirects_stay_on_the_server_and_are_only_followed_for_reads() {
    paused(async {
        let to = |location: &str| Reply::status(307).with_header("location", location);
        let mock = MockUpstream::expecting([
            Exchange::get("/old").answers(to("/new")),
            Exchange::get("/new").answers(json!({})),
            Exchange::get("/away").answers(to(&format!("http://other.example/?key={CANARY}"))),
            Exchange::post("/old").answers(to("/new")),
        ]);
        let api = upstream(&mock.url(), Effect::UnsafeWrite);
        api.get(["old"]).send().await.unwrap();
        let error = api.get(["away"]).send().await.unwrap_err().to_string();
        assert!(error.contains("another server") && !error.contains(CANARY), "{error}");
        let error = api.post(["old"]).send().await.unwrap_err();
        assert_eq!(error.downcast_ref::<HttpStatusError>().unwrap().status(), 307);
        mock.verify();
    });
}

#[test]
fn a_response_that_is_too_large_is_not_read() {
    paused(async {
        let mock = MockUpstream::expecting([Exchange::get("/a").answers(Reply::text("x".repeat(101)))]);
        let client = Client::builder().no_proxy().max_response_bytes(100).build();
        let api = client.upstream(&request(Effect::Read), &mock.url()).unwrap();
        let error = api.get(["a"]).send().await.unwrap_err().to_string();
        assert!(error.contains("more than 100 bytes"), "{error}");
        mock.verify();
    });
}

#[test]
fn neither_errors_nor_debug_output_show_credentials_or_queries() {
    paused(async {
        let page = format!("<!DOCTYPE html><title>Sign in</title>{CANARY}");
        let mock = MockUpstream::expecting([
            Exchange::get("/a")
                .any_query()
                .answers(Reply::text(format!("bad key {CANARY}")).with_status(403)),
            Exchange::get("/b").any_query().answers(Reply::body("text/html", page).with_status(500)),
            Exchange::get("/c").any_query().answers(json!({ "items": CANARY })),
        ]);
        let api = upstream(&mock.url(), Effect::Read).secret_query("key", CANARY);
        let api = api.secret_header("authorization", "SSWS ", CANARY).unwrap();
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nowhere = upstream(&format!("http://{gone}"), Effect::Read).secret_query("key", CANARY);
        let call = api.get(["a"]).query("q", CANARY);
        let mut shown = vec![debug(&call), debug(&api)];
        let errors = [
            call.send().await.map(|_| ()),
            api.get(["b"]).send().await.map(|_| ()),
            api.get(["c"]).json::<Users>().await.map(|_| ()),
            nowhere.get(["d"]).query("q", CANARY).send().await.map(|_| ()),
        ];
        shown.extend(errors.map(|error| error.map_or_else(|error| format!("{error} {error:?}"), debug_ok)));
        assert!(shown[3].contains("an HTML page with the title \"Sign in\""), "{}", shown[3]);
        shown.iter().for_each(|text| assert!(!text.contains(CANARY), "{text}"));
        mock.verify();
    });
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?}")
}

fn debug_ok((): ()) -> String {
    panic!("the call must fail")
}
