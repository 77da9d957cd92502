//! Grants and removes sudo through a group.
//!
//! `sudoers` is never edited: a mistake there locks everybody out, and most machines grant everything to one group for
//! this purpose.

use super::group::check_leavable;
use super::snapshot::Snapshot;
use super::{Change, WriteError, Writer, check_host};
use crate::sudoers::{self, Via};

impl Writer {
    pub(super) fn grant_sudo(&self, account: &str, host: &str) -> Result<Change, WriteError> {
        check_host(host)?;
        let files = self.snapshot();
        files.user(account)?;
        let rules = rules_for(&files, account)?;
        if !rules.is_empty() {
            self.check_sudo(&files, account, &rules)?;
            return Ok(Change::Unchanged);
        }
        let group = sudo_group(&files)?;
        let was_member = is_listed(&files, account, &group)?;
        match self.join_and_check(&files, account, &group) {
            Ok(()) => Ok(Change::Changed),
            Err(error) if was_member => Err(error),
            Err(error) => Err(self.undo_join(account, &group, error)),
        }
    }

    fn join_and_check(&self, files: &Snapshot<'_>, account: &str, group: &str) -> Result<(), WriteError> {
        let _: Change = self.join_group(files, account, group)?;
        let files = self.snapshot();
        let rules = rules_for(&files, account)?;
        if rules.is_empty() {
            let reason = format!("another rule keeps {account:?} from using sudo despite group {group:?}");
            return Err(WriteError::Unsupported { reason });
        }
        self.check_sudo(&files, account, &rules)
    }

    /// Removes the account from a group again, if it got that far before `error`.
    fn undo_join(&self, account: &str, group: &str, error: WriteError) -> WriteError {
        let undone = is_listed(&self.snapshot(), account, group)
            .and_then(|listed| if listed { self.remove_member(account, group) } else { Ok(()) });
        match undone {
            Ok(()) => error,
            Err(cleanup) => WriteError::HalfDone {
                state: format!("{account:?} did not get sudo, but may still be in group {group:?}"),
                cleanup: Box::new(cleanup),
                source: Box::new(error),
            },
        }
    }

    pub(super) fn remove_sudo(&self, account: &str, host: &str) -> Result<Change, WriteError> {
        check_host(host)?;
        let mut files = self.snapshot();
        files.user(account)?;
        let rules = rules_for(&files, account)?;
        let own = files.policy()?.administrative_groups(files.groups()?);
        let is_own = |via: &Via| own.iter().any(|group| via.names_group(group));
        check_removable(account, rules.iter().filter(|via| !is_own(via)))?;
        self.check_may_lose_sudo(&files, account)?;
        let granting: Vec<&String> =
            own.iter().filter(|group| rules.iter().any(|via| via.names_group(group))).collect();
        // Otherwise the account could leave one group and not the next.
        for group in &granting {
            check_leavable(&files, account, group)?;
        }
        let (mut change, mut failed) = (Change::Unchanged, None);
        // An error about one group must not leave the account in the next.
        for group in granting {
            match self.leave_group(&files, account, group) {
                Ok(Change::Changed) => change = Change::Changed,
                Ok(Change::Unchanged) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
            files = self.snapshot();
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let left = rules_for(&files, account)?;
        check_removable(account, &left)?;
        self.check_sudo(&files, account, &left)?;
        Ok(change)
    }

    /// Checks that sudo itself, on the running machine, follows the rules for an account.
    ///
    /// # Errors
    /// [`WriteError::NoEffect`] if it doesn't.
    fn check_sudo(&self, files: &Snapshot<'_>, account: &str, rules: &[Via]) -> Result<(), WriteError> {
        // The check asks sudo about a command as root. Rules for less don't have to grant it.
        let expected = rules.iter().any(|via| via.full);
        match self.sudo_allows(files, account)? {
            Some(allows) if allows != expected && (expected || rules.is_empty()) => {
                let state = if allows { "still lets" } else { "does not let" };
                let reason = format!("sudo {state} {account:?} run commands as root");
                Err(WriteError::NoEffect { reason })
            }
            _ => Ok(()),
        }
    }
}

/// The group that grants sudo on this machine.
pub(super) fn sudo_group(files: &Snapshot<'_>) -> Result<String, WriteError> {
    let groups = files.policy()?.administrative_groups(files.groups()?);
    groups.into_iter().next().ok_or_else(|| WriteError::Unsupported {
        reason: format!("{} grants no group everything", sudoers::PATH),
    })
}

/// Whether the group's own list has the account.
fn is_listed(files: &Snapshot<'_>, account: &str, group: &str) -> Result<bool, WriteError> {
    Ok(files.group(group)?.members.iter().any(|member| member == account))
}

/// The rules by which an account has sudo. All rules must be readable.
fn rules_for(files: &Snapshot<'_>, account: &str) -> Result<Vec<Via>, WriteError> {
    files.policy()?;
    files.groups()?;
    let grant = files.grants()?.iter().find(|grant| grant.account == account);
    Ok(grant.map(|grant| grant.via.clone()).unwrap_or_default())
}

/// Rejects the removal of rules that this connector doesn't change.
fn check_removable<'a>(account: &str, rules: impl IntoIterator<Item = &'a Via>) -> Result<(), WriteError> {
    let rules: Vec<String> = rules.into_iter().map(|via| format!("{} ({})", via.who, via.place)).collect();
    if rules.is_empty() {
        return Ok(());
    }
    Err(WriteError::GrantedElsewhere { account: account.to_owned(), rules })
}
