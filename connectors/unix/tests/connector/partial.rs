//! Files that are missing, empty, unreadable or malformed: the listing reports what is missing.

use serde_json::{Value, json};

use crate::image::Image;
use crate::support::ids;

/// The listings, and the source files of each.
fn sources() -> Vec<(&'static str, Value, &'static [&'static str])> {
    vec![
        ("list-accounts", json!({}), &["etc/passwd", "etc/shadow"]),
        ("list-resources", json!({ "resource_type": "group" }), &["etc/group"]),
        (
            "find-entitlement-associations",
            json!({}),
            &["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow", "etc/sudoers"],
        ),
        (
            "get-last-activity",
            json!({ "account_ids": ["alice"] }),
            &["etc/passwd", "var/log/wtmp", "var/log/lastlog"],
        ),
    ]
}

fn partial(image: &Image, capability: &str, request: Value) -> (String, u64) {
    let response = image.call(capability, request, json!({}));
    assert_eq!(response["error"], Value::Null, "{capability}: {response}");
    let partial = &response["partial"];
    (
        partial["reason"].as_str().unwrap_or("whole").to_owned(),
        partial["skipped"].as_u64().unwrap_or_default(),
    )
}

#[test]
fn a_machine_without_gaps_is_complete() {
    for (capability, request, _) in sources() {
        assert_eq!(partial(&Image::new(), capability, request).0, "whole", "{capability}");
    }
}

#[test]
fn any_source_can_be_missing_empty_or_unreadable() {
    type Spoil = fn(&Image, &str);
    let spoils: [(Spoil, &str); 3] = [
        (|image, file| image.remove(file), "missing"),
        (|image, file| image.set(file, ""), "empty"),
        (|image, file| image.make_unreadable(file), "not a regular file"),
    ];
    for (capability, request, files) in sources() {
        for file in files {
            for (spoil, word) in spoils {
                let image = Image::new();
                spoil(&image, file);
                let (reason, _) = partial(&image, capability, request.clone());
                assert!(reason.contains(&format!("{file}: {word}")), "{capability} {file}: {reason}");
            }
        }
    }
}

#[test]
fn a_machine_without_files_is_empty_and_partial() {
    let image = Image::new();
    std::fs::remove_dir_all(image.path("etc")).unwrap();
    std::fs::remove_dir_all(image.path("var")).unwrap();
    for (capability, request, files) in sources() {
        let (reason, _) = partial(&image, capability, request);
        for file in files {
            assert!(reason.contains(&format!("{file}: missing")), "{capability} {file}: {reason}");
        }
    }
}

#[test]
fn without_shadow_no_account_has_a_status() {
    let image = Image::new();
    image.make_unreadable("etc/shadow");
    let response = image.call("list-accounts", json!({}), json!({}));
    let accounts = response["response"]["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 5);
    for account in accounts {
        assert_eq!(account["user_status"], Value::Null);
        assert_eq!(account["extra_data"]["locked"], Value::Null);
    }
    assert_eq!(response["partial"], json!({ "reason": "etc/shadow: not a regular file", "skipped": 0 }));
}

#[test]
fn malformed_lines_are_skipped_counted_and_reported() {
    let image = Image::new();
    image.rewrite("etc/passwd", |lines| {
        lines.insert(1, "+::::::");
        lines.push("this is wrong");
        lines.push("alice:x:7:7:twice:/:/bin/sh");
    });
    let response = image.call("list-accounts", json!({}), json!({}));
    let accounts = response["response"]["accounts"].as_array().unwrap();
    assert_eq!(ids(accounts), ["alice", "bob", "carol", "nobody", "root"]);
    assert_eq!(accounts[0]["extra_data"]["uid"], 1000, "the first line of a name counts");
    let expected =
        json!({ "reason": "etc/passwd: skipped 3 malformed lines, the first is line 2", "skipped": 3 });
    assert_eq!(response["partial"], expected);
}

#[test]
fn every_page_of_a_partial_listing_is_partial() {
    let image = Image::new();
    image.rewrite("etc/passwd", |lines| lines.push("malformed"));
    let mut token = Value::Null;
    for _ in 0..3 {
        let page = json!({ "page": { "size": 2, "token": token } });
        let response = image.call("list-accounts", json!({}), page);
        assert_eq!(response["partial"]["skipped"], 1, "{response}");
        token = response["page"]["token"].clone();
    }
    assert_eq!(token, Value::Null);
}

#[test]
fn reasons_are_short_and_on_one_line() {
    let image = Image::new();
    let includes = (0..200).map(|i| format!("@include \"/etc/{i}\u{7}{}\"\n", "x".repeat(3000)));
    image.set("etc/sudoers", &includes.collect::<String>());
    let (reason, _) = partial(&image, "find-entitlement-associations", json!({}));
    assert!(reason.contains(" more"), "{reason}");
    assert!(reason.chars().count() < 2_500 && !reason.contains(char::is_control), "{reason}");
}
