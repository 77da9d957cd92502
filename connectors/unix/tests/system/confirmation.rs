//! Whether the running machine confirms a change.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use unix_connector::day::Day;
use unix_connector::machine::{Entitlement, HOST};
use unix_connector::write::{Change, NewAccount, WriteError, Writer};

use crate::private_machine::{on_private_machine, set, writer};

/// A machine with the accounts `ann` and `ben`, and the group `sudo`.
fn prepare(sudoers: &str) {
    set("etc/passwd", "root:x:0:0::/root:/bin/sh\nann:x:3001:100::/:/bin/sh\nben:x:3002:100::/:/bin/sh\n");
    set("etc/shadow", "root:$6$a$b:19000::::::\nann:$6$a$b:19000::::::\nben:$6$a$b:19000::::::\n");
    set("etc/group", "root:x:0:\nusers:x:100:\nsudo:x:27:ben\nops:x:3020:\n");
    set("etc/gshadow", "root:*::\nusers:*::\nsudo:*::ben\nops:!::\n");
    set("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\n");
    set("etc/sudoers", &format!("{sudoers}\n"));
    fs::set_permissions("/etc/sudoers", fs::Permissions::from_mode(0o440)).unwrap();
}

/// A folder with these programs, before those of the system.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let system = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
    [dir.to_owned()].into_iter().chain(system).collect()
}

/// A folder with links to the programs of the system, except for some.
fn folder_without(missing: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for tool in
        ["useradd", "usermod", "userdel", "gpasswd", "chage", "id", "getent", "sudo", "nscd", "sss_cache"]
    {
        let found = folders(dir.path())
            .into_iter()
            .skip(1)
            .map(|folder| folder.join(tool))
            .find(|path| path.exists());
        if let Some(path) = found.filter(|_| !missing.contains(&tool)) {
            symlink(path, dir.path().join(tool)).unwrap();
        }
    }
    dir
}

/// Installs a script. Another process writes it: while one here has the file open, a fork of another test keeps it busy.
fn install(path: &Path, script: &str) {
    let write = "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
    assert!(Command::new("sh").args(["-c", write]).arg(path).arg(script).status().unwrap().success());
}

/// Creates, changes and deletes an account.
fn change_an_account(writer: &Writer) {
    writer.create(&NewAccount::new("dora"), Day::today()).unwrap();
    assert_eq!(writer.assign("dora", Entitlement::Member, "ops").unwrap(), Change::Changed);
    assert_eq!(writer.unassign("dora", Entitlement::Member, "ops").unwrap(), Change::Changed);
    assert_eq!(writer.deactivate("dora", Day::today()).unwrap(), Change::Changed);
    assert_eq!(writer.activate("dora", Day::today()).unwrap(), Change::Changed);
    writer.delete("dora").unwrap();
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_failure_of_sudo_is_not_a_denial() {
    on_private_machine("confirmation::a_failure_of_sudo_is_not_a_denial", || {
        prepare("%sudo ALL=(ALL:ALL) ALL\nDefaults !root_sudo");
        for result in [
            writer().assign("ann", Entitlement::Sudo, HOST),
            writer().assign("ben", Entitlement::Sudo, HOST),
            writer().unassign("ben", Entitlement::Sudo, HOST),
        ] {
            let error = result.unwrap_err();
            assert!(matches!(error, WriteError::NotConfirmed { tool: "sudo", .. }), "{error}");
            assert!(error.to_string().contains("root is not allowed to sudo"), "{error}");
        }
        // Warnings are not failures.
        prepare("%sudo ALL=(ALL:ALL) ALL\nthis is a syntax error");
        assert_eq!(writer().unassign("ben", Entitlement::Sudo, HOST).unwrap(), Change::Changed);
        assert_eq!(writer().assign("ben", Entitlement::Sudo, HOST).unwrap(), Change::Changed);
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_failed_grant_of_sudo_leaves_no_membership() {
    on_private_machine("confirmation::a_failed_grant_of_sudo_leaves_no_membership", || {
        prepare("%sudo ALL=(ALL:ALL) ALL");
        let dir = tempfile::tempdir().unwrap();
        install(&dir.path().join("id"), "echo 'id: out of order' >&2; exit 1");
        let writer = writer().search_path(folders(dir.path()));
        let before = fs::read_to_string("/etc/group").unwrap();
        let error = writer.assign("ann", Entitlement::Sudo, HOST).unwrap_err();
        assert!(matches!(error, WriteError::NotConfirmed { tool: "id", .. }), "{error}");
        assert_eq!(fs::read_to_string("/etc/group").unwrap(), before);

        let gpasswd = "case \"$*\" in *--delete*) exit 7;; esac; exec /usr/bin/gpasswd \"$@\"";
        install(&dir.path().join("gpasswd"), gpasswd);
        let error = writer.assign("ann", Entitlement::Sudo, HOST).unwrap_err();
        let WriteError::HalfDone { cleanup, source, .. } = &error else { panic!("{error}") };
        assert!(matches!(**cleanup, WriteError::ToolFailed { exit: Some(7), .. }), "{cleanup}");
        assert!(matches!(**source, WriteError::NotConfirmed { tool: "id", .. }), "{source}");
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn sudo_is_removed_from_all_groups_before_an_error_is_reported() {
    on_private_machine("confirmation::sudo_is_removed_from_all_groups_before_an_error_is_reported", || {
        prepare("%sudo ALL=(ALL:ALL) ALL\n%wheel ALL=(ALL:ALL) ALL");
        set("etc/group", "root:x:0:\nusers:x:100:\nsudo:x:27:ben\nwheel:x:3020:ben\n");
        set("etc/gshadow", "root:*::\nusers:*::\nsudo:*::ben\nwheel:!::ben\n");
        let dir = tempfile::tempdir().unwrap();
        install(&dir.path().join("id"), "echo 27 3020");
        let writer = writer().search_path(folders(dir.path()));
        let error = writer.unassign("ben", Entitlement::Sudo, HOST).unwrap_err();
        assert!(matches!(error, WriteError::NoEffect { .. }), "{error}");
        assert!(!fs::read_to_string("/etc/group").unwrap().contains("ben"));
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn the_tools_of_busybox_and_musl_confirm_changes() {
    on_private_machine("confirmation::the_tools_of_busybox_and_musl_confirm_changes", || {
        prepare("%sudo ALL=(ALL:ALL) ALL");
        let dir = tempfile::tempdir().unwrap();
        // BusyBox's `id` has no long options. musl's `getent` knows neither `--` nor `shadow`.
        for (tool, rejected) in [("id", "*--[a-z]*"), ("getent", "*--*|shadow*")] {
            let script = format!("case \"$*\" in {rejected}) exit 1;; esac; exec /usr/bin/{tool} \"$@\"");
            install(&dir.path().join(tool), &script);
        }
        change_an_account(&writer().search_path(folders(dir.path())));
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn changes_are_confirmed_without_getent() {
    on_private_machine("confirmation::changes_are_confirmed_without_getent", || {
        prepare("%sudo ALL=(ALL:ALL) ALL");
        let dir = folder_without(&["getent"]);
        change_an_account(&writer().search_path(vec![dir.path().to_owned()]));
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn a_status_that_the_machine_does_not_see_is_an_error() {
    on_private_machine("confirmation::a_status_that_the_machine_does_not_see_is_an_error", || {
        prepare("%sudo ALL=(ALL:ALL) ALL");
        // The C library no longer reads the files.
        set("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: systemd\n");
        for _ in 0..2 {
            let error = writer().deactivate("ann", Day::today()).unwrap_err();
            assert!(matches!(error, WriteError::NoEffect { .. }), "{error}");
        }
        for _ in 0..2 {
            let error = writer().activate("ann", Day::today()).unwrap_err();
            assert!(matches!(error, WriteError::NoEffect { .. }), "{error}");
        }
        set("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\n");
        assert_eq!(writer().activate("ann", Day::today()).unwrap(), Change::Unchanged);
    });
}

#[test]
#[ignore = "needs root: cargo xtask test --system"]
fn an_administrator_without_sudo_does_not_count() {
    on_private_machine("confirmation::an_administrator_without_sudo_does_not_count", || {
        prepare("ann, ben ALL=(ALL:ALL) ALL");
        set("etc/shadow", "root:*:19000::::::\nann:$6$a$b:19000::::::\nben:$6$a$b:19000::::::\n");
        let dir = folder_without(&["sudo"]);
        let without_sudo = writer().search_path(vec![dir.path().to_owned()]);
        let error = without_sudo.deactivate("ann", Day::today()).unwrap_err();
        assert!(matches!(error, WriteError::Protected { .. }), "{error}");
        assert_eq!(writer().deactivate("ann", Day::today()).unwrap(), Change::Changed);
    });
}
