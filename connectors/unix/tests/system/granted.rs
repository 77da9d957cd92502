//! Compares listings with Debian's sudo and C library, for the same files.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use unix_connector::machine::{Detail, Entitlement, HOST};
use unix_connector::write::{Change, WriteError};

use crate::private_machine::{HOSTNAME, machine, on_private_machine, run, set, writer};

const PASSWD: &str = "\
root:x:0:0::/root:/bin/sh
toor:x:0:0::/root:/bin/sh
ann:x:3001:3010::/:/bin/sh
ben:x:3002:3010::/:/bin/sh
cem:x:3003:3020::/:/bin/sh
dan:x:3004:3030::/:/bin/sh
web:x:3033:3033::/:/bin/sh
josé:x:3005:3030::/:/bin/sh
";

const GROUP: &str = "\
root:x:0:
staff:x:3010:
ops:x:3020:ann
other:x:3030:
web:x:3033:
sudo:x:27:ben
sudo:x:27:cem
admins:x:27:dan
blank:x:3050:ann ,ben\r
lead:x:3051: cem,\tdan
";

/// Commands that sudo is asked about: those in rules, and another one.
const PROBES: [&str; 3] = ["/usr/bin/env", "/usr/bin/id", "/usr/bin/cat"];

/// Rules, and the users for whom sudo differs, with the reason.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    ("ann ALL=ALL\nben web1=/usr/bin/id\ncem real=ALL", &[]),
    ("Ann ALL=ALL\nBEN ALL=ALL\n%SUDO ALL=ALL", &[]),
    ("Defaults !case_insensitive_user\nAnn ALL=ALL\nben ALL=ALL\n%Ops ALL=ALL", &[]),
    ("Defaults !case_insensitive_group\nAnn ALL=ALL\n%Staff ALL=ALL", &[]),
    ("%sudo ALL=ALL", &[]),
    ("%admins ALL=ALL", &[]),
    ("%#27 ALL=ALL", &[]),
    ("Defaults match_group_by_gid\n%admins ALL=ALL", &[]),
    ("%blank ALL=ALL\n%lead ALL=(web) ALL", &[]),
    (
        "Runas_Alias OPS=root\nann ALL=(OPS) ALL\nben ALL=(NOBODY) ALL",
        &[("ben", "a target that only a directory service may know")],
    ),
    ("Cmnd_Alias EVERY=ALL\nCmnd_Alias C=!ALL\nann ALL=EVERY\nben ALL=ALL, C\ncem ALL=!C", &[]),
    ("ann ALL=(web) ALL\nann ALL=(root) !ALL\nben ALL=(web) ALL\nben ALL=(web) !ALL", &[]),
    ("ann ALL=(ALL) ALL\nann ALL=(#0) !ALL\nben ALL=(ALL) ALL\nben ALL=(ALL) !ALL", &[]),
    (
        "ann ALL=() ALL\nben ALL=(%ops) ALL\ncem ALL=(ALL, !root, !toor) ALL",
        &[("ann", "an empty list stands for the caller, which is root in this test")],
    ),
    ("ann ALL=ALL\nann ALL=!/usr/bin/id\nben ALL=!/usr/bin/id\nben ALL=ALL", &[]),
    ("ann ALL=ALL, !/usr/bin/id, /usr/bin/id\nben ALL=/usr/bin/id\nben ALL=!/usr/bin/id", &[]),
    (
        "ann ALL=/usr/bin/id\nann ALL=!/usr/bin/*",
        &[("ann", "that a pattern includes a command is not known")],
    ),
    ("Defaults runas_default=web\nann ALL=ALL\nben ALL=(root) ALL", &[]),
    ("Defaults@web1 runas_default=web\nDefaults@other !root_sudo\nann ALL=ALL\nben ALL=(root) ALL", &[]),
    ("jos\\xc3\\xa9 ALL=ALL\n\"\\x61nn\" ALL=ALL\n\\x62en ALL=ALL", &[]),
    ("ann ALL=NOTAFTER=20200101000000Z ALL\nben ALL=NOTBEFORE=20200101000000Z ALL", &[]),
    ("ann ALL=NOTBEFORE=99990101000000Z ALL\nben ALL=NOTAFTER=2020010100 /usr/bin/id, ALL", &[]),
    ("ann ALL=ALL\nann ALL=NOTAFTER=20200101000000Z !ALL", &[]),
    ("ann ALL=ALL #1 x\nben ALL=ALL # 1\n#3003 ALL=ALL", &[]),
    ("ann ALL=TOOLS\nben ALL=ALL, !TOOLS\nghost ALL=ALL", &[]),
    ("User_Alias A=ALL, !ann : B=!A\nA ALL=/usr/bin/id\nB ALL=ALL", &[]),
    ("ALL, !%sudo ALL=ALL", &[]),
    ("@includedir /etc/sudoers.d", &[]),
];

/// Writes the files. In `sudoers.d`, sudo reads the first file and ignores the others.
fn prepare(sudoers: &str) {
    set("etc/passwd", PASSWD);
    set("etc/group", GROUP);
    set("etc/hostname", "real\n");
    set("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 web1\n");
    set("etc/sudoers", &format!("{sudoers}\n"));
    fs::set_permissions("/etc/sudoers", fs::Permissions::from_mode(0o440)).unwrap();
    fs::remove_dir_all("/etc/sudoers.d").unwrap();
    for (name, text, mode) in
        [("a", "ann ALL=ALL\n", 0o644), ("b", "ben ALL=ALL\n", 0o666), ("c", "cem ALL=ALL\n", 0o440)]
    {
        set(&format!("etc/sudoers.d/{name}"), text);
        fs::set_permissions(format!("/etc/sudoers.d/{name}"), fs::Permissions::from_mode(mode)).unwrap();
    }
    chown("/etc/sudoers.d/c", Some(3001), None).unwrap();
}

fn users() -> impl Iterator<Item = &'static str> {
    PASSWD.lines().filter_map(|line| line.split(':').next())
}

/// Whether sudo lets a user run a command as another.
fn lets(user: &str, target: &str, command: &str) -> bool {
    let (success, printed) = run("sudo", &["-n", "-l", "-U", user, "-u", target, "--", command]);
    success && !printed.is_empty()
}

/// What sudo lets a user do: nothing, something, or everything as root.
fn by_sudo(user: &str) -> &'static str {
    let full = |target| PROBES.iter().all(|command| lets(user, target, command));
    if full("root") || full("toor") {
        return "everything";
    }
    let something = users().any(|target| PROBES.iter().any(|command| lets(user, target, command)));
    if something { "something" } else { "nothing" }
}

fn listed(user: &str) -> &'static str {
    let grants = machine().sudo().items;
    match grants.iter().find(|grant| grant.account == user) {
        Some(grant) if grant.is_full() => "everything",
        Some(_) => "something",
        None => "nothing",
    }
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn listed_grants_match_sudo() {
    on_private_machine("granted::listed_grants_match_sudo", || {
        let mut differences = Vec::new();
        for (sudoers, intended) in CASES {
            prepare(sudoers);
            for user in users() {
                let (sudo, here) = (by_sudo(user), listed(user));
                let reason = intended.iter().find(|(name, _)| *name == user);
                if (sudo == here) == reason.is_some() {
                    differences
                        .push(format!("{sudoers:?}: {user}: sudo: {sudo}, listed: {here}, {reason:?}"));
                }
            }
        }
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    });
}

/// Whether sudo lets a user who has logged in run a command as root, without a password.
fn runs(user: &str) -> bool {
    let (_, groups) = run("id", &["-G", "--", user]);
    let (_, uid) = run("id", &["-u", "--", user]);
    let (_, gid) = run("id", &["-g", "--", user]);
    let login = ["--reuid", &uid, "--regid", &gid, "--groups", &groups.replace(' ', ",")];
    run("setpriv", &[&login[..], &["sudo", "-n", "/usr/bin/id", "-u"]].concat()).1 == "0"
}

/// `sudo -l -U` looks up a name, but a login only has a UID.
#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn accounts_that_share_a_uid_have_the_sudo_that_is_listed() {
    on_private_machine("granted::accounts_that_share_a_uid_have_the_sudo_that_is_listed", || {
        let mut seen = BTreeSet::new();
        for rules in [
            "dot ALL=NOPASSWD: ALL",
            "eve ALL=NOPASSWD: ALL",
            "#4001 ALL=NOPASSWD: ALL",
            "%dot ALL=NOPASSWD: ALL",
            "%eve ALL=NOPASSWD: ALL",
            "%#4001 ALL=NOPASSWD: ALL",
            "%#4002 ALL=NOPASSWD: ALL",
            "%wheel ALL=NOPASSWD: ALL",
            "%extra ALL=NOPASSWD: ALL",
            "ALL ALL=NOPASSWD: ALL\neve ALL=!ALL",
            "ALL ALL=NOPASSWD: ALL\ndot ALL=!ALL",
            "ALL ALL=NOPASSWD: ALL\n%eve ALL=!ALL",
            "ALL ALL=NOPASSWD: ALL\n%dot ALL=!ALL",
            "User_Alias A = dot, !eve\nA ALL=NOPASSWD: ALL",
        ] {
            prepare(rules);
            set(
                "etc/passwd",
                "root:x:0:0::/root:/bin/sh\ndot:x:4001:4001::/:/bin/sh\neve:x:4001:4002::/:/bin/sh\n",
            );
            set("etc/shadow", "root:*:19000::::::\ndot:*:19000::::::\neve:*:19000::::::\n");
            set("etc/group", "root:x:0:\ndot:x:4001:\neve:x:4002:\nwheel:x:50:eve\nextra:x:51:dot\n");
            for user in ["dot", "eve"] {
                let by_sudo = runs(user);
                assert_eq!(by_sudo, listed(user) == "everything", "{rules:?}: {user}");
                seen.insert(by_sudo);
            }
        }
        assert_eq!(seen.len(), 2, "some are allowed and some are denied");
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn files_that_sudo_ignores_are_gaps_and_the_kernel_names_the_host() {
    on_private_machine("granted::files_that_sudo_ignores_are_gaps_and_the_kernel_names_the_host", || {
        prepare("@includedir /etc/sudoers.d");
        let problems = machine().sudo().problems();
        assert!(
            problems.contains(&"etc/sudoers.d/b: ignored by sudo, everybody can write to it".to_owned())
                && problems.iter().any(|problem| problem.starts_with("etc/sudoers.d/c: ignored by sudo")),
            "{problems:?}"
        );
        assert_eq!(machine().host().hostname.as_deref(), Some(HOSTNAME));
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn id_shows_the_groups_that_are_listed() {
    on_private_machine("granted::id_shows_the_groups_that_are_listed", || {
        prepare("");
        let groups = machine().groups().items;
        let associations = machine().associations().items;
        for user in users() {
            let member = |association: &&unix_connector::machine::Association| {
                association.account == user && matches!(association.detail, Detail::Member { .. })
            };
            let gid = |name: &str| groups.iter().find(|group| group.name == name).unwrap().gid.to_string();
            let listed: BTreeSet<String> =
                associations.iter().filter(member).map(|association| gid(&association.resource)).collect();
            let (_, printed) = run("id", &["-G", "--", user]);
            let by_id: BTreeSet<String> = printed.split(' ').map(str::to_owned).collect();
            assert_eq!(listed, by_id, "{user}");
        }
    });
}

/// The tools can't change a group with several lines, unless `login.defs` allows several lines.
#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn no_change_succeeds_without_an_effect() {
    on_private_machine("granted::no_change_succeeds_without_an_effect", || {
        prepare("%sudo ALL=(ALL:ALL) ALL");
        set("etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\n");
        for (account, entitlement, resource) in [
            ("cem", Entitlement::Member, "sudo"),
            ("cem", Entitlement::Sudo, HOST),
            ("dan", Entitlement::Sudo, HOST),
        ] {
            let error = writer().unassign(account, entitlement, resource).unwrap_err();
            assert!(lets(account, "root", "/usr/bin/env"), "{account}: {error}");
        }
        set("etc/group", &format!("{}only:x:3060:\n", GROUP.replace("sudo:x:27:cem\nadmins:x:27:dan\n", "")));
        assert_eq!(writer().unassign("ben", Entitlement::Sudo, HOST).unwrap(), Change::Changed);
        assert!(!lets("ben", "root", "/usr/bin/env"));
        assert_eq!(writer().assign("cem", Entitlement::Sudo, HOST).unwrap(), Change::Changed);
        assert!(lets("cem", "root", "/usr/bin/env"));
        assert_eq!(writer().assign("cem", Entitlement::Member, "only").unwrap(), Change::Changed);
        // The C library no longer reads the files.
        set("etc/nsswitch.conf", "passwd: files\ngroup: systemd\n");
        let error = writer().assign("ben", Entitlement::Member, "only").unwrap_err();
        assert!(matches!(error, WriteError::NoEffect { .. }), "{error}");
    });
}
