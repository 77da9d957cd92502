//! Writes are marked, and unsafe ones require confirmation.

use crate::browser::ESCAPE;
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn unsafe_write_is_only_sent_after_confirmation() {
    let server = Server::start();
    let browser = server.page();
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.choose("create_account");
    assert!(browser.visible_text("#capability").contains("Unsafe write"));
    for cancel in [(|browser| browser.click("Cancel")) as fn(&crate::browser::Browser), |browser| {
        browser.press(&[ESCAPE])
    }] {
        browser.click("Send");
        let question = browser.visible_text("dialog[open]");
        assert!(question.contains("Create Account") && question.contains("Creates an account"), "{question}");
        assert!(question.contains("unsafe write"), "{question}");
        assert_eq!(browser.text("document.activeElement.textContent"), "Cancel");
        cancel(&browser);
        browser.wait("!document.querySelector('dialog[open]')");
        assert_eq!(browser.text("document.activeElement.textContent"), "Send");
        assert_eq!(browser.visible_text(".status"), "Nothing has been sent yet.");
    }
    assert!(!server.was_called("create_account"));
    browser.click("Send");
    browser.click("Send create_account");
    browser.wait_for(".status", "HTTP 200");
    assert!(server.was_called("create_account"));
    assert_eq!(browser.console_errors(), [""; 0]);
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn page_states_whether_a_capability_writes() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("delete_account");
    assert!(browser.visible_text(".about").contains("Writes to the app"));
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200");
    browser.choose("list_resources");
    assert!(browser.visible_text(".about").contains("Only reads from the app"));
}
