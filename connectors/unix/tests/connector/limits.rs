//! Oversized machines: only a part is read, and the listing reports what is missing.

use std::fs::File;

use connector::Cancellation;
use serde_json::json;
use unix_connector::day::Day;
use unix_connector::machine::Machine;

use crate::image::Image;

fn users(number: usize) -> String {
    (0..number).map(|i| format!("u{i}:x:{}:100::/:/bin/sh\n", i + 1000)).collect()
}

fn image(passwd: &str, sudoers: &str) -> Image {
    Image::of(&[
        ("etc/passwd", passwd),
        ("etc/group", "users:x:100:\nsudo:x:27:\n"),
        ("etc/hostname", "web1\n"),
        ("etc/sudoers", sudoers),
    ])
}

#[test]
fn many_rules_for_many_users_are_limited() {
    let reading = image(&users(1000), &"ALL ALL=ALL\n".repeat(400)).machine().sudo();
    assert_eq!(reading.items.iter().map(|grant| grant.via.len()).sum::<usize>(), 300_000);
    assert!(reading.items.iter().all(|grant| grant.via.len() == 300), "each rule for all of its users");
    let problem =
        "etc/sudoers: too many rules for too many accounts, those from etc/sudoers:301 on do not count";
    assert_eq!(reading.problems(), [problem]);
}

#[test]
fn many_rules_without_effect_are_limited() {
    let limit = |problems: &[String]| {
        let expected = "etc/sudoers: too many rules for too many accounts, those from etc/sudoers:";
        assert!(problems.len() == 1 && problems[0].starts_with(expected), "{problems:?}");
    };
    let denying = "ALL ALL=!/bin/su\n".repeat(4500);
    limit(&image(&users(1000), &denying).machine().sudo().problems());
    let hosts = (0..1000).map(|i| format!("h{i}")).collect::<Vec<_>>().join(",");
    let elsewhere = format!("Host_Alias H = {hosts}\n{}", "u0 H=ALL\n".repeat(4500));
    limit(&image(&users(1), &elsewhere).machine().sudo().problems());
    let aliases = format!("User_Alias A = ALL\n{}", "A ALL=!/bin/su\n".repeat(4500));
    limit(&image(&users(1000), &aliases).machine().sudo().problems());
}

#[test]
fn a_full_rule_is_kept_among_many_rules() {
    let rules = format!("{}u0 ALL=ALL\nu0 ALL=/bin/ls\n", "u0 ALL=/bin/ls\n".repeat(1000));
    let reading = image(&users(1), &rules).machine().sudo();
    assert_eq!(reading.items[0].via.len(), 1001);
    assert!(reading.items[0].is_full());
    assert_eq!(reading.problems(), ["etc/sudoers: an account has more than 1000 rules, 1 are not listed"]);
}

#[test]
fn the_search_for_a_sudo_group_is_limited() {
    let groups: Vec<String> = (0..3000).map(|i| format!("g{i}")).collect();
    // Only the last group grants everything, and finding it takes too long.
    let rules: String = groups.iter().map(|group| format!("%{group} ALL=/bin/ls\n")).collect();
    let rules = format!("{rules}%g2999 ALL=ALL\n");
    let image = image(&users(1), &rules);
    image.set("etc/group", &groups.iter().map(|group| format!("{group}:x:5:\n")).collect::<String>());
    let host = json!({ "resource_type": "host", "resource_integration_specific_id": "host" });
    let response = image.call("list-entitlements", host, json!({}));
    assert_eq!(response["response"]["entitlements"][0]["is_assignable"], false, "{response}");
}

#[test]
fn partial_listings_name_the_limit() {
    let includes: String = (0..5000).map(|i| format!("@include gone{i}\n")).collect();
    let response = image(&users(1), &includes).call("find-entitlement-associations", json!({}), json!({}));
    let reason = response["partial"]["reason"].as_str().unwrap();
    let limit = "etc/sudoers: more than 4096 files and folders are included, the rest was not read; ";
    assert!(reason.starts_with(limit), "{reason}");
}

#[test]
fn ignored_names_count_toward_the_limit() {
    let image = image(&users(1), &"@includedir d\n".repeat(2000));
    for number in 0..3000 {
        image.set(&format!("etc/d/f{number}.x"), "");
    }
    let problem = "etc/sudoers: more than 4096 files and folders are included, the rest was not read";
    assert_eq!(image.machine().sudo().problems(), [problem]);
}

#[test]
fn files_that_are_too_large_are_not_read() {
    for file in ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow", "etc/login.defs"] {
        let image = Image::new();
        File::create(image.path(file)).unwrap().set_len(1 << 40).unwrap();
        let machine = image.machine();
        let mut problems = machine.accounts(Day(20_000)).problems();
        problems.extend(machine.associations().problems());
        assert!(problems.contains(&format!("{file}: larger than 32 MiB")), "{file}: {problems:?}");
    }
}

#[test]
fn sudo_is_not_changed_if_rules_are_unread() {
    let request = json!({
        "account_integration_specific_id": "u0",
        "resource_integration_specific_id": "host",
        "resource_type": "host",
        "entitlement_integration_specific_id": "sudo",
        "entitlement_type": "sudo",
    });
    let large = "%sudo ALL=ALL\n@include /etc/large\n";
    let image = image(&users(1), large);
    image.set("etc/large", &"#".repeat(5 << 20));
    let many = self::image(&users(1000), &format!("%sudo ALL=ALL\n{}", "ALL ALL=!/bin/su\n".repeat(4500)));
    for (image, reason) in [(image, "larger than 4 MiB"), (many, "too many rules for too many accounts")] {
        for capability in ["assign-entitlement", "unassign-entitlement"] {
            let (code, message) = image.error(capability, request.clone(), json!({}));
            assert_eq!(code, "unsupported_operation", "{message}");
            assert!(message.contains(reason), "{message}");
        }
    }
}

#[test]
fn a_cancelled_call_reads_nothing() {
    let cancellation = Cancellation::new();
    let machine = Machine::new(Image::new().root().cancelled_by(cancellation.clone()));
    cancellation.cancel();
    let readings = [
        machine.accounts(Day(20_000)).problems(),
        machine.associations().problems(),
        machine.last_logins().problems(),
    ];
    for problems in readings {
        assert!(problems.iter().all(|problem| problem.ends_with(": the call was cancelled")), "{problems:?}");
        assert!(problems.len() >= 2, "{problems:?}");
    }
}
