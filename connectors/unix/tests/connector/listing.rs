//! Accounts, resources, entitlements and activity as they are listed.

use serde_json::{Value, json};

use crate::image::Image;
use crate::support::ids;

fn entitlements_on(image: &Image, resource_type: &str, id: &str) -> Value {
    let request = json!({ "resource_type": resource_type, "resource_integration_specific_id": id });
    image.response("list-entitlements", request, json!({}))["entitlements"].clone()
}

#[test]
fn every_line_of_passwd_is_listed_with_its_status() {
    let accounts = Image::new().response("list-accounts", json!({}), json!({}))["accounts"].clone();
    let found: Vec<_> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| {
            let extra = &account["extra_data"];
            let flags = ["locked", "expired", "system"].map(|key| extra[key].as_bool().unwrap());
            (account["username"].as_str().unwrap(), account["user_status"].as_str().unwrap(), flags)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("alice", "ACTIVE", [false, false, false]),
            ("bob", "SUSPENDED", [true, false, false]),
            ("carol", "SUSPENDED", [false, true, false]),
            ("nobody", "ACTIVE", [false, false, true]),
            ("root", "ACTIVE", [false, false, true]),
        ]
    );
}

#[test]
fn extra_data_shows_why_an_account_is_suspended() {
    let image = Image::new();
    image.rewrite("etc/shadow", |lines| lines[1] = "alice:$6$x$y:19000:0:30:7:10::");
    let accounts = image.response("list-accounts", json!({}), json!({}))["accounts"].clone();
    let extra = &accounts[0]["extra_data"];
    let flags = ["locked", "expired", "inactive"].map(|key| extra[key].clone());
    assert_eq!(
        (&accounts[0]["user_status"], flags),
        (&json!("SUSPENDED"), [false, false, true].map(Value::from))
    );
}

#[test]
fn numbers_are_parsed_as_by_the_system() {
    let image = Image::new();
    let toor = ["+0", " 0", "\t+00", "-0"];
    image.rewrite("etc/passwd", |lines| {
        lines.truncate(1);
        lines.extend(["t0:x:+0:0::/:/bin/sh", "t1:x: 0:0::/:/bin/sh", "t2:x:\t+00:0::/:/bin/sh"]);
        lines.extend(["t3:x:-0:0::/:/bin/sh", "t4:x:0 :0::/:/bin/sh", "t5:x:0x0:0::/:/bin/sh"]);
    });
    let response = image.call("list-accounts", json!({}), json!({}));
    let accounts = response["response"]["accounts"].as_array().unwrap();
    assert_eq!(ids(accounts), ["root", "t0", "t1", "t2", "t3"]);
    for (account, uid) in accounts[1..].iter().zip(toor) {
        assert_eq!(account["extra_data"]["uid"], 0, "{uid:?}");
        assert_eq!(account["extra_data"]["system"], true, "{uid:?}");
    }
}

#[test]
fn resources_are_the_groups_and_the_host() {
    let image = Image::new();
    let of = |kind: &str| {
        image.response("list-resources", json!({ "resource_type": kind }), json!({}))["resources"].clone()
    };
    let groups = of("group");
    assert_eq!(ids(groups.as_array().unwrap()), ["alice", "dev", "nogroup", "root", "sudo", "users"]);
    let dev = json!({
        "integration_specific_id": "dev",
        "label": "dev",
        "resource_type": "group",
        "extra_data": { "gid": 2000 },
    });
    assert_eq!(groups[1], dev);
    let host = json!([{
        "integration_specific_id": "host",
        "label": "web1",
        "resource_type": "host",
        "extra_data": { "hostname": "web1" },
    }]);
    assert_eq!(of("host"), host);
    image.remove("etc/hostname");
    assert_eq!(of("host")[0]["label"], "host", "a host without a name");
}

#[test]
fn entitlements_without_a_way_to_assign_them_are_not_assignable() {
    let image = Image::new();
    image.set("etc/sudoers", "root ALL=(ALL:ALL) ALL\n");
    image.remove("etc/gshadow");
    assert_eq!(entitlements_on(&image, "host", "host")[0]["is_assignable"], false);
    let dev = entitlements_on(&image, "group", "dev");
    assert_eq!([&dev[0]["is_assignable"], &dev[1]["is_assignable"]], [false, true]);
}

#[test]
fn unknown_types_and_unknown_resources_have_different_codes() {
    let image = Image::new();
    let on = |kind: &str, id: &str| {
        let request = json!({ "resource_type": kind, "resource_integration_specific_id": id });
        image.error("list-entitlements", request, json!({}))
    };
    assert_eq!(on("moon", "dev").0, "unknown_value");
    let listed = image.error("list-resources", json!({ "resource_type": "moon" }), json!({}));
    assert_eq!(listed.0, "unknown_value");
    assert!(listed.1.contains("`group` or `host`"), "{listed:?}");
    assert_eq!(on("group", "moon").0, "not_found");
    assert_eq!(on("host", "web1").0, "not_found");
    image.make_unreadable("etc/group");
    let (code, message) = on("group", "dev");
    assert_eq!(code, "internal_error", "the group may be in the unreadable file");
    assert_eq!(message, "etc/group: not a regular file");
}

#[test]
fn the_last_activity_is_the_later_login_of_both_files() {
    let request = json!({ "account_ids": ["bob", "ghost", "carol", "alice"] });
    let more = json!({ "include_raw_data": true });
    let response = Image::new().call("get-last-activity", request, more);
    let login =
        |id: &str, at: &str| json!({ "account_id": id, "event_type": "LastLogin", "happened_at": at });
    assert_eq!(
        response["response"]["activities"],
        json!([login("bob", "1970-01-01T00:15:00Z"), login("alice", "1970-01-01T00:11:40Z")])
    );
    assert_eq!(response["raw_data"]["logins"][0]["source"], "var/log/lastlog");
    assert_eq!(response["raw_data"]["logins"][1]["source"], "var/log/wtmp");
    assert_eq!(response.get("partial"), None);
}

#[test]
fn raw_data_are_lines_of_the_files_and_optional() {
    let image = Image::new();
    assert_eq!(image.call("list-accounts", json!({}), json!({}))["raw_data"], Value::Null);
    let raw = image.call("list-accounts", json!({}), json!({ "include_raw_data": true }))["raw_data"].clone();
    let alice = json!({
        "name": "alice",
        "uid": 1000,
        "gid": 1000,
        "gecos": "Alice van der Berg,Room 7",
        "home": "/home/alice",
        "shell": "/bin/bash",
    });
    assert_eq!(raw["passwd"][0], alice);
    let groups = json!({ "resource_type": "group" });
    let raw = image.call("list-resources", groups, json!({ "include_raw_data": true }))["raw_data"].clone();
    assert_eq!(raw["group"][1], json!({ "name": "dev", "gid": 2000, "members": ["bob", "alice"] }));
}
