//! `etc/nsswitch.conf`, nsswitch.conf(5): where the system looks accounts and groups up, besides the files.
//!
//! Distributions configure `systemd` for machines that have nothing but their files. By itself it adds `root`, `nobody`
//! and the users of running services, so it counts only if there are records that it would find.

use crate::reading::Gap;
use crate::root::Root;

/// Where the file lies below the root.
pub const PATH: &str = "etc/nsswitch.conf";

/// The services that are the files themselves, or add nobody that a listing lacks.
const FILES: [&str; 3] = ["files", "compat", "systemd"];

/// Where systemd looks for records, by nss-systemd(8), and where systemd-homed keeps the users that it manages.
const USERDB: [&str; 4] = ["etc/userdb", "run/userdb", "usr/local/lib/userdb", "usr/lib/userdb"];
const HOMED: &str = "var/lib/systemd/home";

/// What is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Accounts.
    Accounts,
    /// Groups.
    Groups,
}

impl Database {
    const fn key(self) -> &'static str {
        match self {
            Self::Accounts => "passwd",
            Self::Groups => "group",
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Groups => "groups",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Accounts => ".user",
            Self::Groups => ".group",
        }
    }
}

/// What the system may know of a database that is not in the files. A machine without a configuration has only them.
#[must_use]
pub fn unlisted(root: &Root, database: Database) -> Vec<Gap> {
    let mut gaps = Vec::new();
    match root.read(PATH) {
        Ok(text) => {
            let text = String::from_utf8_lossy(&text);
            let services = other_services(&text, database.key());
            if !services.is_empty() {
                let services = services.join(" and ");
                let reason = format!("{} of {services} are not listed", database.noun());
                gaps.push(Gap::Unlisted { path: PATH.to_owned(), reason });
            }
        }
        Err(Gap::Missing { .. }) => {}
        Err(gap) => gaps.push(gap),
    }
    let homed = (database == Database::Accounts).then_some((HOMED, ".identity"));
    let records = USERDB.map(|folder| (folder, database.suffix())).into_iter().chain(homed);
    gaps.extend(records.filter_map(|(folder, suffix)| records_in(root, folder, suffix, database)));
    gaps
}

/// The gap of a folder that has records in it.
fn records_in(root: &Root, folder: &str, suffix: &str, database: Database) -> Option<Gap> {
    let found = root.list(folder).items.iter().any(|name| name.ends_with(suffix));
    let reason = format!("its {} are not listed", database.noun());
    found.then(|| Gap::Unlisted { path: folder.to_owned(), reason })
}

/// The services behind `key`, each once, without the files and without actions like `[NOTFOUND=return]`.
fn other_services<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let mut services = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.trim() != key {
            continue;
        }
        let mut in_action = false;
        for word in value.split_whitespace() {
            let is_action = in_action || word.starts_with('[');
            in_action = is_action && !word.ends_with(']');
            if !is_action && !FILES.contains(&word) && !services.contains(&word) {
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
    fn services_other_than_the_files_are_found() {
        let text = "passwds: nis\npasswd: files [ NOTFOUND = return UNAVAIL=continue ] sss sss [!SUCCESS=return] db # ldap\n";
        assert_eq!(other_services(text, "passwd"), ["sss", "db"]);
        assert_eq!(other_services("passwd files nis", "passwd"), [""; 0]);
    }
}
