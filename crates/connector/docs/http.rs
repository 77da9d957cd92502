// Calls the connector in the guide's page on HTTP upstreams.

use connector::testing::{Exchange, MockUpstream, Reply, TestClient};
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
        Exchange::get("/users?limit=100").answers(Reply::text("this is not JSON")),
    ]);
    let client = TestClient::new(integration()).with(json!({
        "auth": { "model": "oauth", "access_token": "t0ken-t0ken" },
        "settings": { "base_url": upstream.url() },
    }));

    let accounts = client.pages(ListAccounts, json!({}), 2).items;
    assert_eq!(accounts.len(), 3);
    assert_eq!(accounts[0]["email"], "ada@example.com");
    let rejected = client.error(ListAccounts, json!({}));
    assert_eq!((rejected.code.as_str(), rejected.status_code), ("unauthorized", Some(401)));
    assert!(rejected.message.ends_with("/users: upstream answered 401: no such token"), "{rejected:?}");
    let garbled = client.error(ListAccounts, json!({}));
    assert_eq!((garbled.code.as_str(), garbled.status_code), ("api_error", None));
    upstream.verify();
}
