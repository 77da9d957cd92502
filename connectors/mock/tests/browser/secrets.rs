//! Secrets are in their fields, and nowhere else.

use crate::server::Server;

const CANARY: &str = "canary-7Kq2-\u{fc}\"\\zz";

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn password_is_only_in_its_field() {
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
    assert!(browser.visible_text("pre").contains("\"username\": \"ada\""));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn secrets_in_a_response_are_masked_in_every_encoding() {
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
        browser.visible_text(".response pre").contains("\"a\": \"\u{2022}\u{2022}"),
        "{}",
        browser.visible_text(".response pre")
    );
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn pasted_secrets_move_to_their_fields() {
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
        browser.visible_text(".response pre").contains("\"access_token\": \"\u{2022}\u{2022}"),
        "{}",
        browser.visible_text(".response pre")
    );
}
