//! The page to try capabilities on: its files, who may get them, and its content security policy.

use connector::Secret;
use connector::server::Server;

use crate::support::{Reply, Running, integration};

const POLICY: &str = "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'\r\n";

fn server() -> Running {
    Running::start(Server::new(integration("app")))
}

/// The files that a page links to, resolved against its own path.
fn files(page: &str, at: &str) -> Vec<String> {
    let folder = at.rsplit_once('/').map_or("", |(folder, _)| folder);
    let links = page.split("href=\"").chain(page.split("src=\"")).filter_map(|rest| rest.split('"').next());
    links.filter(|name| name.starts_with("docs/")).map(|name| format!("{folder}/{name}")).collect()
}

fn assert_served(reply: &Reply, kind: &str) {
    assert_eq!(reply.status, 200, "{reply:?}");
    for header in [
        POLICY,
        &format!("content-type: {kind}"),
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cache-control: no-cache",
    ] {
        assert!(reply.head.contains(header), "{header} is not in {}", reply.head);
    }
}

#[test]
fn the_page_and_its_files_have_a_strict_policy() {
    let server = server();
    let page = server.get("/docs");
    assert_served(&page, "text/html; charset=utf-8");
    let files = files(&page.body, "/docs");
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let kind = match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "image/svg+xml",
        };
        assert_served(&server.get(&file), kind);
    }
}

#[test]
fn the_files_need_no_other_server_and_no_exception_from_the_policy() {
    let server = server();
    let page = server.get("/docs").body;
    let scripts = ["app", "answer", "dom", "send"].map(|name| server.get(&format!("/docs/{name}.js")).body);
    let style = server.get("/docs/style.css").body;
    for text in scripts.iter().chain([&page, &style]) {
        for foreign in ["https://", "innerHTML", " style=", "onclick=\"", "@import", "eval("] {
            assert!(!text.contains(foreign), "{foreign} is in {text}");
        }
    }
}

#[test]
fn an_unchanged_file_is_304() {
    let server = server();
    let first = server.get("/docs/app.js");
    let tag = first.head.split("etag: ").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a tag");
    let again = server.send(&format!("GET /docs/app.js HTTP/1.1\r\nIf-None-Match: W/\"0\", {tag}"), b"");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other = server.send("GET /docs/app.js HTTP/1.1\r\nIf-None-Match: \"0\"", b"");
    assert_eq!((other.status, other.body), (200, first.body));
}

#[test]
fn head_has_no_body_other_methods_are_405_and_unknown_files_404() {
    let server = server();
    let head = server.send("HEAD /docs HTTP/1.1", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert!(head.head.contains(POLICY));
    for path in ["/docs", "/docs/app.js", "/docs/"] {
        let rejected = server.post(path, "{}");
        assert_eq!(rejected.status, 405, "{path}");
        assert!(rejected.head.contains("allow: get, head\r\n"), "{}", rejected.head);
    }
    for path in ["/docs/nothing.js", "/docs/app.js/", "/docs/../docs.rs", "/docs/links.html", "/docsx"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_trailing_slash_redirects_to_the_path_without_it() {
    let server = Running::start(Server::several([integration("one-app")]));
    for path in ["/docs/", "/one-app/docs/"] {
        let reply = server.get(path);
        assert_eq!(reply.status, 308, "{path}");
        assert!(reply.head.contains("location: ../docs\r\n"), "{}", reply.head);
    }
}

#[test]
fn the_page_needs_no_token_and_its_requests_do() {
    let server = Running::start(Server::new(integration("app")).token(Secret::from("canary-token")));
    for path in ["/docs", "/docs/app.js"] {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.body.contains("canary"));
    }
    for path in ["/openapi.json", "/info", "/docs/nothing.js"] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
}

#[test]
fn each_app_has_its_page_and_the_root_links_to_them() {
    let server = Running::start(Server::several([integration("one-app"), integration("docs")]));
    let root = server.get("/docs");
    assert_served(&root, "text/html");
    for link in ["href=\"./one-app/docs\"", "href=\"./docs/docs\""] {
        assert!(root.body.contains(link), "{}", root.body);
    }
    for file in files(&root.body, "/docs") {
        assert_eq!(server.get(&file).status, 200, "{file}");
    }
    for at in ["/one-app/docs", "/one_app/docs", "/docs/docs"] {
        let page = server.get(at);
        assert_served(&page, "text/html");
        for file in files(&page.body, at) {
            assert_eq!(server.get(&file).status, 200, "{file}");
        }
    }
    for path in ["/three/docs", "/docs/app.js", "/app.js"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}
