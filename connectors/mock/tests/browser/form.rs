//! The form of the settings shows fields as they are marked.

use std::sync::mpsc;
use std::time::Duration;

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::FoundAccountData;
use connector::schema::Field;
use connector::server::Server;
use connector::{Integration, NoAuth, Response, Result, Secret, Wire};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;

#[derive(Deserialize, JsonSchema)]
struct Settings {
    #[schemars(title = "Host", transform = Field::new().group("Connection"))]
    host: Option<String>,
    #[schemars(transform = Field::new().multiline())]
    notes: Option<String>,
    #[schemars(transform = Field::new().group("Connection"))]
    mode: Option<Mode>,
    #[schemars(transform = Field::new().group("Role").shown_if("mode", "role"))]
    role: Option<String>,
    #[schemars(transform = Field::new().multiline().shown_if_any("mode", ["key"]))]
    private_key: Option<Secret>,
    #[serde(default = "source")]
    #[schemars(transform = Field::new().hidden())]
    source: String,
    #[serde(default)]
    #[schemars(transform = Field::new().enum_mapping(["a", "b"]))]
    mapping: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[schemars(title = "API key")]
    Key,
    #[schemars(title = "Assumed role")]
    Role,
}

fn source() -> String {
    "default source".to_owned()
}

/// Returns the settings that it receives as accounts.
async fn list(
    request: connector::Request<ListAccountsRequest, Settings, NoAuth>,
) -> Result<Response<ListAccountsResponse>> {
    let Settings { host, notes, mode, role, private_key, source, mapping } = request.settings;
    let mode = mode.map(|mode| match mode {
        Mode::Key => "is key".to_owned(),
        Mode::Role => "is role".to_owned(),
    });
    let key = private_key.map(|key| format!("{} letters", key.expose().len()));
    let found = [host, notes, mode, role, key, Some(source), mapping];
    Ok(ListAccountsResponse::new(found.into_iter().flatten().map(FoundAccountData::new).collect::<Vec<_>>())
        .into())
}

/// Opens the page of a connector with these settings. The server runs until the test ends.
fn page(wire: Wire) -> Browser {
    let (sender, address) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            sender.send(listener.local_addr().expect("an address")).expect("the test listens");
            let builder = Integration::builder("form").wire(wire).settings::<Settings>();
            let integration = builder.register(ListAccounts, list).build();
            Server::new(integration).serve(listener, std::future::pending()).await.expect("it serves");
        });
    });
    let address = address.recv_timeout(Duration::from_secs(10)).expect("the server starts");
    let browser = Browser::open(&format!("http://{address}/docs"));
    browser.wait("document.querySelector('#capability h2')");
    browser
}

/// The visible labels and headings of the form, in order. A heading is followed by a colon.
fn shown(browser: &Browser) -> String {
    browser.text(
        "[...document.querySelectorAll('#connection-form :is(legend, label)')].filter((one) => one.checkVisibility())\
         .map((one) => one.textContent + (one.matches('legend') ? ':' : '')).join(' ')",
    )
}

fn choose(browser: &Browser, option: &str) {
    browser.script(&format!(
        "const select = document.querySelector('#connection-form select'); \
         select.value = [...select.options].find(({{ text }}) => text === {}).value; \
         select.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
        json!(option)
    ));
}

fn call(browser: &Browser) -> String {
    browser.click("Send");
    browser.wait_for(".status", "HTTP 200");
    browser.visible_text(".response pre")
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn fields_are_grouped_and_shown_as_they_are_marked() {
    for wire in [Wire::OpenApi, Wire::Classic] {
        let browser = page(wire);
        browser.choose("list_accounts");
        assert_eq!(shown(&browser), "Settings: notes Connection: Host mode");
        let options =
            "[...document.querySelector('#connection-form select').options].map(({ text }) => text)";
        assert_eq!(browser.text(&format!("{options}.join()")), "not set,API key,Assumed role");
        assert_eq!(browser.console_errors(), [""; 0]);

        browser.fill("notes", "two\nlines");
        let response = call(&browser);
        assert!(response.contains(r#""two\nlines""#), "{response}");
        assert!(response.contains("default source"), "{response}");
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn fields_with_a_condition_are_shown_and_sent_if_it_is_met() {
    let browser = page(Wire::OpenApi);
    browser.choose("list_accounts");
    choose(&browser, "Assumed role");
    assert_eq!(shown(&browser), "Settings: notes Connection: Host mode Role: role");
    browser.fill("role", "the role");
    let response = call(&browser);
    assert!(response.contains("the role") && response.contains("is role"), "{response}");

    choose(&browser, "API key");
    assert_eq!(shown(&browser), "Settings: notes private_key Connection: Host mode");
    browser.fill("private_key", "canary-7Kq2\nline");
    let masked = "getComputedStyle(document.querySelector('#connection-form textarea.masked'))";
    assert_eq!(browser.text(&format!("{masked}.webkitTextSecurity")), "disc");
    let response = call(&browser);
    assert!(response.contains("16 letters") && !response.contains("the role"), "{response}");
    let commands = browser.visible_text(".commands");
    assert!(commands.contains("SETTINGS_PRIVATE_KEY") && !commands.contains("7Kq2"), "{commands}");
}
