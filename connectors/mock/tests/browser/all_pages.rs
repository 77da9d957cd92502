//! Fetches a listing page by page, to its end.

use crate::browser::Browser;
use crate::server::Server;

/// Replaces the server's responses: `pages` maps each page token to the rest of a response. A page that is missing never
/// responds. The requested tokens are collected in `window.asked`.
fn respond_with(browser: &Browser, pages: &str) {
    browser.choose("list_accounts");
    browser.script(&format!(
        "const pages = {pages}; window.asked = []; \
         window.fetch = (_, {{ body, signal }}) => {{ \
           const {{ token }} = JSON.parse(body).page; window.asked.push(String(token)); \
           if (token in pages) return Promise.resolve(new Response(`{{${{pages[token]}}}}`)); \
           return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))); }}"
    ));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn all_pages_are_shown_as_one_listing() {
    for wire in ["classic", "openapi"] {
        let server = Server::start_with(&["--wire", wire], None);
        let browser = server.page();
        browser.choose("list_accounts");
        browser.fill("username", "ada");
        browser.fill("password", "correct horse");
        browser.fill("accounts", "250");
        browser.click("All pages");
        browser.wait_for(".status", "3 pages");
        let status = browser.visible_text(".status");
        assert!(status.contains("Success") && status.contains("250 "), "{status}");
        assert_eq!(browser.visible_text(".page-label"), "Pages 1 to 3");
        assert!(browser.visible_text(".response pre").contains("user249@example.com"));
        browser.click("Table");
        assert_eq!(browser.text("document.querySelectorAll('tbody tr').length"), "250");
        // The request is unchanged, and pages can be turned from here.
        assert!(
            browser.text("document.querySelector('#capability textarea').value").contains("\"token\": null")
        );
        browser.click("Previous page");
        browser.wait_for("td[title='user100@example.com']", "user100@example.com");
        assert_eq!(browser.visible_text(".page-label"), "Page 2");
        browser.choose("create_account");
        assert_eq!(browser.text("[...document.querySelectorAll('#capability button')].some((one) => one.checkVisibility() && one.textContent === 'All pages')"), "false");
        assert_eq!(browser.console_errors(), [""; 0]);
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn large_numbers_are_kept_in_the_merged_listing() {
    let server = Server::start();
    let browser = server.page();
    respond_with(
        &browser,
        r#"{ null: '"response": {"accounts": [12345678901234567890]}, "page": {"token": "b"}', b: '"response": {"accounts": [1]}' }"#,
    );
    browser.click("All pages");
    browser.wait_for(".status", "2 accounts");
    let shown = browser.text("document.querySelector('.response pre').textContent.replace(/\\s+/g, ' ')");
    assert_eq!(shown, r#"{ "response": { "accounts": [ 12345678901234567890, 1 ] } }"#);
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn fetching_can_be_stopped_and_keeps_what_it_has() {
    let server = Server::start();
    let browser = server.page();
    respond_with(&browser, r#"{ null: '"response": [1, 2], "page": {"token": "b"}' }"#);
    browser.click("All pages");
    browser.wait_for(".status", "1 page, 2 items");
    assert_eq!(browser.text("document.querySelector('.status').getAttribute('role')"), "status");
    browser.wait("window.asked.length === 2");
    browser.click("Stop");
    browser.wait_for(".status", "Partial success");
    assert_eq!(browser.visible_text(".detail"), "Stopped after 1 page, 2 items");
    assert_eq!(browser.text("document.activeElement.textContent"), "All pages");
    assert_eq!(browser.text("document.querySelector('.pages button:last-child').ariaDisabled"), "false");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn repeated_token_ends_the_fetching() {
    let server = Server::start();
    let browser = server.page();
    respond_with(
        &browser,
        r#"{ null: '"response": [1], "page": {"token": "a"}', a: '"response": [2], "page": {"token": "b"}', b: '"response": [3], "page": {"token": "a"}' }"#,
    );
    browser.click("All pages");
    browser.wait_for(".status", "Partial success");
    let detail = browser.visible_text(".detail");
    assert!(detail.contains("3 pages, 3 items") && detail.contains("the listing never ends"), "{detail}");
    assert_eq!(browser.text("window.asked.join()"), "null,a,b");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn error_ends_the_fetching_and_keeps_what_it_has() {
    let server = Server::start();
    let browser = server.page();
    let error = r#""error": {"message": "too fast", "error_code": "rate_limit"}"#;
    respond_with(
        &browser,
        &format!(r#"{{ null: '"response": [1], "page": {{"token": "a"}}', a: '{error}' }}"#),
    );
    browser.click("All pages");
    browser.wait_for(".status", "Partial success");
    let detail = browser.visible_text(".detail");
    assert_eq!(detail, "Stopped after 1 page, 1 items: Connector error: rate_limit — too fast");
    assert!(browser.visible_text(".status").contains("1 items"));
    // An error on the first page is shown as any other.
    respond_with(&browser, &format!("{{ null: '{error}' }}"));
    browser.click("All pages");
    browser.wait_for(".status", "Connector error: rate_limit");
}
