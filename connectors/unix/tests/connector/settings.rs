//! Which settings are accepted, and the errors of those that aren't.

use std::collections::HashSet;
use std::os::unix::fs::symlink;

use connector::capability::Effect;
use connector::testing::TestClient;
use serde_json::{Value, json};
use unix_connector::WritableRoots;

use crate::image::Image;
use crate::support::requests;

#[test]
fn every_capability_rejects_a_root_that_is_not_a_directory() {
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
fn unknown_settings_are_rejected() {
    let caller =
        TestClient::new(unix_connector::integration()).with(json!({ "settings": { "roots": "/tmp" } }));
    let error = caller.error("validate-credentials", json!({}));
    assert_eq!(error.code, "bad_request");
    let message = error.message;
    assert!(message.starts_with("settings: unknown field") && !message.contains("/tmp"), "{message}");
}

#[test]
fn settings_default_to_the_running_machine() {
    for settings in [Value::Null, json!({}), json!({ "root": null, "hide_system_accounts": null })] {
        let caller = TestClient::new(unix_connector::integration()).with(json!({ "settings": settings }));
        let response = caller.ask("validate-credentials", json!({}));
        assert_eq!(response["response"], json!({ "valid": true }));
    }
}

#[test]
fn a_root_is_valid_if_its_passwd_can_be_read() {
    let image = Image::new();
    assert_eq!(image.response("validate-credentials", json!({}), json!({})), json!({ "valid": true }));
    image.set("etc/passwd", "");
    assert_eq!(image.response("validate-credentials", json!({}), json!({})), json!({ "valid": true }));
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
    let accounts = image.response("list-accounts", json!({}), hide.clone())["accounts"].clone();
    assert_eq!(crate::support::ids(accounts.as_array().unwrap()), ["alice", "bob", "carol"]);
    let associations =
        image.response("find-entitlement-associations", json!({}), hide)["associations"].clone();
    let lines: Vec<String> = associations.as_array().unwrap().iter().map(crate::support::line).collect();
    assert!(lines.len() > 5 && lines.iter().all(|line| !line.starts_with("root ")), "{lines:?}");
}

/// The capabilities that change something.
fn writes() -> Vec<(&'static str, Value)> {
    let names: HashSet<_> = unix_connector::integration()
        .capabilities()
        .filter(|known| known.effect != Effect::Read)
        .map(|known| known.name.replace('-', "_"))
        .collect();
    let writes: Vec<_> =
        requests().into_iter().filter(|(name, _)| names.contains(&name.replace('-', "_"))).collect();
    assert_eq!(writes.len(), 6);
    writes
}

#[test]
fn images_are_changed_only_with_permission() {
    let (image, other) = (Image::new(), Image::new());
    let path = image.path("").canonicalize().unwrap();
    let expected = format!(
        "settings.root: changing {} is not allowed; to allow it, add it to UNIX_CONNECTOR_WRITABLE_ROOTS in the \
         connector's environment",
        path.display()
    );
    for roots in [WritableRoots::default(), WritableRoots::new([other.path("")])] {
        let caller = image.caller_of(unix_connector::integration_with(&roots));
        for (capability, request) in requests() {
            if writes().iter().any(|(name, _)| *name == capability) {
                let error = caller.error(capability, request);
                let error = (error.code.as_str(), error.message);
                assert_eq!(error, ("permission_denied", expected.clone()), "{capability}");
            } else {
                assert!(!caller.answer(capability, request).is_null(), "{capability}");
            }
        }
    }
}

#[test]
fn a_link_to_an_image_does_not_extend_the_permission() {
    let (image, other) = (Image::new(), Image::new());
    symlink(other.path(""), image.path("link")).unwrap();
    let delete = |root| image.error("delete_account", json!({ "account_id": "ghost" }), root);
    for root in [image.path("link"), image.path("etc"), image.path("link/..")] {
        let (code, message) = delete(json!({ "settings": { "root": root } }));
        assert_eq!(code, "permission_denied", "{message}");
    }
    symlink(image.path(""), other.path("back")).unwrap();
    for root in [image.path("etc/.."), other.path("back")] {
        assert_eq!(delete(json!({ "settings": { "root": root } })).0, "not_found");
    }
}
