//! A server that requires a token.

use crate::browser::{Browser, ENTER};
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn page_requests_the_token_and_sends_it_with_every_call() {
    let server = Server::start_with(&["--token-env", "PAGE_TOKEN"], Some("canary-7Kq2-token"));
    let browser = Browser::open(&format!("{}/docs", server.address));
    browser.wait("document.activeElement.id === 'token'");
    assert!(!browser.visible_text("body").contains("list_accounts"));
    browser.type_keys("wrong");
    browser.press(&[ENTER]);
    browser.wait_for("#token-problem", "Wrong token.");
    browser.type_keys("canary-7Kq2-token");
    browser.press(&[ENTER]);
    browser.wait("document.querySelector('#capability h2')");
    browser.choose("info");
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200 OK");
    assert!(
        browser
            .visible_text("pre[aria-label=curl]")
            .contains("-H \"Authorization: Bearer ${CONNECTOR_TOKEN:?}\"")
    );
    browser.fill("Bearer token", "another");
    browser.click("Send");
    browser.wait_for(".status", "The server requires a bearer token");
    browser.wait("document.activeElement.type === 'password'");
    let everything = browser.everything();
    assert!(!everything.contains("7Kq2"), "{everything}");
}
