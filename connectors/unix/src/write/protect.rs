//! Rejects changes that would lock people out of the machine.
//!
//! Three kinds of accounts are never suspended or deleted: those with UID 0, those that the connector works for and,
//! unless a setting allows it, system accounts. And of the accounts that can become root, one is always left.
//!
//! Where the files leave doubt, the safer case is assumed. The account to be changed is an administrator if it may be one:
//! a rule may apply, a locked password can be unlocked, and there may be an SSH key. Another account counts only if it
//! certainly can log in and become root.

use super::snapshot::Snapshot;
use super::{WriteError, Writer, shell};
use crate::day::Day;
use crate::files::group::Group;
use crate::files::passwd::User;
use crate::sudoers::{RootAccess, SudoGrant, Who};

const OWN_ACCOUNT: &str = "the connector runs as this account";
const NOBODY_LEFT: &str = "no other account is known to be able to log in and become root";

impl Writer {
    /// Checks that an account can be suspended.
    ///
    /// # Errors
    /// [`WriteError::Protected`] if it must stay usable.
    pub(super) fn check_may_be_suspended(&self, files: &Snapshot<'_>, user: &User) -> Result<(), WriteError> {
        self.check_may_be_removed(files, user, files.users()?)
    }

    /// Checks that an account can be deleted.
    ///
    /// # Errors
    /// [`WriteError::Protected`] if it must stay.
    pub(super) fn check_may_be_deleted(&self, files: &Snapshot<'_>, user: &User) -> Result<(), WriteError> {
        // Other accounts with this UID may then have another name for sudo.
        let others: Vec<User> =
            files.users()?.iter().filter(|other| other.name != user.name).cloned().collect();
        self.check_may_be_removed(files, user, &others)
    }

    /// `remaining` are the accounts in `passwd` after the change.
    fn check_may_be_removed(
        &self,
        files: &Snapshot<'_>,
        user: &User,
        remaining: &[User],
    ) -> Result<(), WriteError> {
        if user.uid == 0 {
            return Err(protected(user, "its UID is 0"));
        }
        if self.is_own(user)? {
            return Err(protected(user, OWN_ACCOUNT));
        }
        if !self.change_system_accounts && files.login_defs().is_system(user.uid) {
            let reason = "it is a system account; to allow this, set settings.change_system_accounts";
            return Err(protected(user, reason));
        }
        let is_administrator = root_access(files.grants()?, user).possible && self.may_log_in(files, user)?;
        // Others may need this account's password for sudo.
        let owners = files.policy_if_any()?.password_owners();
        if is_administrator || owners.iter().any(|owner| is_owner(user, owner)) {
            self.check_somebody_is_left(files, user, remaining)?;
        }
        Ok(())
    }

    /// Checks that `account` can join or leave `group`.
    ///
    /// # Errors
    /// [`WriteError::Protected`] if the account must not lose sudo, and would.
    pub(super) fn check_may_change_group(
        &self,
        files: &Snapshot<'_>,
        account: &str,
        group: &str,
        change: fn(&mut Vec<String>, &str),
    ) -> Result<(), WriteError> {
        let user = files.user(account)?;
        let before = files.grants()?;
        if grant(before, user).is_none() {
            return Ok(());
        }
        let mut groups: Vec<Group> = files.groups_if_any()?.to_vec();
        // Members of groups that share a number are members of all of them.
        let gid = groups.iter().find(|found| found.name == group).map(|found| found.gid);
        for found in groups.iter_mut().filter(|found| Some(found.gid) == gid) {
            change(&mut found.members, account);
        }
        let after = files.grants_with(files.users()?, &groups)?;
        if self.is_own_without_root(user)? && loses_rule(grant(before, user), grant(&after, user)) {
            return Err(protected(user, OWN_ACCOUNT));
        }
        let (before, after) = (root_access(before, user), root_access(&after, user));
        let loses = (before.possible && !after.possible) || (before.with_password && !after.with_password);
        if loses && self.may_log_in(files, user)? {
            self.check_somebody_is_left(files, user, files.users()?)?;
        }
        Ok(())
    }

    /// Checks that an account can lose all its rules of sudo.
    ///
    /// # Errors
    /// [`WriteError::Protected`] if it must not lose them.
    pub(super) fn check_may_lose_sudo(&self, files: &Snapshot<'_>, account: &str) -> Result<(), WriteError> {
        let user = files.user(account)?;
        let grants = files.grants()?;
        if self.is_own_without_root(user)? && grant(grants, user).is_some() {
            return Err(protected(user, OWN_ACCOUNT));
        }
        if root_access(grants, user).possible && self.may_log_in(files, user)? {
            self.check_somebody_is_left(files, user, files.users()?)?;
        }
        Ok(())
    }

    /// UIDs below another root belong to other people.
    fn is_own(&self, user: &User) -> Result<bool, WriteError> {
        Ok(self.operators.include(user) && self.other_root()?.is_none())
    }

    /// Whether the connector works for this account, which needs sudo to become root.
    fn is_own_without_root(&self, user: &User) -> Result<bool, WriteError> {
        Ok(user.uid != 0 && self.is_own(user)?)
    }

    /// Whether an account may be in use: a locked password can be unlocked, and doesn't keep SSH keys out.
    fn may_log_in(&self, files: &Snapshot<'_>, user: &User) -> Result<bool, WriteError> {
        Ok(!files.state_of(user, Day::today())?.is_barred())
    }

    /// Checks that somebody other than `user` certainly can become root. `remaining` are the accounts after the change.
    fn check_somebody_is_left(
        &self,
        files: &Snapshot<'_>,
        user: &User,
        remaining: &[User],
    ) -> Result<(), WriteError> {
        let grants = files.grants_with(remaining, files.groups_if_any()?)?;
        let by_sudo = self.sudo_is_usable(files)?;
        let passwords_exist = passwords_exist(files, user, remaining)?;
        let login_defs = files.login_defs();
        for other in remaining.iter().filter(|other| other.name != user.name) {
            if !can_log_in(files, other)? {
                continue;
            }
            let access = root_access(&grants, other);
            let has_sudo = access.without_password || (access.with_password && passwords_exist);
            let by_sudo = by_sudo && has_sudo && !login_defs.is_system(other.uid);
            let caller = caller_of(other, remaining);
            if other.uid == 0 || (by_sudo && caller.name != user.name && can_authenticate(files, caller)?) {
                return Ok(());
            }
        }
        Err(protected(user, NOBODY_LEFT))
    }

    /// Whether sudo is installed, as far as that can be seen, and uses `etc/sudoers`.
    fn sudo_is_usable(&self, files: &Snapshot<'_>) -> Result<bool, WriteError> {
        let is_installed = self.other_root()?.is_some() || self.tools.has("sudo");
        Ok(is_installed && !files.sudo_may_ignore_files())
    }
}

/// The account as which sudo knows `user`, and which it authenticates: the first one with this UID.
fn caller_of<'a>(user: &'a User, users: &'a [User]) -> &'a User {
    users.iter().find(|first| first.uid == user.uid).unwrap_or(user)
}

/// Whether somebody can enter every password that sudo may require instead of the caller's own, without that of `user`.
fn passwords_exist(files: &Snapshot<'_>, user: &User, users: &[User]) -> Result<bool, WriteError> {
    for owner in files.policy_if_any()?.password_owners() {
        match users.iter().find(|other| is_owner(other, &owner)) {
            Some(other) if other.name != user.name => {
                if !files.state_of(other, Day::today())?.has_usable_password() {
                    return Ok(false);
                }
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Whether `who` of the rules is this account.
fn is_owner(user: &User, who: &Who) -> bool {
    match who {
        Who::Uid(uid) => user.uid == *uid,
        Who::User(name) => user.name == *name,
        Who::All | Who::Group(_) | Who::Gid(_) => false,
    }
}

/// Whether an account certainly can log in, now and later.
fn can_log_in(files: &Snapshot<'_>, user: &User) -> Result<bool, WriteError> {
    Ok(can_authenticate(files, user)? && shell::is_usable(files.root(), &user.shell))
}

/// Whether an account certainly can enter its password, now and later: it is usable, has a password and never expires.
fn can_authenticate(files: &Snapshot<'_>, user: &User) -> Result<bool, WriteError> {
    let state = files.state_of(user, Day::today())?;
    Ok(state.is_usable() && !state.has_end && state.has_usable_password())
}

fn grant<'a>(grants: &'a [SudoGrant], user: &User) -> Option<&'a SudoGrant> {
    grants.iter().find(|grant| grant.account == user.name)
}

fn root_access(grants: &[SudoGrant], user: &User) -> RootAccess {
    grant(grants, user).map(|grant| grant.root_access).unwrap_or_default()
}

/// Whether an account no longer has a rule, or has less by it. That doesn't matter if it can still do everything.
fn loses_rule(before: Option<&SudoGrant>, after: Option<&SudoGrant>) -> bool {
    let Some(before) = before else { return false };
    let Some(after) = after else { return true };
    let is_kept =
        |place: &str, full: bool| after.via.iter().any(|via| via.place == place && (via.full || !full));
    !after.root_access.with_password && !before.via.iter().all(|via| is_kept(&via.place, via.full))
}

fn protected(user: &User, reason: &'static str) -> WriteError {
    WriteError::Protected { name: user.name.clone(), reason }
}
