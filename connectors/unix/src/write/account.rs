//! Activate, deactivate, delete.

use super::snapshot::Snapshot;
use super::state::State;
use super::{Change, Noun, WriteError, Writer, name};
use crate::day::Day;
use crate::files::shadow;

/// A day in the past. Day 0 is ambiguous, see shadow(5).
const EXPIRED: &str = "1";

/// The most `!` before a hash that are removed. `passwd -l` of some distributions writes two.
const MAX_MARKS: usize = 4;

/// `userdel`: the user has running processes.
const USERDEL_IN_USE: i32 = 8;

/// `userdel`: the user doesn't exist.
const USERDEL_NOT_FOUND: i32 = 6;

impl Writer {
    /// Locks the password and makes the account expire, which also blocks logins with keys.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::PermissionDenied`], [`WriteError::Protected`] and anything that keeps
    /// `usermod` from working.
    pub fn deactivate(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        let files = self.snapshot();
        if !files.state(account, today)?.is_deactivated() {
            self.check_may_be_suspended(&files, files.user(account)?)?;
        }
        self.lock_and_expire(&files, account, today)
    }

    pub(super) fn lock_and_expire(
        &self,
        files: &Snapshot<'_>,
        account: &str,
        today: Day,
    ) -> Result<Change, WriteError> {
        if files.state(account, today)?.is_deactivated() {
            self.check_state_effect(files, account, today, State::is_deactivated)?;
            return Ok(Change::Unchanged);
        }
        let args =
            self.prefix()?.flag("--lock").option("--expiredate", EXPIRED).name(Noun::Account, account)?;
        let outcome = self.tools.run("usermod", &args)?;
        let files = self.snapshot();
        outcome.conclude(files.state(account, today)?.is_deactivated())?;
        self.check_state_effect(&files, account, today, State::is_deactivated)?;
        Ok(Change::Changed)
    }

    /// Undoes [`Writer::deactivate`]: unlocks the password, if one is set, and removes an expiration date that has
    /// passed. A date in the future stays.
    ///
    /// If the password expired too long ago, its owner can log in again, and must then change it.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::PermissionDenied`], [`WriteError::Unsupported`] for an account without a
    /// line in `shadow`, and anything that keeps `usermod` from working.
    pub fn activate(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        let change = self.unlock_and_renew(account, today)?;
        self.check_state_effect(&self.snapshot(), account, today, State::is_usable)?;
        Ok(change)
    }

    fn unlock_and_renew(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        let mut state = self.snapshot().state(account, today)?;
        if state.is_usable() {
            return Ok(Change::Unchanged);
        }
        if state.password.is_none() {
            let reason = format!("{} has no line for {account:?}", shadow::PATH);
            return Err(WriteError::Unsupported { reason });
        }
        for _ in 0..MAX_MARKS {
            if !state.can_be_unlocked() {
                break;
            }
            let args = self.prefix()?.flag("--unlock").name(Noun::Account, account)?;
            let outcome = self.tools.run("usermod", &args)?;
            if outcome.exit != Some(0) {
                return Err(outcome.into_error());
            }
            state = self.snapshot().state(account, today)?;
        }
        if state.is_locked() {
            let message = "the password is still locked".to_owned();
            return Err(WriteError::NotApplied { tool: "usermod", message });
        }
        if state.expired {
            let args = self.prefix()?.option("--expiredate", "").name(Noun::Account, account)?;
            let outcome = self.tools.run("usermod", &args)?;
            state = self.snapshot().state(account, today)?;
            outcome.conclude(!state.expired)?;
        }
        if state.inactive {
            self.end_inactivity(account, &state, today)?;
            state = self.snapshot().state(account, today)?;
        }
        if !state.is_usable() {
            let message = "the account is still suspended".to_owned();
            return Err(WriteError::NotApplied { tool: "usermod", message });
        }
        Ok(Change::Changed)
    }

    /// Lets an account log in again whose password expired too long ago. The period after which passwords expire stays.
    fn end_inactivity(&self, account: &str, state: &State, today: Day) -> Result<(), WriteError> {
        // Without a password, there is none to change: only its age is in the way.
        let has_password = state.has_usable_password();
        let changed = if has_password { Day(0) } else { today };
        let args = self.chroot()?.option("--lastday", changed.0.to_string()).name(Noun::Account, account)?;
        let outcome = self.tools.run("chage", &args)?;
        outcome.conclude(self.snapshot().state(account, today)?.is_usable())
    }

    /// Deletes an account with its memberships. Also deletes the group of the same name if `login.defs` says so
    /// (`USERGROUPS_ENAB`) and nobody else is in it. The home directory, the mail and all other files stay.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::InUse`], [`WriteError::PermissionDenied`], [`WriteError::Protected`]
    /// and anything that keeps `userdel` from working.
    pub fn delete(&self, account: &str) -> Result<(), WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        let files = self.snapshot();
        self.check_may_be_deleted(&files, files.user(account)?)?;
        self.remove(account, false)
    }

    /// `home`: with the home directory and the mail.
    pub(super) fn remove(&self, account: &str, home: bool) -> Result<(), WriteError> {
        let args = self.prefix()?;
        let args = if home { args.flag("--remove") } else { args };
        let outcome = self.tools.run("userdel", &args.name(Noun::Account, account)?)?;
        match outcome.exit {
            Some(USERDEL_IN_USE) => {
                Err(WriteError::InUse { name: account.to_owned(), message: outcome.message })
            }
            Some(USERDEL_NOT_FOUND) => {
                Err(WriteError::NotFound { noun: Noun::Account, name: account.to_owned() })
            }
            _ => {
                outcome.conclude(self.snapshot().has_no_trace_of(account))?;
                match self.is_known(account)? {
                    Some(true) => {
                        let reason = format!("`getent` still finds {account:?}");
                        Err(WriteError::NoEffect { reason })
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}
