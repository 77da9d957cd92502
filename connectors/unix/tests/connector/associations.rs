//! Which accounts have which entitlements.

use serde_json::{Value, json};

use crate::image::Image;
use crate::support::line;

fn associations(image: &Image) -> Vec<Value> {
    let response = image.response("find-entitlement-associations", json!({}), json!({}));
    response["associations"].as_array().unwrap().clone()
}

fn extra<'a>(associations: &'a [Value], wanted: &str, key: &str) -> &'a Value {
    let found = associations.iter().find(|association| line(association) == wanted).unwrap();
    &found["account"]["extra_data"][key]
}

#[test]
fn there_are_members_administrators_and_sudo() {
    let lines: Vec<String> = associations(&Image::new()).iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "alice member alice",
            "alice administrator dev",
            "alice member dev",
            "bob member dev",
            "nobody member nogroup",
            "root member root",
            "alice member sudo",
            "bob member users",
            "carol member users",
            "alice sudo host",
            "bob sudo host",
            "root sudo host",
        ]
    );
}

#[test]
fn memberships_show_primary_groups() {
    let found = associations(&Image::new());
    assert_eq!(extra(&found, "bob member users", "primary"), true);
    assert_eq!(extra(&found, "bob member dev", "primary"), false);
    assert_eq!(extra(&found, "carol member users", "primary"), true, "listed as a member as well");
    assert_eq!(extra(&found, "alice administrator dev", "primary"), &Value::Null);
}

#[test]
fn sudo_associations_name_their_rules() {
    let found = associations(&Image::new());
    assert_eq!(
        extra(&found, "alice sudo host", "via"),
        &json!([{ "who": "%sudo", "place": "etc/sudoers:2", "full": true }])
    );
    assert_eq!(
        extra(&found, "bob sudo host", "via"),
        &json!([{ "who": "bob", "place": "etc/sudoers.d/bob:1", "full": false }])
    );
}

#[test]
fn associations_contain_the_listed_account() {
    let image = Image::new();
    let listed = image.response("list-accounts", json!({}), json!({}))["accounts"][0].clone();
    let found = associations(&image);
    let mut account =
        found.iter().find(|found| line(found) == "alice member dev").unwrap()["account"].clone();
    account["extra_data"].as_object_mut().unwrap().remove("primary").unwrap();
    assert_eq!(account, listed);
}

#[test]
fn a_group_can_be_named_host() {
    let image = Image::new();
    image.set("etc/group", "host:x:5:alice\nsudo:x:27:alice\n");
    image.set("etc/gshadow", "host:!::alice\nsudo:!::alice\n");
    for size in [1, 2, 100] {
        let found = image.pages("find-entitlement-associations", size, |_| {});
        let lines: Vec<String> = found.iter().map(line).collect();
        let expected =
            ["alice member host", "alice member sudo", "alice sudo host", "bob sudo host", "root sudo host"];
        assert_eq!(lines, expected, "{size}");
    }
}
