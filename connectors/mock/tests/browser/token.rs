//! A server that asks for a token.

use crate::browser::{Browser, ENTER};
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn the_page_asks_for_the_token_first_and_sends_it_with_every_call() {
    let server = Server::start_with(&["--token-env", "PAGE_TOKEN"], Some("canary-7Kq2-token"));
    let browser = Browser::open(&format!("{}/docs", server.address));
    browser.wait("document.activeElement.id === 'token'");
    assert!(!browser.seen("body").contains("list_accounts"));
    browser.type_keys("wrong");
    browser.press(&[ENTER]);
    browser.wait_for("#token-problem", "This is not the token.");
    browser.type_keys("canary-7Kq2-token");
    browser.press(&[ENTER]);
    browser.wait("document.querySelector('#capability h2')");
    browser.choose("info");
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200 OK");
    assert!(
        browser.seen("pre[aria-label=curl]").contains("-H \"Authorization: Bearer ${CONNECTOR_TOKEN:?}\"")
    );
    browser.fill("Bearer token", "another");
    browser.click("Send");
    browser.wait_for(".status", "The server asks for its bearer token");
    browser.wait("document.activeElement.type === 'password'");
    let everything = browser.everything();
    assert!(!everything.contains("7Kq2"), "{everything}");
}
