//! The keyboard is enough, a phone is wide enough, and the colours can be told apart.

use serde_json::json;

use crate::browser::{Browser, CONTROL, ENTER};
use crate::server::Server;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn a_call_can_be_made_with_the_keyboard_alone() {
    let server = Server::start();
    let browser = server.page();
    browser.tab_to("li[data-name=list_accounts] a");
    browser.press(&[ENTER]);
    browser.wait("document.activeElement.tagName === 'H2'");
    assert_eq!(browser.text("document.activeElement.textContent"), "List Accounts");
    browser.tab_to("textarea");
    browser.press(&[CONTROL, ENTER]);
    browser.wait_for(".status", "The request is not valid");
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
    assert_eq!(browser.text("document.querySelector('.status').getAttribute('role')"), "status");
    // The answer to the first call, which was not valid, is the only thing that the browser minds.
    let complaints = browser.complaints();
    assert!(complaints.len() == 1 && complaints[0].contains("a status of 422"), "{complaints:?}");
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn a_phone_needs_no_scrolling_sideways() {
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
        assert_eq!(
            browser.text("[innerWidth, document.documentElement.scrollWidth].join()"),
            "360,360",
            "{capability}"
        );
    }
}

/// Every element that shows text of its own with less contrast to what is behind it than WCAG 2.2 AA asks for.
const FAINT: &str = r#"
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const channels = (colour) => {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = (colour) => {
      const [r, g, b] = [...channels(colour)].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if (channels(colour)[3] > 0) return colour;
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
    return count < 60 ? ["there is nothing to look at"] : found;
"#;

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn text_has_enough_contrast_in_the_light_and_in_the_dark() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    for scheme in ["light", "dark"] {
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": feature }));
        let assert_clear = |browser: &Browser| assert_eq!(browser.script(FAINT), json!([]), "{scheme}");
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
        assert_clear(&browser);
    }
}
