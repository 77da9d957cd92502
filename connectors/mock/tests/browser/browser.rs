//! Chromium, driven through chromedriver over the WebDriver protocol (<https://www.w3.org/TR/webdriver2/>).
//!
//! Only about a dozen commands are needed. They are sent directly, because a client crate would contain more code than
//! the page.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the page may take to reach the state that a test waits for.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const ESCAPE: char = '\u{e00c}';
pub(crate) const TAB: char = '\u{e004}';
pub(crate) const CONTROL: char = '\u{e009}';

/// A browser with one page and a new profile.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Opens the page at this address.
    pub(crate) fn open(url: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver runs: it is in the package chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| {
                Some(line.split("successfully on port ").nth(1)?.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver prints its port");
        std::thread::spawn(move || lines.for_each(drop));
        let profile_argument = format!("--user-data-dir={}", profile.path().display());
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--window-size=1280,900",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", profile_argument,
            ] },
        } } });
        let root = format!("http://127.0.0.1:{port}/session");
        let response = command("POST", &root, &capabilities);
        let session = format!("{root}/{}", response["sessionId"].as_str().expect("a session"));
        let browser = Self { driver, session, _profile: profile };
        browser.go(url);
        browser
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        command("POST", &format!("{}{path}", self.session), body)
    }

    pub(crate) fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub(crate) fn script(&self, body: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// The value of an expression in the page, as text.
    pub(crate) fn text(&self, expression: &str) -> String {
        match self.script(&format!("return {expression}")) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// The visible text of the first element that matches a selector.
    pub(crate) fn visible_text(&self, selector: &str) -> String {
        self.text(&format!("document.querySelector({selector:?})?.innerText ?? ''"))
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn wait(&self, expression: &str) {
        let start = Instant::now();
        while self.script(&format!("return Boolean({expression})")) != true {
            let page = || self.visible_text("body");
            assert!(start.elapsed() < TIMEOUT, "timed out: {expression}\n{}", page());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until an element contains this text.
    #[track_caller]
    pub(crate) fn wait_for(&self, selector: &str, text: &str) {
        self.wait(&format!("document.querySelector({selector:?})?.innerText.includes({text:?})"));
    }

    fn element(&self, xpath: &str) -> String {
        let found = self.post("/element", &json!({ "using": "xpath", "value": xpath }));
        let id = found.as_object().and_then(|found| found.values().next()?.as_str());
        id.map(|id| format!("/element/{id}")).expect("an element")
    }

    fn click_on(&self, xpath: &str) {
        self.post(&format!("{}/click", self.element(xpath)), &json!({}));
    }

    /// Clicks the button with this label.
    pub(crate) fn click(&self, label: &str) {
        self.click_on(&format!("//button[normalize-space()='{label}']"));
    }

    /// Opens a capability by its link.
    pub(crate) fn choose(&self, capability: &str) {
        self.click_on(&format!("//li[@data-name='{capability}']/a"));
        self.wait_for("#capability code", &format!("/{capability}"));
    }

    /// Replaces the text in the field with this label.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        let field = self.element(&format!("//*[@id = //label[normalize-space()='{label}']/@for]"));
        self.post(&format!("{field}/clear"), &json!({}));
        self.post(&format!("{field}/value"), &json!({ "text": text }));
    }

    /// Presses keys together: all of them go down before the first is released.
    pub(crate) fn press(&self, keys: &[char]) {
        let key = |kind: &str, key: &char| json!({ "type": kind, "value": key });
        let down = keys.iter().map(|one| key("keyDown", one));
        let actions: Vec<Value> = down.chain(keys.iter().rev().map(|one| key("keyUp", one))).collect();
        self.post(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }),
        );
    }

    pub(crate) fn type_keys(&self, text: &str) {
        text.chars().for_each(|character| self.press(&[character]));
    }

    /// Presses Tab until an element that matches the selector has the focus. Every focused element must have a visible
    /// outline.
    pub(crate) fn tab_to(&self, selector: &str) {
        for _ in 0..80 {
            self.press(&[TAB]);
            let at = "document.activeElement";
            assert_eq!(
                self.text(&format!("getComputedStyle({at}).outlineStyle")),
                "solid",
                "{}",
                self.text(&format!("{at}.outerHTML"))
            );
            if self.script(&format!("return {at}.matches({selector:?})")) == true {
                return;
            }
        }
        panic!("Tab does not lead to {selector}");
    }

    /// Sends a command of the DevTools protocol (<https://chromedevtools.github.io/devtools-protocol/>).
    pub(crate) fn devtools(&self, name: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    /// Console messages that are errors or mention the content security policy.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().expect("a log").iter();
        entries
            .filter(|entry| {
                entry["level"] == "SEVERE" || entry.to_string().contains("Content Security Policy")
            })
            .map(Value::to_string)
            .collect()
    }

    /// Everything where the page could store or show something, except the values of password fields.
    pub(crate) fn everything(&self) -> String {
        self.text(
            "document.documentElement.outerHTML + JSON.stringify([location.href, document.cookie, sessionStorage, \
             localStorage, history.state, [...document.querySelectorAll('input:not([type=password]), textarea, select')]\
             .map((field) => field.value), performance.getEntries().map(({ name }) => name)])",
        )
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Deleting the session closes the browser. The driver is killed even if that fails.
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Sends a WebDriver command. An error fails the test.
#[track_caller]
fn command(method: &str, url: &str, body: &Value) -> Value {
    let request =
        ureq::http::Request::builder().method(method).uri(url).header("content-type", "application/json");
    let request = request.body(body.to_string()).expect("a request");
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut response = agent.run(request).expect("chromedriver responds");
    let text = response.body_mut().with_config().limit(64 << 20).read_to_string().expect("a response");
    let response_body: Value = serde_json::from_str(&text).expect("JSON");
    assert!(response.status().is_success(), "{body} at {url}: {response_body}");
    response_body["value"].clone()
}
