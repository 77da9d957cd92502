//! Finds capabilities in the menu.

use serde_json::Value;

use crate::browser::{Browser, ENTER, ESCAPE};
use crate::server::Server;

/// The visible headings of the menu, each followed by its visible capabilities.
fn shown(browser: &Browser) -> Vec<String> {
    let list = browser.text(
        "[...document.querySelectorAll('#capabilities h2, #capabilities [data-name]')] \
         .filter((one) => one.checkVisibility()).map((one) => one.dataset.name ?? `# ${one.textContent}`).join('\\n')",
    );
    list.lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn menu_groups_capabilities_by_the_tags_of_the_document() {
    let server = Server::start_with(&["--wire", "openapi"], None);
    let browser = server.page();
    let document = server.document();
    let mut expected = Vec::new();
    for tag in document["tags"].as_array().expect("tags") {
        expected.push(format!("# {}", tag["name"].as_str().expect("a name")));
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let is_tagged = |operation: &Value| operation["tags"][0] == tag["name"];
            if is_tagged(&methods["post"]) {
                expected.push(path.trim_start_matches('/').to_owned());
            }
        }
    }
    assert!(expected.contains(&"# Access graph".to_owned()), "{expected:?}");
    assert_eq!(shown(&browser), expected);
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn filter_narrows_the_menu_by_name_and_summary() {
    let server = Server::start();
    let browser = server.page();
    let all = shown(&browser);
    assert_eq!(browser.text("document.querySelector('#matches').getAttribute('aria-live')"), "polite");
    browser.script("document.querySelector('#filter').focus()");
    // A word of the summary, in other letters.
    browser.type_keys("SUSPEND");
    browser.wait_for(
        "#matches",
        &format!("2 of {} match", all.iter().filter(|one| !one.starts_with('#')).count()),
    );
    assert_eq!(shown(&browser), ["# Accounts", "activate_account", "deactivate_account"]);
    browser.press(&[ESCAPE]);
    assert_eq!(browser.text("document.querySelector('#filter').value"), "");
    assert_eq!(browser.visible_text("#matches"), "");
    assert_eq!(shown(&browser), all);
    browser.type_keys("no such capability");
    browser.wait_for("#matches", "No matching capabilities.");
    assert_eq!(shown(&browser), [""; 0]);
    browser.press(&[ESCAPE]);
    browser.type_keys("list-ent");
    assert_eq!(shown(&browser), ["# Entitlements", "list_entitlements"]);
    browser.press(&[ENTER]);
    browser.wait_for("#capability code", "/list_entitlements");
    browser.wait("document.activeElement.tagName === 'H2'");
    assert!(!browser.text("location.href + JSON.stringify(sessionStorage)").contains("list-ent"));
}
