//! The accounts that the connector works for. They must not lock themselves out.

use std::fs;

use crate::files::passwd::User;

/// The variables that hold the UID of the account that started this process with `sudo` or `pkexec`.
const UID_VARIABLES: [&str; 2] = ["SUDO_UID", "PKEXEC_UID"];

/// The variable that holds the name of the account that started this process with `doas`.
const NAME_VARIABLE: &str = "DOAS_USER";

/// The UID that was used to log in. `su` doesn't change it.
const LOGIN_UID: &str = "/proc/self/loginuid";

/// The accounts that the connector works for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Operators {
    uids: Vec<u32>,
    names: Vec<String>,
}

impl Operators {
    /// The accounts that this process runs as, and those that started it with `sudo`, `pkexec`, `doas` or `su`.
    pub(super) fn of_process() -> Self {
        let own = [rustix::process::getuid(), rustix::process::geteuid()].map(rustix::process::Uid::as_raw);
        let login_uid = fs::read_to_string(LOGIN_UID).ok();
        Self::found(&own, |name| std::env::var(name).ok(), login_uid.as_deref())
    }

    fn found(own: &[u32], variable: impl Fn(&str) -> Option<String>, login_uid: Option<&str>) -> Self {
        let variables = UID_VARIABLES.into_iter().filter_map(&variable);
        let uids = variables.chain(login_uid.map(str::to_owned)).filter_map(|uid| uid.trim().parse().ok());
        // A process that nobody logged in for, such as a service, has the largest number.
        let uids = own.iter().copied().chain(uids.filter(|uid| *uid != u32::MAX));
        Self { uids: uids.collect(), names: variable(NAME_VARIABLE).into_iter().collect() }
    }

    pub(super) const fn with_uids(uids: Vec<u32>) -> Self {
        Self { uids, names: Vec::new() }
    }

    pub(super) fn include(&self, user: &User) -> bool {
        self.uids.contains(&user.uid) || self.names.contains(&user.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], login_uid: Option<&str>) -> Operators {
        let variable = |name: &str| {
            let mut found = variables.iter().filter(|(key, _)| *key == name);
            found.next().map(|(_, value)| (*value).to_owned())
        };
        Operators::found(&[0], variable, login_uid)
    }

    #[test]
    fn the_account_that_started_the_connector_is_found() {
        let uids = |uids: &[u32]| Operators::with_uids(uids.to_vec());
        assert_eq!(found(&[("SUDO_UID", "1000")], None), uids(&[0, 1000]));
        assert_eq!(found(&[("PKEXEC_UID", "1001")], None), uids(&[0, 1001]));
        assert_eq!(found(&[], Some("1002\n")), uids(&[0, 1002]), "su");
        assert_eq!(found(&[], Some("4294967295")), uids(&[0]), "a service");
        assert_eq!(found(&[("SUDO_UID", "many")], Some("")), uids(&[0]));
        let doas = found(&[("DOAS_USER", "alice")], None);
        let alice = User { name: "alice".to_owned(), uid: 1003, ..User::probe() };
        assert!(doas.include(&alice) && !uids(&[0]).include(&alice));
    }
}
