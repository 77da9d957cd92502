//! `etc/nsswitch.conf`, nsswitch.conf(5): where the system looks up accounts, groups and sudo rules, in addition to the
//! files.
//!
//! Distributions configure `systemd` for machines that have only their files. By itself it adds `root`, `nobody` and
//! the users of running services, so it counts only if it would find records.

use crate::reading::Gap;
use crate::root::Root;

/// The path of the file below the root.
pub const PATH: &str = "etc/nsswitch.conf";

/// The services that are the files themselves, or add nobody who is missing from a listing.
const FILES: [&str; 3] = ["files", "compat", "systemd"];

/// The services that sudo knows besides `files`. It ignores other names.
const SUDO_SERVICES: [&str; 2] = ["ldap", "sss"];

/// Where systemd looks for records, by nss-systemd(8), and where systemd-homed keeps the users that it manages.
const USERDB: [&str; 4] = ["etc/userdb", "run/userdb", "usr/local/lib/userdb", "usr/lib/userdb"];
const HOMED: &str = "var/lib/systemd/home";

/// What the system looks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Accounts.
    Accounts,
    /// Groups.
    Groups,
    /// Rules of sudo.
    Sudoers,
}

impl Database {
    const fn key(self) -> &'static str {
        match self {
            Self::Accounts => "passwd",
            Self::Groups => "group",
            Self::Sudoers => "sudoers",
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Groups => "groups",
            Self::Sudoers => "sudo rules",
        }
    }

    /// The folders that may have records, and how the names of the records end.
    fn records(self) -> Vec<(&'static str, &'static str)> {
        let in_userdb = |suffix| USERDB.map(|folder| (folder, suffix));
        match self {
            Self::Accounts => in_userdb(".user").into_iter().chain([(HOMED, ".identity")]).collect(),
            Self::Groups => in_userdb(".group").into(),
            Self::Sudoers => Vec::new(),
        }
    }
}

/// What the system may know in addition to the files. Without a configuration, it has only the files.
#[must_use]
pub fn unlisted(root: &Root, database: Database) -> Vec<Gap> {
    let mut gaps = Vec::new();
    match root.read(PATH) {
        Ok(text) => gaps.extend(services_gap(&String::from_utf8_lossy(&text), database)),
        Err(Gap::Missing { .. }) => {}
        Err(gap) => gaps.push(gap),
    }
    let records = database.records().into_iter();
    gaps.extend(records.filter_map(|(folder, suffix)| records_in(root, folder, suffix, database)));
    gaps
}

/// Whether sudo may take its rules from a directory service alone, without `sudoers`. It may if the file can't be read.
pub(crate) fn sudo_may_ignore_files(root: &Root) -> bool {
    match root.read(PATH) {
        Ok(text) => lacks_files_for_sudo(&String::from_utf8_lossy(&text)),
        Err(Gap::Missing { .. }) => false,
        Err(_) => true,
    }
}

/// sudo falls back to the file only if it knows none of the configured services.
fn lacks_files_for_sudo(text: &str) -> bool {
    let services = services(text, Database::Sudoers.key());
    services.iter().any(|name| SUDO_SERVICES.contains(name)) && !services.contains(&"files")
}

/// The gap of the services that are not read.
fn services_gap(text: &str, database: Database) -> Option<Gap> {
    let mut others = services(text, database.key());
    others.retain(|name| match database {
        Database::Accounts | Database::Groups => !FILES.contains(name),
        Database::Sudoers => SUDO_SERVICES.contains(name),
    });
    if others.is_empty() {
        return None;
    }
    let mut reason = format!("{} of {} are not listed", database.noun(), others.join(" and "));
    if database == Database::Sudoers && lacks_files_for_sudo(text) {
        reason.push_str(", and sudo may ignore etc/sudoers");
    }
    Some(Gap::Unlisted { path: PATH.to_owned(), reason })
}

/// The gap of a folder that has records in it.
fn records_in(root: &Root, folder: &str, suffix: &str, database: Database) -> Option<Gap> {
    let found = root.list(folder).items.iter().any(|name| name.ends_with(suffix));
    let reason = format!("its {} are not listed", database.noun());
    found.then(|| Gap::Unlisted { path: folder.to_owned(), reason })
}

/// The services after `key`, each once, without actions like `[NOTFOUND=return]`. sudo ignores the case of its key.
fn services<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let mut services = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim();
        if name != key && !(key == Database::Sudoers.key() && name.eq_ignore_ascii_case(key)) {
            continue;
        }
        let mut in_action = false;
        for word in value.split_whitespace() {
            let is_action = in_action || word.starts_with('[');
            in_action = is_action && !word.ends_with(']');
            if !is_action && !services.contains(&word) {
                services.push(word);
            }
        }
    }
    services
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_without_actions() {
        let text = "passwds: nis\npasswd: files [ NOTFOUND = return UNAVAIL=continue ] sss sss [!SUCCESS=return] db # ldap\n";
        assert_eq!(services(text, "passwd"), ["files", "sss", "db"]);
        assert_eq!(services("passwd files nis", "passwd"), [""; 0]);
        assert_eq!(services("PASSWD: nis", "passwd"), [""; 0]);
        assert_eq!(services("SUDOERS: sss", "sudoers"), ["sss"]);
    }

    #[test]
    fn sudo_uses_its_file_unless_only_a_directory_service_is_configured() {
        for (text, expected) in [
            ("", false),
            ("sudoers: files", false),
            ("sudoers: files sss", false),
            ("sudoers: db", false),
            ("sudoers: sss", true),
            ("sudoers: ldap [SUCCESS=return] db", true),
        ] {
            assert_eq!(lacks_files_for_sudo(text), expected, "{text}");
        }
    }
}
