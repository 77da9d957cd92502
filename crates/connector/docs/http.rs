// Calls the connector in the guide's page on HTTP upstreams.

use connector::testing::{Caller, Exchange, MockUpstream, Reply};
use serde_json::json;

fn check() {
    // In this workspace, reqwest doesn't choose a cryptography provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let upstream = MockUpstream::in_order([
        Exchange::get("/users?limit=2").bearer("t0ken-t0ken").answers(json!({
            "items": [{ "id": "1", "email": "ada@example.com" }, { "id": "2" }],
            "next_cursor": "c2",
        })),
        Exchange::get("/users?limit=2&cursor=c2").answers(json!({ "items": [{ "id": "3" }] })),
        Exchange::get("/users?limit=100").answers(Reply::text("no such token").with_status(401)),
        Exchange::get("/users?limit=100").answers(Reply::text("this is no JSON")),
    ]);
    let caller = Caller::new(integration()).with(json!({
        "auth": { "model": "oauth", "access_token": "t0ken-t0ken" },
        "settings": { "base_url": upstream.url() },
    }));

    let accounts = caller.pages(ListAccounts, json!({}), 2).items;
    assert_eq!(accounts.len(), 3);
    assert_eq!(accounts[0]["email"], "ada@example.com");
    let refused = caller.error(ListAccounts, json!({}));
    assert_eq!((refused.code.as_str(), refused.status_code), ("unauthorized", Some(401)));
    assert!(refused.message.ends_with("/users: upstream answered 401: no such token"), "{refused:?}");
    let garbled = caller.error(ListAccounts, json!({}));
    assert_eq!((garbled.code.as_str(), garbled.status_code), ("api_error", None));
    upstream.verify();
}
