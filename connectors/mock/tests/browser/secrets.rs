//! A secret is in its field, and nowhere else.

use crate::server::Server;

const CANARY: &str = "canary-7Kq2-\u{fc}\"\\zz";

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn a_password_is_in_nothing_but_its_field() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    browser.fill("username", "ada");
    browser.fill("password", CANARY);
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200");
    browser.click("Next page");
    browser.wait_for(".page-label", "Page 2");
    browser.choose("create_account");
    let everything = browser.everything();
    assert!(everything.contains("AUTH_PASSWORD") && !everything.contains("7Kq2"), "{everything}");
    assert!(browser.seen("pre").contains("\"username\": \"ada\""));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn an_answer_that_repeats_a_secret_is_masked_however_it_is_spelled() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    browser.fill("password", CANARY);
    browser.script(
        r#"window.fetch = async (url, { body }) => {
             const secret = JSON.parse(body).auth.password;
             const escaped = JSON.stringify(secret).replace("ü", "\\u00fc");
             return new Response(`{"error": {"message": ${JSON.stringify(`no: ${secret}!`)}, "error_code": "${encodeURIComponent(secret)}"},
               "raw_data": {"a": ${JSON.stringify(secret)}, "b": ${escaped}, "c": "?q=${encodeURIComponent(secret)}"}}`);
           }"#,
    );
    browser.click("Send");
    browser.wait_for(".detail", "no: \u{2022}");
    let everything = browser.everything();
    assert!(!everything.contains("7Kq2"), "{everything}");
    assert!(
        browser.seen(".answer pre").contains("\"a\": \"\u{2022}\u{2022}"),
        "{}",
        browser.seen(".answer pre")
    );
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn secrets_that_are_pasted_into_the_request_move_to_their_fields() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("refresh_access_token");
    browser.script(
        r##"const area = document.querySelector("#capability textarea");
           area.value = JSON.stringify({
             auth: { model: "basic", username: "eve", password: "canary-7Kq2-auth" }, settings: { accounts: 7 },
             request: { client_id: "c", client_secret: "canary-7Kq2-client", refresh_token: "<refresh_token>" } });
           area.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }))"##,
    );
    let everything = browser.everything();
    assert!(!everything.contains("7Kq2"), "{everything}");
    let fields =
        browser.text("[...document.querySelectorAll('main input')].map(({ value }) => value).join()");
    assert_eq!(fields, "eve,canary-7Kq2-auth,7,,,canary-7Kq2-client,");
    browser.click("Send");
    browser.click("Send refresh_access_token");
    browser.wait_for(".status", "HTTP 200");
    assert!(
        browser.seen(".answer pre").contains("\"access_token\": \"\u{2022}\u{2022}"),
        "{}",
        browser.seen(".answer pre")
    );
}
