//! New accounts.

use super::{Change, Noun, WriteError, Writer, check_host, name};
use crate::day::Day;
use crate::machine::Entitlement;

/// `useradd`: the name is taken.
const USERADD_NAME_TAKEN: i32 = 9;

/// The longest full name, in bytes. The C library's readers expect short lines.
const MAX_FULL_NAME: usize = 255;

/// An account to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewAccount {
    /// The login name.
    pub name: String,
    /// The name of the person: at most 255 bytes, without commas, colons and control characters, and not
    /// starting with `-`.
    pub full_name: Option<String>,
    /// Whether it starts deactivated.
    pub suspended: bool,
    /// The entitlements it gets, each with the id of its resource.
    pub entitlements: Vec<(Entitlement, String)>,
}

impl NewAccount {
    /// An account of this name, without anything else.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

impl Writer {
    /// Creates an account without a password, with everything it is to have, or not at all.
    ///
    /// Number, primary group, shell and home follow the machine's `login.defs` and `default/useradd`.
    ///
    /// # Errors
    /// [`WriteError::AlreadyExists`], [`WriteError::InvalidName`], [`WriteError::InvalidValue`],
    /// [`WriteError::NotFound`] for a resource, and anything that keeps a tool from working.
    /// [`WriteError::Undone`] when the account existed for a moment, [`WriteError::HalfDone`] when it still
    /// does.
    pub fn create(&self, account: &NewAccount, today: Day) -> Result<(), WriteError> {
        let name = account.name.as_str();
        name::check_new(name)?;
        check_full_name(account.full_name.as_deref())?;
        let _turn = self.wait_for_turn()?;
        match self.user(name) {
            Ok(_) => return Err(taken(Noun::Account, name)),
            Err(WriteError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        for (entitlement, resource) in &account.entitlements {
            self.check_resource(*entitlement, resource)?;
        }
        let home = self.create_homes.then(|| self.home_of(name)).transpose()?;
        if let Some(root) = self.other_root()? {
            self.check_new_files(&root, name, home.as_deref())?;
        }
        let home_is_new = home.as_deref().is_some_and(|home| !self.root.exists(home));
        let made = match self.add(account, home.as_deref())? {
            None => self.equip(account, today),
            Some(error) => Err(error),
        };
        let Err(error) = made else { return Ok(()) };
        let (name, source) = (name.to_owned(), Box::new(error));
        match self.remove(&name, home_is_new) {
            Ok(()) => Err(WriteError::Undone { name, source }),
            Err(cleanup) => Err(WriteError::HalfDone { name, cleanup: Box::new(cleanup), source }),
        }
    }

    /// Runs `useradd`. `Some` when the account is there, but `useradd` could not finish; an error when it is
    /// not, or somebody else's.
    fn add(&self, account: &NewAccount, home: Option<&str>) -> Result<Option<WriteError>, WriteError> {
        let mut args = self.prefix()?;
        if self.other_root()?.is_some() {
            // `useradd --prefix` would clear the login record of this number on the running machine.
            args = args.flag("--no-log-init");
        }
        args = match home {
            Some(home) => args.flag("--create-home").option("--home-dir", home),
            None => args.flag("--no-create-home"),
        };
        if let Some(full_name) = &account.full_name {
            args = args.option("--comment", full_name);
        }
        let outcome = self.tools.run("useradd", &args.name(Noun::Account, &account.name)?)?;
        if outcome.exit == Some(USERADD_NAME_TAKEN) {
            return Err(self.taken_by(&account.name));
        }
        let exists = self.user(&account.name).is_ok();
        match outcome.exit {
            Some(0) if exists => Ok(None),
            _ if exists && !outcome.was_kept_out() => Ok(Some(outcome.into_error())),
            _ => Err(outcome.into_error()),
        }
    }

    /// A user can be known to a directory service only, or the name belongs to a group.
    fn taken_by(&self, name: &str) -> WriteError {
        let only_group = self.user(name).is_err() && self.group(name).is_ok();
        let noun = if only_group { Noun::Group } else { Noun::Account };
        taken(noun, name)
    }

    fn equip(&self, account: &NewAccount, today: Day) -> Result<(), WriteError> {
        if account.suspended {
            let _: Change = self.lock_and_expire(&account.name, today)?;
        }
        if self.is_known(&account.name)? == Some(false) {
            let reason = format!("`getent` does not know {:?}", account.name);
            return Err(WriteError::NoEffect { reason });
        }
        for (entitlement, resource) in &account.entitlements {
            let _: Change = self.give(&account.name, *entitlement, resource)?;
        }
        Ok(())
    }

    /// Finds out before anything is changed what would fail for certain.
    fn check_resource(&self, entitlement: Entitlement, resource: &str) -> Result<(), WriteError> {
        match entitlement {
            Entitlement::Member => self.group(resource).map(drop),
            Entitlement::Administrator => {
                self.group(resource)?;
                self.administrators(resource).map(drop)
            }
            Entitlement::Sudo => {
                check_host(resource)?;
                self.sudo_group().map(drop)
            }
        }
    }
}

/// Refuses a full name that the comment field cannot hold, or that a tool could take for an option.
fn check_full_name(full_name: Option<&str>) -> Result<(), WriteError> {
    full_name
        .map_or(Ok(()), check_name_part)
        .map_err(|reason| WriteError::InvalidValue { field: "full name", reason })
}

/// Says what keeps a name of a person, or a part of it, from being stored.
pub(crate) fn check_name_part(name: &str) -> Result<(), &'static str> {
    let odd = |c: char| c.is_control() || ":,".contains(c);
    if name.starts_with('-') {
        Err("must not start with `-`")
    } else if name.contains(odd) {
        Err("must not contain commas, colons or control characters")
    } else if name.len() > MAX_FULL_NAME {
        Err("must not be longer than 255 bytes")
    } else {
        Ok(())
    }
}

fn taken(noun: Noun, name: &str) -> WriteError {
    WriteError::AlreadyExists { noun, name: name.to_owned() }
}
