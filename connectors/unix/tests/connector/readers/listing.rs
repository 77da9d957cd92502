//! Accounts, groups, associations and logins.

use std::fs;

use unix_connector::day::Day;
use unix_connector::machine::{Association, Detail, Status};
use unix_connector::sudoers::Via;

use crate::image::{self as records, Image};

const TODAY: Day = Day(20_000);

const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
alice:x:1000:1000:Alice Liddell,Room 7:/home/alice:/bin/bash
bob:x:1001:100::/home/bob:/bin/sh
carol:x:1002:100:Carol:/home/carol:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
";

const SHADOW: &str = "\
root:*:19000:0:99999:7:::
alice:$6$salt$hash:19000:0:99999:7:::
bob:!$6$salt$hash:19000:0:99999:7:::
carol:!:19000:0:99999:7::20000:
nobody:*:19000:0:99999:7:::
";

const GROUP: &str = "\
root:x:0:
sudo:x:27:alice
users:x:100:carol
alice:x:1000:
dev:x:2000:bob,alice,bob
nogroup:x:65534:
";

const GSHADOW: &str = "\
root:*::
sudo:*::alice
users:*::carol
alice:!::
dev:!:alice:bob,alice
nogroup:*::
";

const SUDOERS: &str = "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n";

fn machine() -> Image {
    Image::of(&[
        ("etc/passwd", PASSWD),
        ("etc/shadow", SHADOW),
        ("etc/group", GROUP),
        ("etc/gshadow", GSHADOW),
        ("etc/sudoers", SUDOERS),
        ("etc/sudoers.d/bob", "bob ALL = /bin/ls\n"),
        ("etc/hostname", "web1\n"),
    ])
}

fn statuses(image: &Image) -> Vec<(String, Option<Status>)> {
    let accounts = image.machine().accounts(TODAY).items;
    accounts.into_iter().map(|account| (account.user.name, account.status)).collect()
}

/// `account entitlement resource`, with a `*` after a primary group.
fn lines(associations: &[Association]) -> Vec<String> {
    let line = |association: &Association| {
        let mark = if association.detail == (Detail::Member { primary: true }) { "*" } else { "" };
        let entitlement = association.detail.entitlement().id();
        format!("{} {entitlement} {}{mark}", association.account, association.resource)
    };
    associations.iter().map(line).collect()
}

#[test]
fn locks_and_dates_suspend_but_missing_passwords_do_not() {
    let image = machine();
    let reading = image.machine().accounts(TODAY);
    assert_eq!(reading.problems(), [""; 0]);
    let expected = [
        ("root", Status::Active),
        ("alice", Status::Active),
        ("bob", Status::Suspended),
        ("carol", Status::Suspended),
        ("nobody", Status::Active),
    ];
    assert_eq!(statuses(&image), expected.map(|(name, status)| (name.to_owned(), Some(status))));
    let carol_yesterday = &image.machine().accounts(Day(19_999)).items[3];
    assert_eq!(carol_yesterday.status, Some(Status::Active));
}

#[test]
fn inactive_accounts_are_suspended() {
    let image = machine();
    for (line, status) in [
        ("$6$x$y:19000:0:30:7:10::", Status::Suspended),
        ("*:19000:0:30:7:10::", Status::Suspended),
        ("$6$x$y:19960:0:30:7:10::", Status::Suspended),
        ("$6$x$y:19961:0:30:7:10::", Status::Active),
        ("$6$x$y:19000:0:30:7:0::", Status::Suspended),
        // The owner must choose a new password, and can.
        ("$6$x$y:19000:0:30:7:::", Status::Active),
        ("$6$x$y:0:0:30:7:10::", Status::Active),
        // Passwords don't expire.
        ("$6$x$y::0:30:7:10::", Status::Active),
        ("$6$x$y:19000:0::7:10::", Status::Active),
        ("$6$x$y:19000:0:-1:7:10::", Status::Active),
        ("$6$x$y:19000:0:30:7:-1::", Status::Active),
        // Changed in the future, by a clock that was wrong.
        ("$6$x$y:20100:0:30:7:10::", Status::Active),
    ] {
        image.set("etc/shadow", &format!("alice:{line}\n"));
        assert_eq!(statuses(&image)[1], ("alice".to_owned(), Some(status)), "{line}");
    }
}

#[test]
fn without_shadow_nobody_is_active() {
    for (text, problem) in [(None, "etc/shadow: missing"), (Some(""), "etc/shadow: empty")] {
        let image = machine();
        match text {
            Some(text) => image.set("etc/shadow", text),
            None => image.remove("etc/shadow"),
        }
        assert_eq!(image.machine().accounts(TODAY).problems(), [problem]);
        assert_eq!(statuses(&image).into_iter().map(|(_, status)| status).collect::<Vec<_>>(), [None; 5]);
    }
}

#[test]
fn an_account_without_a_shadow_line_has_no_status() {
    let image = machine();
    image.set("etc/shadow", "alice:$6$a$b:1::::::\nbob:*:1:::::nonsense:\n");
    let statuses: Vec<_> = statuses(&image).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, [None, Some(Status::Active), None, None, None]);
    assert_eq!(
        image.machine().accounts(TODAY).problems(),
        [
            "etc/shadow: skipped malformed line 2",
            "etc/shadow: skipped accounts without a line, whose status is unknown (4)"
        ]
    );
}

#[test]
fn passwords_in_passwd_count_without_shadow() {
    let image = machine();
    image.remove("etc/shadow");
    image.set("etc/passwd", "a:$1$a$b:1:1:::\nb:!$1$a$b:2:1:::\nc:x:3:1:::\n");
    let statuses: Vec<_> = statuses(&image).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, [Some(Status::Active), Some(Status::Suspended), None]);
}

#[test]
fn system_accounts_can_be_hidden_everywhere() {
    let image = machine();
    let machine = image.machine().hide_system_accounts(true);
    let names: Vec<_> = machine.accounts(TODAY).items.into_iter().map(|account| account.user.name).collect();
    assert_eq!(names, ["alice", "bob", "carol"]);
    let associations = lines(&machine.associations().items);
    assert_eq!(
        associations,
        [
            "alice member sudo",
            "carol member users*",
            "bob member users*",
            "alice member alice*",
            "bob member dev",
            "alice member dev",
            "alice administrator dev",
            "alice sudo host",
            "bob sudo host",
        ]
    );

    image.set("etc/login.defs", "UID_MIN 1002\n");
    assert_eq!(machine.accounts(TODAY).items.len(), 1);
}

#[test]
fn associations_are_primary_and_supplementary_groups_administrators_and_sudo() {
    let reading = machine().machine().associations();
    assert_eq!(reading.problems(), [""; 0]);
    assert_eq!(
        lines(&reading.items),
        [
            "root member root*",
            "alice member sudo",
            "carol member users*",
            "bob member users*",
            "alice member alice*",
            "bob member dev",
            "alice member dev",
            "alice administrator dev",
            "nobody member nogroup*",
            "root sudo host",
            "alice sudo host",
            "bob sudo host",
        ]
    );
    let via = |account: &str| -> Vec<(String, String, bool)> {
        let sudo = |found: &&Association| found.account == account && &*found.resource == "host";
        match &reading.items.iter().find(sudo).unwrap().detail {
            Detail::Sudo { via } => via
                .iter()
                .map(|Via { who, place, full, .. }| (who.to_string(), place.clone(), *full))
                .collect(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(via("alice"), [("%sudo".to_owned(), "etc/sudoers:2".to_owned(), true)]);
    assert_eq!(via("bob"), [("bob".to_owned(), "etc/sudoers.d/bob:1".to_owned(), false)]);
}

#[test]
fn references_to_unknown_accounts_are_counted() {
    let image = machine();
    image.set("etc/group", "sudo:x:27:ghost,alice\n");
    image.set("etc/gshadow", "sudo:*:ghost:\n");
    let reading = image.machine().associations();
    assert_eq!(lines(&reading.items)[0], "alice member sudo");
    assert_eq!(
        reading.problems(),
        [
            "etc/group: skipped members without a line in etc/passwd (1)",
            "etc/gshadow: skipped administrators without a line in etc/passwd (1)",
            "etc/passwd: skipped primary groups without a line in etc/group (5)"
        ]
    );
}

#[test]
fn any_file_can_be_missing() {
    for file in ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow", "etc/sudoers"] {
        let image = machine();
        image.remove(file);
        let machine = image.machine();
        let mut problems = machine.accounts(TODAY).problems();
        problems.extend(machine.groups().problems());
        problems.extend(machine.associations().problems());
        assert!(problems.contains(&format!("{file}: missing")), "{file}: {problems:?}");
    }
    let nothing = Image::of(&[]).machine();
    assert!(nothing.accounts(TODAY).items.is_empty() && nothing.associations().items.is_empty());
    assert_eq!(
        nothing.last_logins().problems(),
        [
            "var/log/wtmp: missing",
            "var/lib/wtmpdb/wtmp.db: missing",
            "var/log/lastlog: missing",
            "var/lib/lastlog/lastlog2.db: missing",
            "etc/passwd: missing"
        ]
    );
}

#[test]
fn the_latest_login_of_wtmp_and_lastlog_counts() {
    let image = machine();
    let lastlog = [vec![0; 292 * 1000], records::lastlog(500), records::lastlog(900)].concat();
    fs::create_dir_all(image.path("var/log")).unwrap();
    fs::write(image.path("var/log/lastlog"), lastlog).unwrap();
    let wtmp = [records::wtmp("alice", 700), records::wtmp("bob", 800), records::wtmp("ghost", 999)].concat();
    fs::write(image.path("var/log/wtmp"), wtmp).unwrap();
    let reading = image.machine().last_logins();
    assert_eq!(reading.problems(), [""; 0]);
    let found: Vec<_> =
        reading.items.iter().map(|login| (login.account.as_str(), login.at, login.source)).collect();
    assert_eq!(found, [("alice", 700, "var/log/wtmp"), ("bob", 900, "var/log/lastlog")]);
}

#[test]
fn listing_takes_linear_time() {
    const USERS: u32 = 100_000;
    let lines = |line: &dyn Fn(u32) -> String| (0..USERS).map(line).collect::<String>();
    let all: Vec<String> = (0..USERS).map(|i| format!("u{i}")).collect();
    let all = all.join(",");
    let image = Image::of(&[
        ("etc/passwd", &lines(&|i| format!("u{i}:x:{}:100:User {i}:/home/u{i}:/bin/sh\n", i + 1000))),
        ("etc/shadow", &lines(&|i| format!("u{i}:*:1:0:99999:7:::\n"))),
        ("etc/group", &format!("users:x:100:{all}\nsudo:x:27:{all}\n")),
        ("etc/gshadow", &format!("users:*:{all}:\n")),
        ("etc/sudoers", &format!("%sudo ALL=ALL\n{}", lines(&|i| format!("u{i} ALL=ALL\n")))),
    ]);
    let start = std::time::Instant::now();
    let accounts = image.machine().accounts(TODAY);
    let associations = image.machine().associations();
    // Quadratic work would take many minutes; this leaves room for a slow machine and an unoptimized build.
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
    assert!(!accounts.is_partial() && !associations.is_partial());
    assert_eq!((accounts.items.len(), associations.items.len()), (100_000, 400_000));
}
