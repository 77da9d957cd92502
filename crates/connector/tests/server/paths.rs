//! Equivalent paths (RFC 3986, section 6.2.2).

use connector::server::Server;

use crate::support::{REQUEST, Running, integration};

#[test]
fn an_unnecessary_escape_equals_its_character() {
    let server = Running::start(Server::several([integration("one-app"), integration("other")]));
    for (path, status) in [
        ("/one%2Dapp/list%5Faccounts", 200),
        ("/one%5fapp/%6C%69st-accounts/", 200),
        ("/one-app/list%5Faccounts?%zz", 200),
        // An escaped slash is not a separator.
        ("/one-app%2Flist_accounts", 404),
        ("/one-app/list_accounts%2F", 404),
        ("/%2Fone-app/list_accounts", 404),
        // Decoded only once.
        ("/one-app/list%255Faccounts", 404),
        ("/one-app/list%5", 404),
        ("/one-app/list%5Gaccounts", 404),
        ("/one-app/list%accounts", 404),
        ("/one-app/list%C3%A9", 404),
        ("/one-app/list_accounts%00", 404),
    ] {
        assert_eq!(server.post(path, REQUEST).status, status, "{path}");
    }
    for path in ["/%6Civez", "/metric%73", "/doc%73", "/one%2Dapp/doc%73", "/other/openapi%2Ejson"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
}

#[test]
fn metrics_name_the_capability_for_every_form_of_its_path() {
    let server = Running::start(Server::new(integration("app")));
    for path in ["/list%5Faccounts", "/list_accounts", "/list%5"] {
        server.post(path, REQUEST);
    }
    let metrics = server.get("/metrics").body;
    let counted =
        |labels: &str| metrics.contains(&format!("connector_requests_total{{app=\"app\",{labels}}}"));
    assert!(
        metrics.contains("capability=\"list_accounts\",outcome=\"partial\",status=\"200\"} 2\n"),
        "{metrics}"
    );
    assert!(counted("capability=\"unknown\",outcome=\"not_implemented\",status=\"404\""), "{metrics}");
    assert!(!metrics.contains('%'), "{metrics}");
}
