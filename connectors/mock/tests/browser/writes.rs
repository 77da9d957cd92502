//! Writes are announced, and unsafe ones ask first.

use crate::browser::ESCAPE;
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn an_unsafe_write_asks_first_and_is_not_sent_unless_confirmed() {
    let server = Server::start();
    let browser = server.page();
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.choose("create_account");
    assert!(browser.seen("#capability").contains("Unsafe write"));
    for cancel in [(|browser| browser.click("Cancel")) as fn(&crate::browser::Browser), |browser| {
        browser.press(&[ESCAPE])
    }] {
        browser.click("Send");
        let question = browser.seen("dialog[open]");
        assert!(question.contains("Create Account") && question.contains("Creates an account"), "{question}");
        assert!(question.contains("unsafe write"), "{question}");
        assert_eq!(browser.text("document.activeElement.textContent"), "Cancel");
        cancel(&browser);
        browser.wait("!document.querySelector('dialog[open]')");
        assert_eq!(browser.text("document.activeElement.textContent"), "Send");
        assert_eq!(browser.seen(".status"), "Nothing has been sent yet.");
    }
    assert!(!server.was_called("create_account"));
    browser.click("Send");
    browser.click("Send create_account");
    browser.wait_for(".status", "HTTP 200");
    assert!(server.was_called("create_account"));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn an_idempotent_write_says_that_it_writes_and_a_read_that_it_does_not() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("delete_account");
    assert!(browser.seen(".about").contains("Writes to the app"));
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200");
    browser.choose("list_resources");
    assert!(browser.seen(".about").contains("Reads only"));
}
