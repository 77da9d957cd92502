//! What sudo grants: names as sudo compares them, target users, commands, order, time.

use unix_connector::sudoers::SudoGrant;

use crate::image::Image;

const PASSWD: &str = "\
root:x:0:0::/root:/bin/sh
toor:x:0:0::/root:/bin/sh
ann:x:1:10::/:/bin/sh
ben:x:2:10::/:/bin/sh
cem:x:3:20::/:/bin/sh
dan:x:4:30::/:/bin/sh
www:x:33:33::/:/bin/sh
josé:x:5:30::/:/bin/sh
";

const GROUP: &str = "\
root:x:0:
staff:x:10:
ops:x:20:ann
other:x:30:
www:x:33:
sudo:x:27:ben
sudo:x:27:cem
admins:x:27:dan
blank:x:50:ann ,ben\r
lead:x:51: cem,\tdan
";

fn image(sudoers: &str) -> Image {
    Image::of(&[
        ("etc/passwd", PASSWD),
        ("etc/group", GROUP),
        ("etc/hostname", "web1\n"),
        ("etc/sudoers", sudoers),
    ])
}

/// The users with sudo. A `!` marks those who can do everything as root.
fn granted(sudoers: &str) -> String {
    let grants = image(sudoers).machine().sudo().items;
    let name = |grant: &SudoGrant| format!("{}{}", grant.account, if grant.is_full() { "!" } else { "" });
    grants.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn problems(sudoers: &str) -> Vec<String> {
    image(sudoers).machine().sudo().problems()
}

#[test]
fn a_group_consists_of_all_lines_with_its_number() {
    assert_eq!(granted("%sudo ALL=ALL"), "ben! cem! dan!");
    assert_eq!(granted("%#27 ALL=ALL"), "ben! cem! dan!");
    assert_eq!(granted("%admins ALL=ALL"), "", "the first group has the number's name");
    assert_eq!(granted("Defaults match_group_by_gid\n%admins ALL=ALL"), "ben! cem! dan!");
}

#[test]
fn blanks_before_members_are_ignored() {
    assert_eq!(granted("%blank ALL=ALL"), "", "neither `ann ` nor `ben\\r` is anybody");
    assert_eq!(granted("%lead ALL=ALL"), "cem! dan!");
}

#[test]
fn names_ignore_case_by_default() {
    assert_eq!(granted("Ann ALL=ALL\nBEN ALL=ALL"), "ann! ben!");
    assert_eq!(granted("%Ops ALL=ALL"), "ann! cem!");
    assert_eq!(granted("Defaults !case_insensitive_user\nAnn ALL=ALL\n%Ops ALL=ALL"), "ann! cem!");
    assert_eq!(granted("Ann ALL=ALL\n%Ops ALL=ALL\nDefaults !case_insensitive_group"), "ann!");
    assert_eq!(granted("Defaults@db1 !case_insensitive_user\nAnn ALL=ALL"), "ann!");
    assert_eq!(granted("ann ALL=(ROOT) ALL"), "ann!");
}

#[test]
fn target_and_command_aliases_are_resolved() {
    assert_eq!(granted("Runas_Alias OPS=root\nann ALL=(OPS) ALL"), "ann!");
    assert_eq!(granted("ann ALL=(OPS) ALL\nRunas_Alias WEB=www : OPS=WEB, !root"), "ann");
    assert_eq!(granted("Cmnd_Alias EVERY=ALL\nann ALL=EVERY"), "ann!");
    assert_eq!(granted("Cmnd_Alias C=!ALL\nann ALL=ALL, C\nben ALL=ALL\nben ALL=C"), "");
    assert_eq!(granted("Cmnd_Alias C=!ALL\nann ALL=!C"), "ann!");
    assert_eq!(granted("Cmnd_Alias LESS=ALL, !/bin/su\nann ALL=LESS"), "ann");
    let undefined = "ann ALL=TOOLS\nben ALL=ALL, !TOOLS";
    assert_eq!(granted(undefined), "ben!");
    assert_eq!(problems(undefined), ["etc/sudoers: skipped command aliases that are not defined (2)"]);
    let circle = "Cmnd_Alias A=B, /bin/ls : B=A\nann ALL=A";
    assert_eq!(granted(circle), "ann");
    assert_eq!(problems(circle), ["etc/sudoers: skipped circular aliases (1)"]);
}

#[test]
fn command_aliases_are_limited() {
    let mut bomb = "Cmnd_Alias A0 = /bin/ls\nRunas_Alias R0 = root\n".to_owned();
    for i in 1..100 {
        bomb += &format!("Cmnd_Alias A{i} = A{0}, A{0}\nRunas_Alias R{i} = R{0}, R{0}\n", i - 1);
    }
    assert_eq!(granted(&format!("{bomb}ann ALL=(R99) A99, ALL")), "ann!");
}

#[test]
fn the_last_rule_about_a_target_decides() {
    assert_eq!(granted("ann ALL=(www) ALL\nann ALL=(root) !ALL"), "ann");
    assert_eq!(granted("ann ALL=(www) ALL\nann ALL=(www) !ALL"), "");
    assert_eq!(granted("ann ALL=(www, root) ALL\nann ALL=(www) !ALL"), "ann!");
    assert_eq!(granted("ann ALL=(ALL) ALL\nann ALL=(root) !ALL"), "ann!", "toor has UID 0 too");
    assert_eq!(granted("ann ALL=(ALL) ALL\nann ALL=(#0) !ALL"), "ann");
    assert_eq!(granted("ann ALL=(ALL) ALL\nann ALL=!ALL"), "ann!", "toor again");
    assert_eq!(granted("ann ALL=(%ops) ALL\nann ALL=(%ops) !ALL"), "");
    assert_eq!(granted("ann ALL=(%ops) ALL\nann ALL=(ALL) !ALL"), "");
    assert_eq!(granted("ann ALL=() ALL\nann ALL=(root) !ALL"), "ann", "as herself");
}

#[test]
fn the_last_rule_about_a_command_decides() {
    assert_eq!(granted("ann ALL=ALL\nann ALL=!/bin/su"), "ann");
    assert_eq!(granted("ann ALL=!/bin/su\nann ALL=ALL"), "ann!");
    assert_eq!(granted("ann ALL=ALL, !/bin/su, /bin/su"), "ann!");
    assert_eq!(granted("ann ALL=ALL\nann ALL=(www) !/bin/su"), "ann!");
    assert_eq!(granted("ann ALL=/bin/ls\nann ALL=!/bin/ls"), "");
    assert_eq!(granted("ann ALL=/bin/ls\nann ALL=!/bin/cat"), "ann");
    assert_eq!(granted("ann ALL=(root) ALL, (www) /bin/ls"), "ann!");
}

#[test]
fn defaults_name_the_target_of_rules_without_one() {
    assert_eq!(granted("Defaults runas_default=www\nann ALL=ALL\nben ALL=(root) ALL"), "ann ben!");
    assert_eq!(granted("ann ALL=ALL\nDefaults:ann runas_default=www\nben ALL=ALL"), "ann ben!");
    assert_eq!(granted("Defaults@db1 runas_default=www\nann ALL=ALL"), "ann!");
    assert_eq!(granted("Defaults@web1 runas_default=www\nann ALL=ALL"), "ann");
    assert_eq!(problems("Defaults@web1 runas_default=www\nann ALL=ALL"), [""; 0]);
    assert_eq!(granted("Defaults env_reset, runas_default = \"www\", !lecture\nann ALL=ALL"), "ann");
    assert_eq!(granted("Defaults !root_sudo\nroot, ann ALL=ALL"), "ann!");
}

#[test]
fn hexadecimal_escapes_are_bytes_outside_quotes() {
    assert_eq!(granted("jos\\xc3\\xa9 ALL=ALL"), "josé!");
    assert_eq!(granted("\"josé\" ALL=ALL"), "josé!");
    assert_eq!(granted("\"\\x61nn\" ALL=ALL"), "");
    assert_eq!(granted("\\x61nn ALL=ALL"), "ann!");
}

#[test]
fn rules_apply_only_in_their_period() {
    assert_eq!(granted("ann ALL=NOTAFTER=20200101000000Z ALL"), "");
    assert_eq!(granted("ann ALL=NOTBEFORE=99990101000000Z ALL"), "");
    assert_eq!(granted("ann ALL=NOTBEFORE=2020010100Z NOTAFTER=\"99990101000000+0100\" ALL"), "ann!");
    assert_eq!(
        granted("ann ALL=NOTAFTER=202001010000 /bin/cat, ALL"),
        "",
        "it applies to the rest of the list"
    );
    assert_eq!(granted("ann ALL=ALL\nann ALL=NOTAFTER=20200101000000Z !ALL"), "ann!");
    assert_eq!(problems("ann ALL=NOTAFTER=2020 ALL"), ["etc/sudoers: skipped malformed line 1"]);
}

#[test]
fn a_number_after_a_hash_is_not_a_comment() {
    assert_eq!(granted("ann ALL=ALL #1 x\nben ALL=ALL # 1"), "ben!");
    assert_eq!(problems("ann ALL=ALL #1 x\nben ALL=ALL # 1"), ["etc/sudoers: skipped malformed line 1"]);
    assert_eq!(granted("ann,#2 ALL=(#0) ALL"), "ann! ben!");
    assert_eq!(granted("ann ALL=/bin/ls \"a#b\", ALL"), "ann", "quotes mean nothing in commands");
}

#[test]
fn rules_for_unknown_users_are_gaps() {
    let gap = "users or groups of rules that do not exist";
    let text = "ghost, %ghosts, #77, %#78 ALL=ALL\nann ALL=ALL\nphantom db1=ALL\n";
    assert_eq!(problems(text), [format!("etc/sudoers: skipped {gap} (4)")]);
    assert_eq!(
        problems("User_Alias A=ghost\nA ALL=ALL\nA ALL=ALL"),
        [format!("etc/sudoers: skipped {gap} (1)")]
    );
    assert_eq!(problems("%www ALL=ALL"), [""; 0], "a group without members");
}
