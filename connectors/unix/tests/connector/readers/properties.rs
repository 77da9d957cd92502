//! Reading ends with a listing for any contents of the files.

use proptest::collection::vec;
use proptest::prelude::*;
use unix_connector::day::Day;
use unix_connector::files::{group, gshadow, login_defs, passwd, shadow};
use unix_connector::sudoers;

use crate::image::Image;

const TABLES: [&str; 4] = ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"];

/// Pieces of the files' syntax, to get past the first check.
fn syntax() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"\n",
        b"\n",
        b":",
        b":",
        b":",
        b"a",
        b"b",
        b"x",
        b"1",
        b"100",
        b"0",
        b"-1",
        b",",
        b"!",
        b"*",
        b"+",
        b"#",
        b" ",
        b"\xff",
        b"\0",
        b"ALL",
        b"=",
        b"(",
        b")",
        b"\"",
        b"\\",
        b"\\\n",
        b"%",
        b"User_Alias ",
        b"Host_Alias ",
        b"A",
        b"B",
        b"@include ",
        b"#includedir ",
        b"/etc/passwd",
        b"sudoers",
        b"/bin/ls",
        b"NOPASSWD:",
        b"Defaults",
        b"\xc3\xa9",
    ];
    vec(prop::sample::select(pieces), 0..200).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_can_be_listed(texts in vec(prop_oneof![syntax(), vec(any::<u8>(), 0..500)], 8)) {
        let image = Image::of(&[]);
        let paths = TABLES.into_iter().chain(["etc/sudoers", "etc/login.defs", "var/log/wtmp", "var/log/lastlog"]);
        for (path, text) in paths.zip(&texts) {
            image.set_bytes(path, text);
        }
        let machine = image.machine();
        let accounts = machine.accounts(Day(20_000));
        let known = |name: &str| accounts.items.iter().any(|account| account.user.name == name);
        for association in machine.associations().items {
            prop_assert!(known(&association.account));
        }
        for login in machine.last_logins().items {
            prop_assert!(known(&login.account));
        }
        let _ = machine.groups();
        let _ = login_defs::read(&image.root());
    }

    #[test]
    fn every_line_is_listed_or_counted(text in syntax()) {
        let image = Image::of(&[]);
        for path in TABLES {
            image.set_bytes(path, &text);
        }
        let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")).count() as u64;
        let root = image.root();
        let (users, shadows) = (passwd::read(&root), shadow::read(&root));
        let (groups, gshadows) = (group::read(&root), gshadow::read(&root));
        prop_assert_eq!(users.items.len() as u64 + users.skipped(), lines);
        prop_assert_eq!(shadows.items.len() as u64 + shadows.skipped(), lines);
        prop_assert_eq!(groups.items.len() as u64 + groups.skipped(), lines);
        prop_assert_eq!(gshadows.items.len() as u64 + gshadows.skipped(), lines);
    }

    #[test]
    fn valid_rules_apply_after_any_text(noise in "[ -~\n]{0,200}") {
        prop_assume!(!noise.contains("clude"));
        let image = Image::of(&[("etc/passwd", "zoe:x:1:1:::\n"), ("etc/group", ""), ("etc/hostname", "h\n")]);
        image.set("etc/sudoers", &format!("{noise}\n\nzoe ALL=ALL\n"));
        let users = passwd::read(&image.root()).items;
        let grants = sudoers::read(&image.root()).grants(&users, &[]);
        prop_assert_eq!(grants.items.len(), 1);
    }
}
