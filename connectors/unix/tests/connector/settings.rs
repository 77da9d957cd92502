//! Which settings are taken, and what is said of those that are not.

use connector::testing::Caller;
use serde_json::{Value, json};

use crate::image::Image;
use crate::support::requests;

#[test]
fn a_root_that_is_no_directory_is_refused_by_every_capability() {
    let image = Image::new();
    let missing = image.path("nowhere");
    let file = image.path("etc/passwd");
    for (root, expected) in [
        (json!(missing), format!("settings.root: {}: missing", missing.display())),
        (json!(file), format!("settings.root: {}: not a directory", file.display())),
        (json!("etc"), "settings.root: expected an absolute path".to_owned()),
        (json!(""), "settings.root: expected an absolute path".to_owned()),
    ] {
        for (capability, request) in requests() {
            let error = image.error(capability, request, json!({ "settings": { "root": root } }));
            assert_eq!(error, ("bad_request".to_owned(), expected.clone()), "{capability}");
        }
    }
}

#[test]
fn a_misspelled_setting_is_refused_lest_another_machine_be_changed() {
    let caller = Caller::new(unix_connector::integration()).with(json!({ "settings": { "roots": "/tmp" } }));
    let error = caller.error("validate-credentials", json!({}));
    assert_eq!(error.code, "bad_request");
    let message = error.message;
    assert!(message.starts_with("settings: unknown field") && !message.contains("/tmp"), "{message}");
}

#[test]
fn settings_that_are_left_out_mean_the_running_machine() {
    for settings in [Value::Null, json!({}), json!({ "root": null, "hide_system_accounts": null })] {
        let caller = Caller::new(unix_connector::integration()).with(json!({ "settings": settings }));
        let answer = caller.ask("validate-credentials", json!({}));
        assert_eq!(answer["response"], json!({ "valid": true }));
    }
}

#[test]
fn a_root_is_valid_if_its_passwd_can_be_read() {
    let image = Image::new();
    assert_eq!(image.answer("validate-credentials", json!({}), json!({})), json!({ "valid": true }));
    image.set("etc/passwd", "");
    assert_eq!(image.answer("validate-credentials", json!({}), json!({})), json!({ "valid": true }));
    image.make_unreadable("etc/passwd");
    let (code, message) = image.error("validate-credentials", json!({}), json!({}));
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("bad_request", "settings.root: etc/passwd: not a regular file")
    );
}

#[test]
fn system_accounts_can_be_hidden_from_every_listing() {
    let image = Image::new();
    let hide = json!({ "settings": { "hide_system_accounts": true } });
    let accounts = image.answer("list-accounts", json!({}), hide.clone())["accounts"].clone();
    assert_eq!(crate::support::ids(accounts.as_array().unwrap()), ["alice", "bob", "carol"]);
    let associations = image.answer("find-entitlement-associations", json!({}), hide)["associations"].clone();
    let lines: Vec<String> = associations.as_array().unwrap().iter().map(crate::support::line).collect();
    assert!(lines.len() > 5 && lines.iter().all(|line| !line.starts_with("root ")), "{lines:?}");
}
