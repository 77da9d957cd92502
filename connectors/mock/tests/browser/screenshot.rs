//! The README's screenshot of the page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::json;

use crate::browser::Browser;
use crate::server::Server;

/// The part of the page in the picture, in CSS pixels: just wide enough for a request and its response side by side.
const VIEWPORT: (u32, u32) = (1280, 800);

/// The picture's pixels per CSS pixel: the README is shown in a narrow column.
const SCALE: f64 = 0.75;

/// The picture's width and height.
const SIZE: (u32, u32) = (960, 600);

/// More bytes than this would slow down the README.
const MOST_BYTES: usize = 60_000;

/// Pixels differ between fonts and versions of Chromium, so only the size is compared with the stored picture.
#[test]
#[ignore = "needs Chromium: cargo xtask test --system"]
fn the_readme_shows_the_page_with_a_listing() {
    let server = Server::start();
    let browser = server.page();
    set_viewport(&browser);
    browser.choose("list_accounts");
    browser.fill("username", "ada");
    browser.fill("password", "correct horse");
    browser.click("Send");
    browser.wait_for(".status", "100 accounts");
    // With the connection folded, the response is in the picture.
    browser.script(
        "document.querySelector('#connection-form').closest('details').open = false; \
         document.activeElement.blur(); scrollTo(0, 0)",
    );
    browser.wait("document.querySelector('.response pre').getBoundingClientRect().top < 450");

    let taken = screenshot(&browser);
    assert_eq!(png_size(&taken), SIZE);
    let taken_at = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs-page.png");
    fs::write(&taken_at, taken).expect("the screenshot is written");

    let stored_at = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/docs-page.png");
    if env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        reduce_colors(&taken_at, &stored_at);
    }
    let stored = fs::read(&stored_at).expect("a screenshot: UPDATE_SNAPSHOTS=1 stores it");
    assert_eq!(png_size(&stored), SIZE);
    assert!(stored.len() <= MOST_BYTES, "{} bytes", stored.len());
}

fn set_viewport(browser: &Browser) {
    let (width, height) = VIEWPORT;
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
    );
    browser.devtools("Emulation.setScrollbarsHidden", &json!({ "hidden": true }));
}

fn screenshot(browser: &Browser) -> Vec<u8> {
    let (width, height) = VIEWPORT;
    let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": SCALE });
    let picture = browser.devtools("Page.captureScreenshot", &json!({ "format": "png", "clip": clip }));
    BASE64_STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("Base64")
}

/// The width and height of a PNG, from its first chunk (<https://www.w3.org/TR/png-3/#11IHDR>).
fn png_size(png: &[u8]) -> (u32, u32) {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("a PNG");
    let number = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().expect("4 bytes"));
    (number(0), number(4))
}

/// Stores a picture with 64 colors, which look the same and take a third of the bytes.
fn reduce_colors(from: &Path, to: &Path) {
    let status = Command::new("pngquant")
        .args(["--force", "--strip", "--output"])
        .arg(to)
        .arg("64")
        .arg(from)
        .status();
    assert!(status.expect("pngquant runs: it is in the package pngquant").success());
}
