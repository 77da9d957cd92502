//! Changes that would lock people out of the machine are refused.
//!
//! Three things are never suspended or deleted: accounts of UID 0, the account that the connector runs as and, unless a
//! setting allows it, system accounts. And of the accounts that can become root with sudo, one is always left.

use std::collections::HashSet;

use super::account::whole;
use super::{WriteError, Writer};
use crate::day::Day;
use crate::files::group::{self, Group};
use crate::files::passwd::{self, User};
use crate::files::{Behind, login_defs, shadow};
use crate::machine::{Machine, Status};
use crate::reading::Gap;
use crate::sudoers::{self, Policy};

/// What sudo sets to the number of the user who called it.
const SUDO_UID: &str = "SUDO_UID";

/// The numbers of the users that this process works for: its own, and the one who started it with sudo.
pub(super) fn own_uids() -> Vec<u32> {
    let caller = std::env::var(SUDO_UID).ok().and_then(|uid| uid.parse().ok());
    let own = [rustix::process::getuid(), rustix::process::geteuid()].map(rustix::process::Uid::as_raw);
    own.into_iter().chain(caller).collect()
}

impl Writer {
    /// # Errors
    /// [`WriteError::Protected`] if the account must be neither suspended nor deleted.
    pub(super) fn check_may_be_removed(&self, user: &User) -> Result<(), WriteError> {
        if user.uid == 0 {
            return Err(protected(user, "its UID is 0"));
        }
        if self.is_own(user)? {
            return Err(protected(user, "the connector runs as this account"));
        }
        if !self.change_system_accounts && login_defs::read(&self.root).0.is_system(user.uid) {
            let reason = "it is a system account; to allow this, set settings.change_system_accounts";
            return Err(protected(user, reason));
        }
        let (policy, groups) = (sudoers::read(&self.root), self.groups()?);
        if self.is_full(&policy, user, &groups)?
            && self.is_active(user)
            && !self.is_anybody_left(&policy, user)?
        {
            return Err(protected(user, NOBODY_LEFT));
        }
        Ok(())
    }

    /// Checks a change of the members of `group`, to be made to `account`.
    ///
    /// # Errors
    /// [`WriteError::Protected`] if the account must not lose sudo, and would.
    pub(super) fn check_may_change_group(
        &self,
        account: &str,
        group: &str,
        change: fn(&mut Vec<String>, &str),
    ) -> Result<(), WriteError> {
        let user = self.user(account)?;
        let (policy, mut groups) = (sudoers::read(&self.root), self.groups()?);
        if !self.is_full(&policy, &user, &groups)? {
            return Ok(());
        }
        // Members of groups that share a number are members of all of them.
        let gid = groups.iter().find(|found| found.name == group).map(|found| found.gid);
        for found in groups.iter_mut().filter(|found| Some(found.gid) == gid) {
            change(&mut found.members, account);
        }
        if self.is_full(&policy, &user, &groups)? {
            return Ok(());
        }
        self.check_may_lose_sudo(&policy, &user)
    }

    /// # Errors
    /// [`WriteError::Protected`] if the account can become root with sudo, and must not lose that.
    pub(super) fn check_may_be_stripped(&self, account: &str) -> Result<(), WriteError> {
        let user = self.user(account)?;
        let policy = sudoers::read(&self.root);
        if !self.is_full(&policy, &user, &self.groups()?)? {
            return Ok(());
        }
        self.check_may_lose_sudo(&policy, &user)
    }

    fn check_may_lose_sudo(&self, policy: &Policy, user: &User) -> Result<(), WriteError> {
        // Root is root without sudo.
        if user.uid != 0 && self.is_own(user)? {
            return Err(protected(user, "the connector runs as this account"));
        }
        if self.is_active(user) && !self.is_anybody_left(policy, user)? {
            return Err(protected(user, NOBODY_LEFT));
        }
        Ok(())
    }

    /// Numbers below another root belong to other people.
    fn is_own(&self, user: &User) -> Result<bool, WriteError> {
        Ok(self.runs_as.contains(&user.uid) && self.other_root()?.is_none())
    }

    fn is_active(&self, user: &User) -> bool {
        let accounts = Machine::new(self.root.clone()).accounts(Day::today()).items;
        let mut found = accounts.iter().filter(|account| account.user.name == user.name);
        found.any(|account| account.status == Some(Status::Active))
    }

    /// Whether the user may run every command as root. Which accounts are root is among the users.
    fn is_full(&self, policy: &Policy, user: &User, groups: &[Group]) -> Result<bool, WriteError> {
        let grants = policy.grants(&whole(passwd::read(&self.root))?, groups);
        if let Some(gap) = grants.gaps.iter().find(|gap| matches!(gap, Gap::Limited { .. })) {
            return Err(WriteError::from_gap(gap));
        }
        Ok(grants.items.iter().any(|grant| grant.account == user.name && grant.is_full()))
    }

    /// Whether somebody besides `user` could become root: with sudo or, for accounts of UID 0, with a password. Without
    /// one they may have no way to log in.
    fn is_anybody_left(&self, policy: &Policy, user: &User) -> Result<bool, WriteError> {
        let (users, groups) = (whole(passwd::read(&self.root))?, self.groups()?);
        let grants = policy.grants(&users, &groups).items;
        let full: HashSet<&str> =
            grants.iter().filter(|grant| grant.is_full()).map(|grant| grant.account.as_str()).collect();
        let shadow = shadow::read(&self.root).items;
        let has_password =
            |name: &str| shadow.iter().any(|line| line.name == name && line.password.behind == Behind::Hash);
        let accounts = Machine::new(self.root.clone()).accounts(Day::today()).items;
        let mut others = accounts
            .iter()
            .filter(|account| account.status == Some(Status::Active) && account.user.name != user.name);
        Ok(others.any(|account| {
            let User { name, uid, .. } = &account.user;
            if *uid == 0 { has_password(name) } else { full.contains(name.as_str()) }
        }))
    }

    /// A machine without `etc/group` has no groups.
    fn groups(&self) -> Result<Vec<Group>, WriteError> {
        let groups = group::read(&self.root);
        let is_missing = groups.gaps.iter().any(|gap| matches!(gap, Gap::Missing { .. }));
        if is_missing { Ok(Vec::new()) } else { whole(groups) }
    }
}

const NOBODY_LEFT: &str = "no other account could run every command with sudo";

fn protected(user: &User, reason: &'static str) -> WriteError {
    WriteError::Protected { name: user.name.clone(), reason }
}
