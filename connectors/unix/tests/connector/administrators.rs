//! Who counts as an administrator: the account to be changed if it may be one, the others only if they certainly are.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use connector::model::Timestamp;
use serde_json::{Value, json};
use unix_connector::day::Day;
use unix_connector::write::{Change, WriteError, Writer};

use crate::image::Image;

const PROTECTED: &str =
    "account \"alice\" is protected: no other account is known to be able to log in and become root";

/// A machine whose root cannot log in, with `alice` and `dan` as administrators.
fn image() -> Image {
    let image = Image::new();
    image.rewrite("etc/passwd", |lines| lines.push("dan:x:1003:1003::/home/dan:/bin/sh"));
    image.rewrite("etc/shadow", |lines| lines.push(DAN));
    image.set("etc/sudoers", "alice, dan ALL=(ALL:ALL) ALL\n");
    image
}

const DAN: &str = "dan:$6$salt$hash:19000:0:99999:7:::";

/// The message of a deletion that is rejected, after which nothing has changed.
#[track_caller]
fn rejected(image: &Image, account: &str, case: &str) -> String {
    let files = ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"];
    let read = || files.map(|file| fs::read(image.path(file)).ok());
    let before = read();
    let (code, message) = image.error("delete_account", json!({ "account_id": account }), json!({}));
    assert_eq!(code, "permission_denied", "{case}: {message}");
    assert_eq!(read(), before, "{case}");
    message
}

/// A time that has passed in some time zones and not in others.
fn local_time_now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = Timestamp::from_unix_seconds(i64::try_from(now).unwrap()).unwrap();
    let now: Value = serde_json::to_value(now).unwrap();
    let digits: String = now.as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
    digits[..14].to_owned()
}

/// Suspends `alice` on a machine without tools.
fn suspension_of_alice(image: &Image) -> Result<Change, WriteError> {
    Writer::new(image.root()).search_path(Vec::new()).deactivate("alice", Day::today())
}

/// Checks that a suspension of `alice` gets as far as its tool, because another administrator counts.
#[track_caller]
fn accepted(image: &Image, case: &str) {
    let result = suspension_of_alice(image);
    assert!(matches!(result, Err(WriteError::ToolMissing { tool: "usermod" })), "{case}: {result:?}");
}

#[test]
fn an_account_that_can_log_in_counts() {
    accepted(&image(), "dan");
    for (shadow, passwd) in [
        ("dan:$y$j9T$salt$hash:19000:0:99999:7:::", "dan:x:1003:1003::/home/dan:"),
        ("dan:abJnggxhB/yWI:19000:0:99999:7:::", "dan:x:1003:1003::/home/dan:/bin/bash"),
    ] {
        let image = image();
        image.set("etc/shells", "/bin/sh\n/bin/bash\n");
        image.rewrite("etc/shadow", |lines| *lines.last_mut().unwrap() = shadow);
        image.rewrite("etc/passwd", |lines| *lines.last_mut().unwrap() = passwd);
        accepted(&image, passwd);
    }
}

#[test]
fn accounts_that_cannot_log_in_do_not_count() {
    for shadow in [
        "dan:!:19000:0:99999:7:::",
        "dan:!!:19000:0:99999:7:::",
        "dan:*:19000:0:99999:7:::",
        "dan:!*:19000:0:99999:7:::",
        "dan::19000:0:99999:7:::",
        "dan:x:19000:0:99999:7:::",
        "dan:NP:19000:0:99999:7:::",
        "dan:$NOLOGIN:19000:0:99999:7:::",
        "dan:$NOLOGIN$salt$hash:19000:0:99999:7:::",
        "dan:$6$salt$hash:19000:0:99999:7::99999:",
        "dan:!$6$salt$hash:19000:0:99999:7:::",
        "dan:$6$salt$hash:19000:0:99999:7::1:",
        "dan:$6$salt$hash:19000:0:30:7:10::",
        "eve:$6$salt$hash:19000:0:99999:7:::",
    ] {
        let image = image();
        image.rewrite("etc/shadow", |lines| *lines.last_mut().unwrap() = shadow);
        assert_eq!(rejected(&image, "alice", shadow), PROTECTED, "{shadow}");
    }
    for passwd in [
        "dan:x:1003:1003::/home/dan:/usr/sbin/nologin",
        "dan:x:1003:1003::/home/dan:/sbin/nologin",
        "dan:x:1003:1003::/home/dan:/bin/false",
        "dan:x:1003:1003::/home/dan:/bin/true",
        "dan:x:1003:1003::/home/dan:/bin/sync",
        "dan:x:1003:1003::/home/dan:/usr/bin/passwd",
        "dan:x:1003:1003::/home/dan:/bin/ksh",
        "dan:x:1003:1003::/home/dan:/dev/null",
        "dan:x:1003:1003::/home/dan:/bin",
        "dan:x:1003:1003::/home/dan:bin/sh",
        "dan:x:999:1003::/home/dan:/bin/sh",
        "dan:x:65534:1003::/home/dan:/bin/sh",
        "dan:*:1003:1003::/home/dan:/bin/sh",
    ] {
        let image = image();
        image.rewrite("etc/passwd", |lines| *lines.last_mut().unwrap() = passwd);
        assert_eq!(rejected(&image, "alice", passwd), PROTECTED, "{passwd}");
    }
    let image = image();
    image.set("etc/shells", "/bin/bash\n");
    assert_eq!(rejected(&image, "alice", "etc/shells"), PROTECTED);
}

#[test]
fn root_counts_only_if_it_can_log_in() {
    for (passwd, shadow) in [
        ("root:x:0:0::/root:/bin/sh", "root:!$6$salt$hash:19000:0:99999:7:::"),
        ("root:x:0:0::/root:/bin/sh", "root::19000:0:99999:7:::"),
        ("root:x:0:0::/root:/usr/sbin/nologin", "root:$6$salt$hash:19000:0:99999:7:::"),
        ("root:*:0:0::/root:/bin/sh", "root:$6$salt$hash:19000:0:99999:7:::"),
        ("root:x:0:0::/root:/bin/sh", "root:$6$salt$hash:19000:0:99999:7::1:"),
    ] {
        let image = image();
        image.set("etc/sudoers", "root, alice ALL=(ALL:ALL) ALL\n");
        image.rewrite("etc/passwd", |lines| lines[0] = passwd);
        image.rewrite("etc/shadow", |lines| lines[0] = shadow);
        assert_eq!(rejected(&image, "alice", shadow), PROTECTED, "{passwd} {shadow}");
    }
}

#[test]
fn a_rule_that_requires_a_password_nobody_has_does_not_count() {
    for defaults in [
        "Defaults targetpw",
        "Defaults rootpw",
        "Defaults runaspw",
        "Defaults env_reset, rootpw",
        "Defaults:dan targetpw",
        "Defaults@web1 targetpw",
        "Defaults@web* targetpw",
        "Defaults>root targetpw",
        "Defaults!ALL targetpw",
        "Defaults targetpw\nDefaults:alice !targetpw",
        "Defaults runas_default=carol, runaspw",
    ] {
        let image = image();
        image.set("etc/sudoers", &format!("{defaults}\nalice, dan ALL=(ALL:ALL) ALL\n"));
        assert_eq!(rejected(&image, "alice", defaults), PROTECTED, "{defaults}");
    }
}

#[test]
fn a_rule_that_may_not_apply_does_not_count_for_the_others() {
    let now = local_time_now();
    for rules in [
        "dan web*=(ALL) ALL".to_owned(),
        "dan 10.0.0.0/8=(ALL) ALL".to_owned(),
        format!("dan ALL=(ALL) NOTAFTER={now} ALL"),
        format!("dan ALL=(ALL) NOTBEFORE={now} ALL"),
        "dan ALL=(ALL) NOTAFTER=20991231235959Z ALL".to_owned(),
        "dan ALL=(ALL) ALL, !/bin/sh\ndan ALL=(ALL) NOTAFTER=20991231235959Z /bin/sh".to_owned(),
        "dan ALL=(ALL) ALL\ndan web*=(ALL) !ALL".to_owned(),
        format!("dan ALL=(ALL) ALL\ndan ALL=(ALL) NOTBEFORE={now} !/bin/sh"),
        "ALL, !+contractors ALL=(ALL) ALL".to_owned(),
        "User_Alias STAFF = ALL, !%:contractors\nSTAFF ALL=(ALL) ALL".to_owned(),
        "dan ALL=(ALL) ALL, !/bin/sh".to_owned(),
        "dan ALL=(www) ALL".to_owned(),
        "Defaults@web* runas_default=www\ndan ALL=ALL".to_owned(),
    ] {
        let image = image();
        image.set("etc/sudoers", &format!("alice ALL=(ALL:ALL) ALL\n{rules}\n"));
        assert_eq!(rejected(&image, "alice", &rules), PROTECTED, "{rules}");
    }
}

#[test]
fn an_account_that_may_be_an_administrator_is_protected() {
    let now = local_time_now();
    for rules in [
        "alice web*=(ALL) ALL".to_owned(),
        "alice 10.0.0.0/8=(ALL) ALL".to_owned(),
        format!("alice ALL=(ALL) NOTAFTER={now} ALL"),
        format!("alice ALL=(ALL) NOTBEFORE={now} ALL"),
        "alice ALL=(ALL) ALL\nalice web*=(ALL) !ALL".to_owned(),
        "alice ALL=(ALL) ALL, !/bin/sh".to_owned(),
        "Defaults runas_default=www\nDefaults@web* runas_default=root\nalice ALL=ALL".to_owned(),
        "ALL, !+contractors ALL=(ALL) ALL".to_owned(),
    ] {
        let image = image();
        image.set("etc/sudoers", &format!("{rules}\n"));
        assert_eq!(rejected(&image, "alice", &rules), PROTECTED, "{rules}");
    }
}

#[test]
fn an_administrator_whose_password_is_locked_is_protected() {
    for shadow in ["alice:!$6$salt$hash:19000:0:99999:7:::", "alice:!:19000::::::", "bob:*:19000::::::"] {
        let image = image();
        image.set("etc/sudoers", "alice ALL=(ALL:ALL) ALL\n");
        image.rewrite("etc/shadow", |lines| lines[1] = shadow);
        assert_eq!(rejected(&image, "alice", shadow), PROTECTED, "{shadow}");
    }
}

#[test]
fn rules_that_sudo_may_ignore_do_not_count() {
    let image = image();
    image.set("etc/nsswitch.conf", "sudoers: sss\n");
    assert_eq!(rejected(&image, "alice", "nsswitch"), PROTECTED);
    image.remove("etc/nsswitch.conf");
    accepted(&image, "sudo uses its file");
    fs::create_dir(image.path("etc/nsswitch.conf")).unwrap();
    assert_eq!(rejected(&image, "alice", "unreadable nsswitch"), PROTECTED);
}

#[test]
fn an_account_whose_password_sudo_requires_is_protected() {
    let image = image();
    image.set("etc/sudoers", "Defaults runas_default=alice, runaspw\ndan ALL=(ALL:ALL) ALL\n");
    assert_eq!(rejected(&image, "alice", "runaspw"), PROTECTED);
}

#[test]
fn rules_for_the_first_account_of_a_uid_protect_the_others() {
    let image = image();
    image.rewrite("etc/passwd", |lines| lines.insert(1, "first:x:1000:1000::/:/usr/sbin/nologin"));
    image.set("etc/sudoers", "first ALL=(ALL:ALL) ALL\n");
    assert_eq!(rejected(&image, "alice", "shared UID"), PROTECTED);
}

#[test]
fn an_account_that_sudo_knows_by_another_name_does_not_count() {
    let image = image();
    image.set("etc/sudoers", "alice ALL=(ALL:ALL) ALL\n");
    image.rewrite("etc/passwd", |lines| *lines.last_mut().unwrap() = "dan:x:1000:1003::/home/dan:/bin/sh");
    let suspended = suspension_of_alice(&image);
    assert!(matches!(suspended, Err(WriteError::Protected { .. })), "sudo knows dan as alice: {suspended:?}");

    // carol is the first account of the UID, so sudo requires her password.
    image.set("etc/sudoers", "alice, carol ALL=(ALL:ALL) ALL\n");
    image.rewrite("etc/passwd", |lines| *lines.last_mut().unwrap() = "dan:x:1002:1003::/home/dan:/bin/sh");
    assert_eq!(rejected(&image, "alice", "carol is suspended"), PROTECTED);
    image.rewrite("etc/shadow", |lines| lines[3] = "carol:$6$salt$hash:19000:0:99999:7:::");
    image.rewrite("etc/passwd", |lines| lines[3] = "carol:x:1002:100::/home/carol:/bin/false");
    accepted(&image, "carol's password");
}
