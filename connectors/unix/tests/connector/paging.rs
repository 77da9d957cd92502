//! Pages, even if the files change in between.

use std::collections::HashSet;

use serde_json::json;

use crate::image::Image;
use crate::support::{LISTINGS, ids, line};

/// Users `u00` to `u19`, all in `dev`.
fn twenty() -> Image {
    let image = Image::new();
    let users = |line: &dyn Fn(u32) -> String| (0..20).map(line).collect::<String>();
    let names = (0..20).map(|i| format!("u{i:02}")).collect::<Vec<_>>().join(",");
    image.set("etc/passwd", &users(&|i| format!("u{i:02}:x:{}:100::/:/bin/sh\n", 1000 + i)));
    image.set("etc/shadow", &users(&|i| format!("u{i:02}:*:1::::::\n")));
    image.set("etc/group", &format!("users:x:100:\ndev:x:2000:{names}\n"));
    image.set("etc/gshadow", "users:!::\ndev:!::\n");
    image
}

#[test]
fn the_page_size_does_not_change_the_listing() {
    let image = Image::new();
    for capability in LISTINGS {
        let whole = image.pages(capability, 10_000, |_| {});
        assert!(whole.len() >= 5, "{capability}");
        for size in [1, 2, 3, 4, 5, 6, 7, 12, 13] {
            assert_eq!(image.pages(capability, size, |_| {}), whole, "{capability} by {size}");
        }
    }
}

#[test]
fn entitlements_of_a_resource_have_pages() {
    let image = Image::new();
    let on =
        |resource: &str| json!({ "resource_type": "group", "resource_integration_specific_id": resource });
    let first = image.call("list-entitlements", on("dev"), json!({ "page": { "size": 1 } }));
    let page = json!({ "page": { "size": 1, "token": first["page"]["token"] } });
    let second = image.response("list-entitlements", on("dev"), page.clone());
    assert_eq!(ids(second["entitlements"].as_array().unwrap()), ["member"]);
    assert_eq!(image.error("list-entitlements", on("sudo"), page).0, "bad_request");
}

#[test]
fn tokens_of_other_listings_are_rejected() {
    let image = Image::new();
    let first = image.call("list-accounts", json!({}), json!({ "page": { "size": 1 } }));
    let page = json!({ "page": { "token": first["page"]["token"] } });
    let (code, message) = image.error("find-entitlement-associations", json!({}), page);
    assert_eq!((code.as_str(), message.as_str()), ("bad_request", "page.token is from another listing"));
    let nonsense = json!({ "page": { "token": "ff" } });
    assert_eq!(image.error("list-accounts", json!({}), nonsense).0, "bad_request");
}

#[test]
fn removing_accounts_between_pages_hides_no_others() {
    let image = twenty();
    let found = image.pages("list-accounts", 5, |page| {
        image.rewrite("etc/passwd", |lines| match page {
            // All of the first page, including its last one.
            1 => drop(lines.drain(..5)),
            // The last one of the first page, and the first one of the next.
            2 => lines.retain(|line| !line.starts_with("u09") && !line.starts_with("u10")),
            _ => {}
        });
    });
    let expected: Vec<String> = (0..20).filter(|i| *i != 10).map(|i| format!("u{i:02}")).collect();
    assert_eq!(ids(&found), expected);
}

#[test]
fn adding_and_moving_lines_between_pages_hides_and_repeats_nobody() {
    let image = twenty();
    let found = image.pages("list-accounts", 5, |page| {
        image.rewrite("etc/passwd", |lines| match page {
            1 => lines.reverse(),
            2 => lines.insert(0, "newcomer:x:5000:100::/:/bin/sh"),
            _ => lines.rotate_left(7),
        });
    });
    let found: Vec<_> = ids(&found).into_iter().filter(|name| *name != "newcomer").collect();
    assert_eq!(found, (0..20).map(|i| format!("u{i:02}")).collect::<Vec<_>>());
}

#[test]
fn a_membership_that_changes_its_kind_is_listed() {
    let image = twenty();
    // All are in `users` because of their GID. Some are later listed there too, at another position of the file.
    let found = image.pages("find-entitlement-associations", 7, |page| {
        let group = format!("dev:x:2000:u{page:02}\nusers:x:100:u1{page},u0{page}\n");
        image.set("etc/group", &group);
    });
    let users: HashSet<String> =
        found.iter().map(line).filter(|line| line.ends_with("member users")).collect();
    assert_eq!(users.len(), 20);
    let users = found.iter().filter(|found| line(found).ends_with("member users")).count();
    assert_eq!(users, 20, "none twice");
}

#[test]
fn a_listing_that_becomes_shorter_ends() {
    let image = twenty();
    let found = image.pages("list-accounts", 10, |_| image.set("etc/passwd", "a:x:1:1:::\n"));
    assert_eq!(found.len(), 10);
}

#[test]
fn fifty_thousand_accounts_are_listed() {
    const USERS: usize = 50_000;
    let image = Image::new();
    let users = |line: &dyn Fn(usize) -> String| (0..USERS).map(line).collect::<String>();
    image.set("etc/passwd", &users(&|i| format!("u{i}:x:{}:100:User {i}:/home/u{i}:/bin/sh\n", 1000 + i)));
    image.set("etc/shadow", &users(&|i| format!("u{i}:*:1:0:99999:7:::\n")));
    image.set("etc/group", "users:x:100:\n");
    image.set("etc/gshadow", "users:!::\n");
    let accounts = image.pages("list-accounts", 10_000, |_| {});
    assert_eq!(ids(&accounts).into_iter().collect::<HashSet<_>>().len(), USERS);
    let associations = image.pages("find-entitlement-associations", 10_000, |_| {});
    assert_eq!(associations.iter().map(line).collect::<HashSet<_>>().len(), USERS);
}
