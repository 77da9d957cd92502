//! Accounts, groups and sudo rules that aren't in the files.

use serde_json::{Value, json};

use crate::image::Image;

/// What is missing from a listing.
fn missing_from(image: &Image, capability: &str, request: Value) -> Value {
    image.call(capability, request, json!({}))["partial"]["reason"].clone()
}

fn accounts(image: &Image) -> Value {
    missing_from(image, "list-accounts", json!({}))
}

fn groups(image: &Image) -> Value {
    missing_from(image, "list-resources", json!({ "resource_type": "group" }))
}

#[test]
fn listings_name_services_that_are_not_listed() {
    let image = Image::new();
    image.set(
        "etc/nsswitch.conf",
        "# passwd: nis\npasswd: files ldap [NOTFOUND=return] sss # nis\ngroup:\tfiles\n",
    );
    let reason = "etc/nsswitch.conf: accounts of ldap and sss are not listed";
    assert_eq!(accounts(&image), reason);
    assert_eq!(groups(&image), Value::Null);
    assert_eq!(missing_from(&image, "find-entitlement-associations", json!({})), reason);
    assert_eq!(missing_from(&image, "get-last-activity", json!({ "account_ids": ["alice"] })), reason);

    image.set("etc/nsswitch.conf", "passwd:files\n  group: files [SUCCESS=merge] winbind\n");
    assert_eq!(accounts(&image), Value::Null);
    let reason = "etc/nsswitch.conf: groups of winbind are not listed";
    assert_eq!(groups(&image), reason);
    assert_eq!(missing_from(&image, "find-entitlement-associations", json!({})), reason);
}

#[test]
fn sudo_rules_of_a_directory_service_are_not_listed() {
    let image = Image::new();
    let associations = || missing_from(&image, "find-entitlement-associations", json!({}));
    image.set("etc/nsswitch.conf", "sudoers: files sss\n");
    assert_eq!(associations(), "etc/nsswitch.conf: sudo rules of sss are not listed");
    assert_eq!([accounts(&image), groups(&image)], [Value::Null, Value::Null]);
    image.set("etc/nsswitch.conf", "Sudoers: [NOTFOUND=return] ldap\n");
    assert_eq!(
        associations(),
        "etc/nsswitch.conf: sudo rules of ldap are not listed, and sudo may ignore etc/sudoers"
    );
    image.set("etc/nsswitch.conf", "sudoers: files\n");
    assert_eq!(associations(), Value::Null);
}

#[test]
fn default_configurations_have_no_gaps() {
    let image = Image::new();
    for text in [
        "passwd: files systemd\ngroup: files systemd\nshadow: files systemd\n",
        "passwd: files\ngroup: files\n",
        "passwd: compat systemd\ngroup: compat [SUCCESS=merge] systemd\n",
        "hosts: files dns\n",
        "",
    ] {
        image.set("etc/nsswitch.conf", text);
        assert_eq!([accounts(&image), groups(&image)], [Value::Null, Value::Null], "{text:?}");
    }
}

#[test]
fn records_of_systemd_are_not_listed() {
    for folder in
        ["etc/userdb", "usr/lib/userdb", "usr/local/lib/userdb", "run/userdb", "var/lib/systemd/home"]
    {
        let image = Image::new();
        image.set(&format!("{folder}/README"), "");
        assert_eq!([accounts(&image), groups(&image)], [Value::Null, Value::Null], "{folder}");
        let (user, group) =
            if folder.ends_with("home") { ("dora.identity", "dora") } else { ("dora.user", "dora.group") };
        image.set(&format!("{folder}/{user}"), "{}");
        assert_eq!(accounts(&image), format!("{folder}: its accounts are not listed"));
        assert_eq!(groups(&image), Value::Null);
        image.set(&format!("{folder}/{group}"), "{}");
        let expected = if folder.ends_with("home") {
            Value::Null
        } else {
            format!("{folder}: its groups are not listed").into()
        };
        assert_eq!(groups(&image), expected);
    }
}

#[test]
fn an_unreadable_configuration_is_a_gap() {
    let image = Image::new();
    image.set("etc/nsswitch.conf", "");
    image.make_unreadable("etc/nsswitch.conf");
    assert_eq!(accounts(&image), "etc/nsswitch.conf: not a regular file");
}
