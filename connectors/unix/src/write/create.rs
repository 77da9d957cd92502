//! New accounts.

use std::ffi::OsString;

use super::{Change, Noun, WriteError, Writer, alone, check_host, name, tool};
use crate::day::Day;
use crate::machine::Entitlement;

/// `useradd`: the name is taken.
const USERADD_NAME_TAKEN: i32 = 9;

const USERADD_DEFAULTS: &str = "etc/default/useradd";
const HOMES: &str = "home";

/// An account to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewAccount {
    /// The login name.
    pub name: String,
    /// The name of the person, without commas and colons.
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
    /// [`WriteError::NotFound`] for a resource, and whatever keeps a tool from working.
    /// [`WriteError::Undone`] when the account existed for a moment, [`WriteError::HalfDone`] when it still
    /// does.
    pub fn create(&self, account: &NewAccount, today: Day) -> Result<(), WriteError> {
        let name = account.name.as_str();
        name::check_new(name)?;
        check_full_name(account.full_name.as_deref())?;
        let _alone = alone();
        match self.user(name) {
            Ok(_) => return Err(taken(Noun::Account, name)),
            Err(WriteError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        for (entitlement, resource) in &account.entitlements {
            self.check_resource(*entitlement, resource)?;
        }
        let home_is_new = self.create_homes && !self.root.exists(&self.home_of(name));
        let made = match self.add(account)? {
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
    fn add(&self, account: &NewAccount) -> Result<Option<WriteError>, WriteError> {
        let mut args = self.prefix()?;
        if self.is_prefixed()? {
            // `useradd --prefix` would clear the login record of this number on the running machine.
            args.push(OsString::from("--no-log-init"));
        }
        args.push(OsString::from(if self.create_homes { "-m" } else { "-M" }));
        if let Some(full_name) = &account.full_name {
            args.extend([OsString::from("-c"), OsString::from(full_name)]);
        }
        let outcome = self.tools.run("useradd", &tool::args(args, ["--", &account.name]))?;
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

    /// Where `useradd` will put the home directory.
    fn home_of(&self, name: &str) -> String {
        let defaults = self.root.read(USERADD_DEFAULTS).unwrap_or_default();
        let defaults = String::from_utf8_lossy(&defaults);
        let homes = defaults.lines().filter_map(|line| line.strip_prefix("HOME=")).next_back();
        format!("{}/{name}", homes.unwrap_or(HOMES).trim_matches('/'))
    }
}

fn check_full_name(full_name: Option<&str>) -> Result<(), WriteError> {
    let odd = |c: char| c.is_control() || ":,".contains(c);
    if full_name.is_some_and(|name| name.contains(odd)) {
        let reason = "no commas, colons or control characters";
        return Err(WriteError::InvalidValue { field: "full name", reason });
    }
    Ok(())
}

fn taken(noun: Noun, name: &str) -> WriteError {
    WriteError::AlreadyExists { noun, name: name.to_owned() }
}
