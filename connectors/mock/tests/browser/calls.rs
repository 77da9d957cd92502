//! Browses the capabilities and calls them.

use crate::server::Server;

pub(crate) const EFFECTS: [(&str, &str); 3] =
    [("read", "Read"), ("idempotent_write", "Idempotent write"), ("unsafe_write", "Unsafe write")];

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn menu_lists_capabilities_with_their_effects() {
    let server = Server::start();
    let browser = server.page();
    let document = server.document();
    let mut expected = vec!["info, Read".to_owned()];
    for (path, methods) in document["paths"].as_object().expect("paths") {
        if let Some(effect) = methods["post"]["x-effect"].as_str() {
            let words = EFFECTS.iter().find(|(name, _)| *name == effect).map(|(_, words)| *words);
            expected.push(format!("{}, {}", path.trim_start_matches('/'), words.expect("a known effect")));
        }
    }
    let list = browser.text("[...document.querySelectorAll('#capabilities li[data-name]')].map((entry) => entry.textContent).join('\\n')");
    let mut listed: Vec<&str> = list.split('\n').collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(expected.len(), 17);
    assert_eq!(listed, expected);
    let head = browser.visible_text("header");
    for fact in ["Mock Connector", env!("CARGO_PKG_VERSION"), "classic", "fictional tenant"] {
        assert!(head.contains(fact), "{fact} is not in {head}");
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn connection_is_sent_with_every_call_and_pages_can_be_turned() {
    for wire in ["classic", "openapi"] {
        let server = Server::start_with(&["--wire", wire], None);
        let browser = server.page();
        browser.choose("list_accounts");
        browser.fill("username", "ada");
        browser.fill("password", "correct horse");
        browser.fill("accounts", "250");
        browser.click("Send");
        browser.wait_for(".status", "HTTP 200 OK");
        let status = browser.visible_text(".status");
        assert!(
            status.contains("Success") && status.contains(" ms") && status.contains(" bytes"),
            "{status}"
        );
        assert!(browser.visible_text("pre").contains("\"email\": \"user0@example.com\""));
        for (button, page, first) in [
            ("Next page", "Page 2", "user100@"),
            ("Next page", "Page 3 (last)", "user200@"),
            ("Next page", "Page 3 (last)", "user200@"),
            ("Previous page", "Page 2", "user100@"),
            ("First page", "Page 1", "user0@"),
        ] {
            browser.click(button);
            browser.wait_for("pre", first);
            assert_eq!(browser.visible_text(".page-label"), page, "{button}");
        }
        // Another capability with the same connection. A reload keeps the settings, but not the credentials.
        browser.choose("find_entitlement_associations");
        browser.click("Send");
        browser.wait_for(".status", "100 ");
        browser.script("location.reload()");
        browser.wait("document.querySelector('#capability h2')");
        assert_eq!(
            browser.text("document.querySelector('#connection-form input[type=number]').value"),
            "250"
        );
        browser.wait_for("#connection-state", "missing: username, password");
        browser.choose("info");
        browser.click("Send");
        browser.wait_for("pre", "\"app_id\": \"mock-connector\"");
        let external_requests = browser.text(&format!(
            "performance.getEntriesByType('resource').filter(({{ name }}) => !name.startsWith({:?})).length",
            server.address
        ));
        assert_eq!(external_requests, "0");
        assert_eq!(browser.console_errors(), [""; 0]);
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn connector_request_and_network_errors_are_distinguished() {
    let mut server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    browser.click("Send");
    browser.wait_for(".status", "Invalid request: mock-connector.bad_request");
    assert!(browser.visible_text(".detail").contains("auth.username"), "{}", browser.visible_text(".detail"));
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.fill("fail_with_status", "503");
    browser.click("Send");
    browser.wait_for(".status", "Connector error: mock-connector.api_error");
    assert!(browser.visible_text(".status").contains("HTTP 200"));
    browser.fill("fail_with_status", "12");
    browser.click("Send");
    browser.wait_for(".status", "Not sent");
    assert!(browser.visible_text(".detail").contains("settings.fail_with_status"));
    browser.fill("fail_with_status", "404");
    let text = r#"{"request": {},\n "page": {"size": 3,}}"#;
    browser.script(&format!(
        "const area = document.querySelector('#capability textarea'); area.value = '{text}'; \
         area.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ));
    browser.wait_for("#capability [id$=-problem]", "Line 2, column 21: expected a name in double quotes.");
    browser.click("Reset");
    server.stop();
    browser.click("Send");
    browser.wait_for(".status", "No response");
    assert!(browser.visible_text(".detail").contains("The server did not respond"));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn huge_response_is_truncated_and_can_be_downloaded() {
    let server = Server::start();
    let browser = server.page();
    browser.choose("list_accounts");
    browser.script(
        "const account = JSON.stringify({ id: 'x'.repeat(80) }); \
         const list = Array(120000).fill(account).join(','); \
         const text = `{\"response\":{\"accounts\":[12345678901234567890,${list}]},\"page\":{\"token\":\"t\"}}`; \
         window.fetch = async () => new Response(text); \
         URL.createObjectURL = (blob) => { window.offered = blob.size; return 'data:,'; }",
    );
    browser.click("Send");
    browser.wait_for(".status", "120001 accounts");
    assert!(browser.visible_text(".response").contains("Only the first 200,000 characters are shown"));
    assert!(browser.visible_text("pre").contains("12345678901234567890,\n"));
    let shown: usize =
        browser.text("document.querySelector('.response pre').textContent.length").parse().unwrap();
    assert!(shown < 400_000, "{shown}");
    browser.click("Download");
    let offered: usize = browser.text("window.offered").parse().unwrap();
    assert!(offered > 10_000_000, "{offered}");
    browser.click("Next page");
    assert!(
        browser.text("document.querySelector('#capability textarea').value").contains("\"token\": \"t\"")
    );
}
