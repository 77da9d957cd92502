//! Who has sudo.

use unix_connector::files::{group, passwd};
use unix_connector::sudoers;

use crate::image::Image;

const PASSWD: &str = "\
root:x:0:0::/root:/bin/sh
ann:x:1:10::/:/bin/sh
ben:x:2:10::/:/bin/sh
cem:x:3:20::/:/bin/sh
dot:x:4:30::/:/bin/sh
eve:x:4:40::/:/bin/sh
";

const GROUP: &str = "staff:x:10:\nops:x:20:ann\nwheel:x:50:dot\nprinters:x:60:ben\n";

fn image(sudoers: &str) -> Image {
    let image = Image::of(&[("etc/passwd", PASSWD), ("etc/group", GROUP), ("etc/hostname", "web1\n")]);
    image.set("etc/sudoers", sudoers);
    image
}

/// The users with sudo. A `!` marks those who can do everything.
fn granted(sudoers: &str) -> String {
    let grants = image(sudoers).machine().sudo().items;
    let name =
        |grant: &sudoers::SudoGrant| format!("{}{}", grant.account, if grant.is_full() { "!" } else { "" });
    grants.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn problems(sudoers: &str) -> Vec<String> {
    image(sudoers).machine().sudo().problems()
}

#[test]
fn rules_can_name_users_in_every_way() {
    assert_eq!(granted("ann ALL=ALL"), "ann!");
    assert_eq!(granted("\"ann\" ALL=ALL"), "ann!");
    assert_eq!(granted("#4 ALL=ALL"), "dot! eve!", "both users of the number");
    assert_eq!(granted("%wheel ALL=ALL"), "dot!");
    assert_eq!(granted("%ops ALL=ALL"), "ann! cem!", "listed and primary members");
    assert_eq!(granted("%#10 ALL=ALL"), "ann! ben!");
    assert_eq!(granted("%#77 ALL=ALL"), "");
    assert_eq!(granted("ALL ALL=ALL"), "root! ann! ben! cem! dot! eve!");
    assert_eq!(granted("ghost, %ghosts ALL=ALL"), "");
}

#[test]
fn rules_for_the_first_account_of_a_uid_apply_to_all_of_them() {
    assert_eq!(granted("dot ALL=ALL"), "dot! eve!");
    assert_eq!(granted("%#30 ALL=ALL"), "dot! eve!", "and so does its primary group");
    assert_eq!(granted("eve ALL=ALL"), "", "sudo looks up the name of a UID");
    assert_eq!(granted("%wheel ALL=ALL"), "dot!", "other groups are those of the login");
    assert_eq!(granted("%#40 ALL=ALL"), "eve!");
    assert_eq!(granted("ALL ALL=ALL\neve ALL=!ALL"), "root! ann! ben! cem! dot! eve!");
    assert_eq!(granted("ALL ALL=ALL\ndot ALL=!ALL"), "root! ann! ben! cem!");
}

#[test]
fn the_last_matching_member_decides() {
    assert_eq!(granted("ALL, !%staff ALL=ALL"), "root! cem! dot! eve!");
    assert_eq!(granted("ALL, !%staff, ben ALL=ALL"), "root! ben! cem! dot! eve!");
    assert_eq!(granted("!ann, ann ALL=ALL"), "ann!");
    assert_eq!(granted("!!ann ALL=ALL"), "ann!");
    assert_eq!(granted("!ann ALL=ALL"), "");
}

#[test]
fn aliases_can_be_defined_anywhere() {
    let aliases = "BOTH ALL=ALL\nUser_Alias ONE = ann, TWO : BOTH = ONE, !cem\nUser_Alias TWO = ben, cem\n";
    assert_eq!(granted(aliases), "ann! ben!");
    assert_eq!(granted("User_Alias A = ALL, !ann\nALL, !A ALL=ALL"), "ann!");
    assert_eq!(granted("User_Alias A = ann\nUser_Alias A = ben\nA ALL=ALL"), "ann!", "the first one counts");
    assert_eq!(granted("UNDEFINED ALL=ALL"), "");
}

#[test]
fn circular_aliases_end() {
    let circle = "User_Alias A = B, ann\nUser_Alias B = A, ben\nA ALL=ALL\n";
    assert_eq!(granted(circle), "ann! ben!");
    assert_eq!(problems(circle), ["etc/sudoers: skipped circular aliases (1)"]);
    let mut bomb = "User_Alias A0 = ann\n".to_owned();
    for i in 1..100 {
        bomb += &format!("User_Alias A{i} = A{0}, A{0}\nHost_Alias H{i} = H{0}, H{0}\n", i - 1);
    }
    bomb += "Host_Alias H0 = db\nA99 H99=ALL\nA99 ALL=ALL\n";
    assert_eq!(granted(&bomb), "ann!");
}

#[test]
fn later_rules_can_take_everything_back() {
    assert_eq!(granted("ann, ben ALL=ALL\nben ALL=!ALL"), "ann!");
    assert_eq!(granted("ben ALL=!ALL\nben ALL=ALL"), "ben!");
    assert_eq!(granted("ann ALL=ALL\nann ALL=!ALL, /bin/ls"), "ann");
    assert_eq!(granted("ann ALL=ALL\nann ALL=!/bin/su"), "ann");
}

#[test]
fn only_every_command_as_root_is_full() {
    assert_eq!(granted("ann ALL=/bin/ls\nben ALL=(www) ALL\ncem ALL=ALL, !/bin/su"), "ann ben cem");
    assert_eq!(granted("ann ALL=/bin/ls\nann ALL=NOPASSWD: ALL"), "ann!");
}

#[test]
fn rules_for_other_hosts_do_not_count() {
    assert_eq!(granted("ann web1=ALL\nben db1=ALL\ncem ALL,!web1=ALL"), "ann!");
    assert_eq!(granted("Host_Alias DB = db1, db2\nann DB=ALL : !DB=ALL"), "");
    assert_eq!(granted("Host_Alias DB = db1, db2\nann ALL,!DB=ALL"), "ann!");
    let network = "ann 10.0.0.0/8=ALL\n";
    assert_eq!(granted(network), "ann");
    assert_eq!(problems(network), ["etc/sudoers: counted host lists that may name this host (1)"]);
}

#[test]
fn netgroups_and_directory_groups_are_counted() {
    let text = "+admins ALL=ALL\n%:domain ALL=ALL\nann ALL=ALL\n";
    assert_eq!(granted(text), "ann!");
    assert_eq!(problems(text), ["etc/sudoers: skipped netgroups or groups of a directory service (2)"]);
}

#[test]
fn malformed_lines_are_skipped() {
    let text = "ann ALL=ALL\nthis is wrong\nben ALL = ls\ncem ALL=ALL\n";
    assert_eq!(granted(text), "ann! cem!");
    assert_eq!(problems(text), ["etc/sudoers: skipped 2 malformed lines, the first is line 2"]);
}

#[test]
fn the_sudo_group_is_a_customary_one_with_full_rights() {
    let groups = |text: &str| {
        let image = image(text);
        sudoers::read(&image.root()).administrative_groups(&group::read(&image.root()).items)
    };
    assert_eq!(
        groups("%ops ALL=ALL\n%wheel ALL=(ALL) ALL\n%sudo ALL=ALL"),
        ["wheel"],
        "the group sudo does not exist"
    );
    assert_eq!(groups("%printers ALL=/bin/lp\n%ops ALL=ALL\n%staff ALL=ALL"), ["ops"]);
    assert_eq!(groups("User_Alias TEAM = %ops\nTEAM ALL=ALL"), ["ops"]);
    assert_eq!(groups("%wheel ALL=ALL\n%wheel ALL=!ALL"), [""; 0]);
    assert_eq!(groups("%wheel db1=ALL"), [""; 0]);
    assert_eq!(groups("ALL ALL=ALL"), [""; 0]);
}

#[test]
fn grants_name_their_rules() {
    let image = image("ann ALL=/bin/ls\n\n%ops, \\\n  ben ALL=ALL\n");
    let users = passwd::read(&image.root()).items;
    let groups = group::read(&image.root()).items;
    let grants = sudoers::read(&image.root()).grants(&users, &groups).items;
    let via: Vec<String> =
        grants[0].via.iter().map(|via| format!("{} {} {}", via.who, via.place, via.full)).collect();
    assert_eq!(via, ["ann etc/sudoers:1 false", "%ops etc/sudoers:3 true"]);
}
