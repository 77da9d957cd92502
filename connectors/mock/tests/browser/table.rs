//! Listings as tables.

use serde_json::json;

use crate::browser::{Browser, ESCAPE};
use crate::server::Server;

/// The items of a response with everything that a table must get right.
const ITEMS: &str = r#"[
    {"id": 9, "name": "=1+1", "size": 12345678901234567890},
    {"id": 10, "name": "a \"b\", c\nd", "tags": ["x"]},
    {"id": -3, "name": "+4 @ -5", "size": 12345678901234567891},
    {"id": 2, "name": "@e", "more": {"f": null}},
    "alone"
]"#;

/// Shows a listing of these items as a table. Downloads end up in `window.offered`.
fn table_of(browser: &Browser, items: &str) {
    browser.choose("list_accounts");
    browser.script(&format!(
        "window.fetch = async () => new Response({:?}); \
         URL.createObjectURL = (blob) => {{ \
             const decoder = new TextDecoder('utf-8', {{ ignoreBOM: true }}); \
             blob.arrayBuffer().then((bytes) => (window.offered = decoder.decode(bytes))); \
             return 'data:,'; \
         }}",
        format!(r#"{{"response": {items}}}"#)
    ));
    browser.click("Send");
    browser.wait_for(".status", "items");
    browser.click("Table");
}

/// The cells of a column, from the top.
fn column(browser: &Browser, number: usize) -> String {
    browser.text(&format!(
        "[...document.querySelectorAll('tbody td:nth-child({number})')].map((cell) => cell.textContent).join('|')"
    ))
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn listing_is_shown_as_table_or_json() {
    for wire in ["classic", "openapi"] {
        let server = Server::start_with(&["--wire", wire], None);
        let browser = server.page();
        browser.fill("username", "ada");
        browser.fill("password", "correct horse");
        browser.choose("list_accounts");
        browser.click("Send");
        browser.wait_for(".response pre", "user0@example.com");
        browser.click("Table");
        browser.wait_for("td[title='user0@example.com']", "user0@example.com");
        assert_eq!(browser.text("document.querySelectorAll('tbody tr').length"), "100");
        let email =
            browser.text("[...document.querySelectorAll('th')].some((cell) => cell.textContent === 'email')");
        assert_eq!(email, "true");
        assert_eq!(browser.visible_text(".response pre"), "");
        // The next page is a table too.
        browser.click("Next page");
        browser.wait_for("td[title='user100@example.com']", "user100@example.com");
        browser.click("JSON");
        browser.wait_for(".response pre", "user100@example.com");
        assert_eq!(browser.text("document.querySelector('.response table')"), "null");
        // Other responses have only one view.
        browser.choose("validate_credentials");
        browser.click("Send");
        browser.wait_for(".status", "HTTP 200");
        assert_eq!(browser.text("document.querySelector('[aria-label=View]')"), "null");
        assert_eq!(browser.console_errors(), [""; 0]);
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn headers_sort_and_the_filter_narrows() {
    let server = Server::start();
    let browser = server.page();
    table_of(&browser, ITEMS);
    let headers =
        "[...document.querySelectorAll('th')].map((cell) => cell.textContent + (cell.ariaSort ?? '')).join()";
    assert_eq!(browser.text(headers), "id,name,size,tags,more,value");
    assert_eq!(column(&browser, 1), "9|10|-3|2|");
    assert_eq!(column(&browser, 4), "|[\"x\"]|||");
    assert_eq!(column(&browser, 6), "||||alone");
    browser.click("id");
    assert_eq!(column(&browser, 1), "-3|2|9|10|");
    assert_eq!(browser.text(headers), "idascending,name,size,tags,more,value");
    browser.click("id");
    assert_eq!(column(&browser, 1), "10|9|2|-3|");
    browser.click("id");
    assert_eq!(column(&browser, 1), "9|10|-3|2|");
    // Numbers that are the same as doubles.
    browser.click("size");
    browser.click("size");
    assert_eq!(column(&browser, 3), "12345678901234567891|12345678901234567890|||");
    browser.script("document.querySelector('.response input').focus()");
    browser.type_keys("X\"");
    assert_eq!(column(&browser, 1), "10");
    browser.wait_for(".response span.hint", "1 of 5 items.");
    browser.press(&[ESCAPE]);
    browser.wait_for(".response span.hint", "5 of 5 items.");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn csv_is_quoted_and_has_no_formulas() {
    let server = Server::start();
    let browser = server.page();
    table_of(&browser, ITEMS);
    browser.click("Download CSV");
    browser.wait("window.offered");
    let rows = [
        r#""id","name","size","tags","more","value""#,
        r#""9","'=1+1","12345678901234567890","","","""#,
        "\"10\",\"a \"\"b\"\", c\nd\",\"\",\"[\"\"x\"\"]\",\"\",\"\"",
        r#""-3","'+4 @ -5","12345678901234567891","","","""#,
        r#""2","'@e","","","{""f"":null}","""#,
        r#""","","","","","alone""#,
    ];
    assert_eq!(
        browser.text("window.offered"),
        format!("\u{feff}{}", rows.map(|row| format!("{row}\r\n")).concat())
    );
    table_of(&browser, r#"[{"-a": "-b", "\tc": "\rd", "=e": "f=g"}]"#);
    browser.script("window.offered = null");
    browser.click("Download CSV");
    browser.wait("window.offered");
    assert_eq!(
        browser.text("window.offered"),
        "\u{feff}\"'-a\",\"'\tc\",\"'=e\"\r\n\"'-b\",\"'\rd\",\"f=g\"\r\n"
    );
    let full_width =
        "[{\"a\": \"\u{ff1d}1\", \"b\": \"\u{ff0b}1\", \"c\": \"\u{ff0d}1\", \"d\": \"\u{ff20}x\"}]";
    table_of(&browser, full_width);
    browser.script("window.offered = null");
    browser.click("Download CSV");
    browser.wait("window.offered");
    let cells = "\"'\u{ff1d}1\",\"'\u{ff0b}1\",\"'\u{ff0d}1\",\"'\u{ff20}x\"\r\n";
    assert_eq!(browser.text("window.offered"), format!("\u{feff}\"a\",\"b\",\"c\",\"d\"\r\n{cells}"));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn secrets_are_masked_in_the_table_however_they_are_escaped() {
    let server = Server::start();
    let browser = server.page();
    browser.fill("password", "canary-7Kq2");
    table_of(&browser, r#"[{"a": "x canary-7Kq2 y", "canary-\u0037Kq2": "\u0063anary-7Kq2"}]"#);
    let table = browser.text("document.querySelector('.response table').outerHTML");
    assert!(table.contains("x \u{2022}\u{2022}") && !table.contains("7Kq2"), "{table}");
    browser.click("Download CSV");
    browser.wait("window.offered");
    assert!(!browser.text("window.offered").contains("7Kq2"));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn long_table_is_truncated_but_filtered_and_downloaded_as_a_whole() {
    let server = Server::start();
    let browser = server.page();
    let items: Vec<_> = (0..1500).map(|id| json!({ "id": format!("id{id}") })).collect();
    table_of(&browser, &json!(items).to_string());
    browser.wait_for(
        ".response span.hint",
        "1,500 of 1,500 items. The first 1,000 are shown; the download has all.",
    );
    assert_eq!(browser.text("document.querySelectorAll('tbody tr').length"), "1000");
    browser.script("document.querySelector('.response input').focus()");
    browser.type_keys("id1499");
    assert_eq!(column(&browser, 1), "id1499");
    browser.press(&[ESCAPE]);
    browser.click("Download CSV");
    browser.wait("window.offered");
    assert_eq!(browser.text("window.offered.split('\\r\\n').length"), "1502");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn every_list_of_a_response_is_a_table() {
    let server = Server::start();
    let browser = server.page();
    table_of(&browser, r#"{"items": [{"a": 1}], "edges": [], "nodes": [2, 3]}"#);
    assert_eq!(
        browser.text(
            "[...document.querySelectorAll('.scroll, .response p.hint')].map((one) => one.ariaLabel ?? one.textContent).join()"
        ),
        "Table of items,No edges.,Table of nodes"
    );
    // The response is an object with other fields, so it is not a listing.
    browser.script("window.fetch = async () => new Response('{\"response\": {\"id\": 1, \"items\": [2]}}')");
    browser.click("Send");
    browser.wait_for(".response pre", "\"id\": 1");
    assert_eq!(browser.text("document.querySelector('.response table')"), "null");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn response_that_is_not_json_once_it_is_masked_has_no_table() {
    let server = Server::start();
    let browser = server.page();
    browser.fill("password", "[{\"a");
    table_of(&browser, r#"[{"a": 1}]"#);
    browser.wait_for(".response", "cannot be shown as a table");
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.click("JSON");
    browser.wait_for(".response pre", "1");
}
