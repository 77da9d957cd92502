//! Activate, deactivate, delete.

use super::{Change, Noun, WriteError, Writer, name};
use crate::day::Day;
use crate::files::passwd::{self, User};
use crate::files::{Behind, Password, group, shadow};
use crate::reading::{Gap, Reading};

/// The first day that lies in the past; day 0 is ambiguous, see shadow(5).
const EXPIRED: &str = "1";

/// As many `!` in front of a hash as are taken away. `passwd -l` of some distributions puts two there.
const MAX_MARKS: usize = 4;

/// `userdel`: the user has running processes.
const USERDEL_IN_USE: i32 = 8;

/// `userdel`: there is no such user.
const USERDEL_NOT_FOUND: i32 = 6;

/// What decides whether an account can be used.
struct State {
    /// `None` when `shadow` has no line for the account.
    password: Option<Password>,
    expired: bool,
    inactive: bool,
}

impl State {
    fn is_locked(&self) -> bool {
        self.password.is_some_and(Password::is_locked)
    }

    fn can_be_unlocked(&self) -> bool {
        self.password.is_some_and(Password::can_be_unlocked)
    }

    fn is_deactivated(&self) -> bool {
        self.expired && self.password.is_some_and(|password| password.barred)
    }

    fn is_usable(&self) -> bool {
        match self.password {
            Some(password) => !password.is_locked() && !self.expired && !self.inactive,
            None => false,
        }
    }
}

impl Writer {
    /// Locks the password and lets the account expire, so that it cannot log in with a key either.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::PermissionDenied`], [`WriteError::Protected`] and anything that keeps
    /// `usermod` from working.
    pub fn deactivate(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _turn = self.wait_for_turn()?;
        if self.state(account, today)?.is_deactivated() {
            return Ok(Change::Unchanged);
        }
        self.check_may_be_removed(&self.user(account)?)?;
        self.lock_and_expire(account, today)
    }

    pub(super) fn lock_and_expire(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        if self.state(account, today)?.is_deactivated() {
            return Ok(Change::Unchanged);
        }
        let args =
            self.prefix()?.flag("--lock").option("--expiredate", EXPIRED).name(Noun::Account, account)?;
        let outcome = self.tools.run("usermod", &args)?;
        outcome.conclude(self.state(account, today)?.is_deactivated())?;
        Ok(Change::Changed)
    }

    /// Undoes what [`Writer::deactivate`] does: unlocks the password, if there is one, and removes a date of
    /// expiry that has passed. A date to come stays.
    ///
    /// The owner of a password that expired too long ago can log in again, and then has to change it.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::PermissionDenied`], [`WriteError::Unsupported`] for an account
    /// without a line in `shadow`, and anything that keeps `usermod` from working.
    pub fn activate(&self, account: &str, today: Day) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _turn = self.wait_for_turn()?;
        let mut state = self.state(account, today)?;
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
            state = self.state(account, today)?;
        }
        if state.is_locked() {
            let message = "the password is still locked".to_owned();
            return Err(WriteError::NotApplied { tool: "usermod", message });
        }
        if state.expired {
            let args = self.prefix()?.option("--expiredate", "").name(Noun::Account, account)?;
            let outcome = self.tools.run("usermod", &args)?;
            state = self.state(account, today)?;
            outcome.conclude(!state.expired)?;
        }
        if state.inactive {
            self.end_inactivity(account, &state, today)?;
        }
        Ok(Change::Changed)
    }

    /// Lets an account log in again whose password expired too long ago. How long passwords last stays as it is.
    fn end_inactivity(&self, account: &str, state: &State, today: Day) -> Result<(), WriteError> {
        // Without a password there is none to change: only its age is in the way.
        let has_password = state.password.is_some_and(|password| password.behind == Behind::Hash);
        let changed = if has_password { Day(0) } else { today };
        let args = self.chroot()?.option("--lastday", changed.0.to_string()).name(Noun::Account, account)?;
        let outcome = self.tools.run("chage", &args)?;
        outcome.conclude(self.state(account, today)?.is_usable())
    }

    /// Deletes an account with its memberships, and the group of its name if `login.defs` says so
    /// (`USERGROUPS_ENAB`) and nobody else is in it. The home directory, the mail and all other files stay.
    ///
    /// # Errors
    /// [`WriteError::NotFound`], [`WriteError::InUse`], [`WriteError::PermissionDenied`], [`WriteError::Protected`]
    /// and anything that keeps `userdel` from working.
    pub fn delete(&self, account: &str) -> Result<(), WriteError> {
        name::check(Noun::Account, account)?;
        let _turn = self.wait_for_turn()?;
        self.check_may_be_removed(&self.user(account)?)?;
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
            Some(USERDEL_NOT_FOUND) => Err(not_found(account)),
            _ => {
                let gone = matches!(self.user(account), Err(WriteError::NotFound { .. }));
                let listed = group::read(&self.root)
                    .items
                    .iter()
                    .any(|group| group.members.iter().any(|m| m == account));
                outcome.conclude(gone && !listed)?;
                match self.is_known(account)? {
                    Some(true) => {
                        let reason = format!("`getent` still knows {account:?}");
                        Err(WriteError::NoEffect { reason })
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// The line of an account in `passwd`.
    pub(super) fn user(&self, account: &str) -> Result<User, WriteError> {
        let users = whole(passwd::read(&self.root))?;
        users.into_iter().find(|user| user.name == account).ok_or_else(|| not_found(account))
    }

    fn state(&self, account: &str, today: Day) -> Result<State, WriteError> {
        let user = self.user(account)?;
        let lines = whole(shadow::read(&self.root))?;
        let line = lines.into_iter().find(|line| line.name == account);
        let expired = line.as_ref().is_some_and(|line| line.is_expired(today));
        let inactive = line.as_ref().is_some_and(|line| line.is_inactive(today));
        Ok(State { password: user.password.or(line.map(|line| line.password)), expired, inactive })
    }
}

/// The items of a file that could be read; odd lines in it do not matter here.
pub(super) fn whole<T>(reading: Reading<T>) -> Result<Vec<T>, WriteError> {
    match reading.gaps.iter().find(|gap| gap.skipped() == 0 && !matches!(gap, Gap::Empty { .. })) {
        Some(gap) => Err(WriteError::from_gap(gap)),
        None => Ok(reading.items),
    }
}

fn not_found(account: &str) -> WriteError {
    WriteError::NotFound { noun: Noun::Account, name: account.to_owned() }
}
