//! Several credentials, each with an ID.

use std::process::Command;

use crate::server::Server;

const CANARY: &str = "canary-7Kq2-x";

fn start() -> Server {
    Server::start_program(Command::new(env!("CARGO_BIN_EXE_keyring-connector")), &[], None)
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn the_page_sends_the_chosen_credentials() {
    let server = start();
    let browser = server.page();
    browser.choose("list_accounts");
    let form = browser.visible_text("#connection-form");
    for text in ["API token (api)", "Calls the API. · required", "console", "Signs in to the console."] {
        assert!(form.contains(text), "{form}");
    }
    // Its fields are hidden until it is chosen.
    assert!(!form.contains("password"), "{form}");
    browser.fill("token", CANARY);
    browser.click("Send");
    browser.wait_for(".response", "api-13");
    assert!(!browser.visible_text(".response").contains("ada"));
    browser.script("document.querySelectorAll('.credentials [type=checkbox]')[1].click()");
    browser.fill("username", "ada");
    browser.fill("password", CANARY);
    browser.click("Send");
    browser.wait_for(".response", "ada");
    let everything = browser.everything();
    assert!(everything.contains("CREDENTIALS_API_TOKEN"), "{everything}");
    assert!(
        everything.contains("CREDENTIALS_CONSOLE_PASSWORD") && !everything.contains("7Kq2"),
        "{everything}"
    );
    assert_eq!(browser.console_errors(), [] as [String; 0]);
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn pasted_credentials_move_to_their_fields() {
    let server = start();
    let browser = server.page();
    browser.choose("list_accounts");
    browser.script(
        r##"const area = document.querySelector("#capability textarea");
           area.value = JSON.stringify({
             credentials: [
               { id: "console", basic: { username: "eve", password: "canary-7Kq2-p" } },
               { id: "api", token: { token: "canary-7Kq2-t" } },
             ],
             request: {},
           });
           area.dispatchEvent(new Event("change"));"##,
    );
    assert!(!browser.everything().contains("7Kq2"), "{}", browser.everything());
    browser.click("Send");
    browser.wait_for(".response", "eve");
}
