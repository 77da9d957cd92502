//! Several integrations in one server, and one in a custom router.

use connector::server::Server;

use crate::support::{REQUEST, Running, integration};

#[test]
fn each_app_has_its_own_path_under_both_names() {
    let server = Running::start(Server::several([integration("one-app"), integration("two")]));
    for path in ["/one-app/list_accounts", "/one_app/list-accounts", "/two/list_accounts"] {
        assert_eq!(server.post(path, REQUEST).status, 200, "{path}");
    }
    assert_eq!(server.get("/two/info").json()["app_id"], "two");
    for path in ["/list_accounts", "/three/list_accounts", "/two"] {
        let reply = server.post(path, REQUEST);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body.contains("one-app, two"), "{reply:?}");
    }
}

#[test]
fn a_single_app_can_have_a_prefix_too() {
    let server = Running::start(Server::new(integration("app")).prefix_app_id(true));
    assert_eq!(server.post("/app/list_accounts", REQUEST).status, 200);
    assert_eq!(server.post("/list_accounts", REQUEST).status, 404);
}

#[tokio::test]
async fn a_router_nests_into_another() {
    let router = axum::Router::new().nest("/connectors/app", Server::new(integration("app")).into_router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let reply = tokio::task::spawn_blocking(move || {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let head =
            format!("GET /connectors/app/info HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        crate::support::Reply::read(stream)
    });
    assert_eq!(reply.await.unwrap().json()["app_id"], "app");
}
