//! New accounts.

use super::snapshot::Snapshot;
use super::sudo::sudo_group;
use super::{Change, Noun, WriteError, Writer, check_host, name};
use crate::day::Day;
use crate::machine::Entitlement;

/// `useradd`: the name already exists.
const USERADD_NAME_TAKEN: i32 = 9;

/// The longest full name, in bytes. The C library's readers expect short lines.
const MAX_FULL_NAME: usize = 255;

/// An account to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewAccount {
    /// The login name.
    pub name: String,
    /// The person's name: at most 255 bytes, without commas, colons and control characters, and not starting with `-`.
    pub full_name: Option<String>,
    /// Whether it starts deactivated.
    pub suspended: bool,
    /// The entitlements it gets, each with the ID of its resource.
    pub entitlements: Vec<(Entitlement, String)>,
}

impl NewAccount {
    /// An account of this name, without anything else.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

impl Writer {
    /// Creates an account without a password. If it can't get all its entitlements, it isn't created.
    ///
    /// UID, primary group, shell and home follow the machine's `login.defs` and `default/useradd`.
    ///
    /// # Errors
    /// [`WriteError::AlreadyExists`], [`WriteError::InvalidName`], [`WriteError::InvalidValue`],
    /// [`WriteError::NotFound`] for a resource, and anything that keeps a tool from working.
    /// [`WriteError::Undone`] if the account existed for a moment, [`WriteError::HalfDone`] if it still exists.
    pub fn create(&self, account: &NewAccount, today: Day) -> Result<(), WriteError> {
        let name = account.name.as_str();
        name::check_new(name)?;
        check_full_name(account.full_name.as_deref())?;
        let _lock = self.lock()?;
        let files = self.snapshot();
        match files.user(name) {
            Ok(_) => return Err(already_exists(Noun::Account, name)),
            Err(WriteError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        for (entitlement, resource) in &account.entitlements {
            check_resource(&files, *entitlement, resource)?;
        }
        let home = self.create_homes.then(|| self.home_of(name)).transpose()?;
        if let Some(root) = self.other_root()? {
            self.check_new_files(&root, name, home.as_deref())?;
        }
        let home_is_new = home.as_deref().is_some_and(|home| !self.root.exists(home));
        let created = match self.add(account, home.as_deref())? {
            None => self.equip(account, today),
            Some(error) => Err(error),
        };
        let Err(error) = created else { return Ok(()) };
        let name = name.to_owned();
        match (self.remove(&name, home_is_new), error) {
            // What remained of a failed grant is gone with the account.
            (Ok(()), WriteError::HalfDone { source, .. }) => Err(WriteError::Undone { name, source }),
            (Ok(()), error) => Err(WriteError::Undone { name, source: Box::new(error) }),
            (Err(cleanup), error) => {
                let state =
                    format!("account {name:?} was created incompletely and could not be deleted again");
                Err(WriteError::HalfDone { state, cleanup: Box::new(cleanup), source: Box::new(error) })
            }
        }
    }

    /// Runs `useradd`. Returns `Some` if the account exists, but `useradd` could not finish. It is an error if the account
    /// doesn't exist, or somebody else created it.
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
        let outcome = match self.tools.run("useradd", &args.name(Noun::Account, &account.name)?) {
            Err(error @ WriteError::TimedOut { .. }) if self.snapshot().user(&account.name).is_ok() => {
                return Ok(Some(error));
            }
            outcome => outcome?,
        };
        if outcome.exit == Some(USERADD_NAME_TAKEN) {
            return Err(self.taken_by(&account.name));
        }
        let exists = self.snapshot().user(&account.name).is_ok();
        match outcome.exit {
            Some(0) if exists => Ok(None),
            _ if exists && !outcome.was_kept_out() => Ok(Some(outcome.into_error())),
            _ => Err(outcome.into_error()),
        }
    }

    /// The name may belong to a user that only a directory service knows, or to a group.
    fn taken_by(&self, name: &str) -> WriteError {
        let files = self.snapshot();
        let only_group = files.user(name).is_err() && files.group(name).is_ok();
        let noun = if only_group { Noun::Group } else { Noun::Account };
        already_exists(noun, name)
    }

    fn equip(&self, account: &NewAccount, today: Day) -> Result<(), WriteError> {
        if account.suspended {
            let _: Change = self.lock_and_expire(&self.snapshot(), &account.name, today)?;
        }
        if self.is_known(&account.name)? == Some(false) {
            let reason = format!("`getent` does not find {:?}", account.name);
            return Err(WriteError::NoEffect { reason });
        }
        for (entitlement, resource) in &account.entitlements {
            let _: Change = self.grant(&account.name, *entitlement, resource)?;
        }
        Ok(())
    }
}

/// Finds what would certainly fail, before anything is changed.
fn check_resource(files: &Snapshot<'_>, entitlement: Entitlement, resource: &str) -> Result<(), WriteError> {
    match entitlement {
        Entitlement::Member => files.group(resource).map(drop),
        Entitlement::Administrator => {
            files.group(resource)?;
            files.administrators(resource).map(drop)
        }
        Entitlement::Sudo => {
            check_host(resource)?;
            sudo_group(files).map(drop)
        }
    }
}

/// Rejects a full name that the comment field can't hold, or that a tool could take for an option.
fn check_full_name(full_name: Option<&str>) -> Result<(), WriteError> {
    full_name
        .map_or(Ok(()), check_name_part)
        .map_err(|reason| WriteError::InvalidValue { field: "full name", reason })
}

/// Checks that a person's name, or a part of it, can be stored. The error says why not.
pub(crate) fn check_name_part(name: &str) -> Result<(), &'static str> {
    let malformed = |c: char| c.is_control() || ":,".contains(c);
    if name.starts_with('-') {
        Err("must not start with `-`")
    } else if name.contains(malformed) {
        Err("must not contain commas, colons or control characters")
    } else if name.len() > MAX_FULL_NAME {
        Err("must not be longer than 255 bytes")
    } else {
        Ok(())
    }
}

fn already_exists(noun: Noun, name: &str) -> WriteError {
    WriteError::AlreadyExists { noun, name: name.to_owned() }
}
