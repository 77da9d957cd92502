//! The page works with the keyboard and on a phone, and has enough contrast.

use serde_json::json;

use crate::browser::{Browser, CONTROL, ENTER};
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn call_works_with_the_keyboard_alone() {
    let server = Server::start();
    let browser = server.page();
    browser.tab_to("li[data-name=list_accounts] a");
    browser.press(&[ENTER]);
    browser.wait("document.activeElement.tagName === 'H2'");
    assert_eq!(browser.text("document.activeElement.textContent"), "List Accounts");
    browser.tab_to("textarea");
    browser.press(&[CONTROL, ENTER]);
    browser.wait_for(".status", "Invalid request");
    browser
        .script("scrollTo(0, 0); document.activeElement.blur(); document.querySelector('#filter').focus()");
    browser.tab_to("#connection-form input[type=text]");
    browser.type_keys("ada");
    browser.tab_to("input[type=password]");
    browser.type_keys("correct horse");
    browser.tab_to("textarea");
    browser.tab_to("button.primary");
    browser.press(&[ENTER]);
    browser.wait_for(".status", "HTTP 200 OK");
    browser.tab_to(".pages button:last-child");
    browser.press(&[ENTER]);
    browser.wait_for(".page-label", "Page 2");
    assert_eq!(browser.text("document.activeElement.textContent"), "Next page");
    browser.tab_to("[aria-label=View] button:last-child");
    browser.press(&[ENTER]);
    browser.tab_to("th:nth-child(2) button");
    browser.press(&[ENTER]);
    assert_eq!(browser.text("document.activeElement.closest('th').ariaSort"), "ascending");
    assert_eq!(browser.text("document.querySelector('.status').getAttribute('role')"), "status");
    // The only console error is the response to the first call, which was invalid.
    let console_errors = browser.console_errors();
    assert!(console_errors.len() == 1 && console_errors[0].contains("a status of 422"), "{console_errors:?}");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn phone_does_not_scroll_sideways() {
    let server = Server::start();
    let browser = server.page();
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true }),
    );
    for capability in ["find_entitlement_associations", "list_accounts", "refresh_access_token"] {
        browser.go(&format!("{}/docs#/{capability}", server.address));
        browser.wait_for("#capability code", capability);
        if capability != "refresh_access_token" {
            browser.click("Send");
            browser.wait_for(".status", "HTTP 200");
        }
        browser.script("document.querySelector('#menu').open = true");
        let widths = || browser.text("[innerWidth, document.documentElement.scrollWidth].join()");
        assert_eq!(widths(), "360,360", "{capability}");
        if capability != "refresh_access_token" {
            browser.click("Table");
            assert_eq!(widths(), "360,360", "{capability} as a table");
        }
    }
}

/// Lists every element whose own text has less contrast with its background than WCAG 2.2 AA requires.
const LOW_CONTRAST: &str = r#"
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const channels = (color) => {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = (color) => {
      const [r, g, b] = [...channels(color)].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const color = getComputedStyle(one).backgroundColor;
        if (channels(color)[3] > 0) return color;
      }
      return "white";
    };
    const found = [];
    let count = 0;
    for (const element of document.body.querySelectorAll("*")) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.value;
      if (!hasText || !element.checkVisibility()) continue;
      const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
      count += 1;
      if ((one + 0.05) / (other + 0.05) < 4.5) found.push(element.outerHTML.slice(0, 120));
    }
    return count < 60 ? ["the page has too little text"] : found;
"#;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn text_has_enough_contrast_in_light_and_dark_mode() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    for scheme in ["light", "dark"] {
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": feature }));
        let assert_clear =
            |browser: &Browser| assert_eq!(browser.script(LOW_CONTRAST), json!([]), "{scheme}");
        browser.fill("fail_with_status", "12");
        browser.click("Send");
        browser.wait_for(".status", "Not sent");
        assert_clear(&browser);
        browser.fill("fail_with_status", "");
        browser.fill("username", "ada");
        browser.fill("password", "correct horse");
        browser.fill("accounts", "250");
        browser.click("Send");
        browser.wait_for(".status", "HTTP 200");
        for view in ["JSON", "Table"] {
            browser.click(view);
            assert_clear(&browser);
        }
    }
}
