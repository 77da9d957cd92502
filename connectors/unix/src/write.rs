//! Changes a machine with the system's own tools.
//!
//! `useradd`, `usermod`, `userdel`, `gpasswd` and `chage` know the locks, the backups and the formats of the account
//! files, so nothing here writes them. Each change first checks whether there is anything to do, runs a tool without a
//! shell, and then reads the files again. They decide whether it succeeded, not the exit code: `usermod -U` rejects an
//! account without a password and still exits with 0. On the running machine, `id`, `getent` and `sudo` must agree.
//!
//! Below a root other than `/`, the tools run with `--prefix`, and `usermod` changes memberships, because `gpasswd` has no
//! such option. Only `gpasswd` can add an administrator to a group, and only `chage` can set when a password was changed.
//! They run with `--root`: they change their root directory, need permission to do so, and look users up according to the
//! root's `nsswitch.conf`, with the libraries there. Therefore only write to roots that you trust. A change is rejected if
//! it would make the tools follow a link or `..` out of the root.

mod account;
mod arguments;
mod confine;
mod create;
mod effect;
mod error;
mod group;
mod lock;
mod name;
mod operator;
mod progress;
mod protect;
mod shell;
mod snapshot;
mod state;
mod sudo;
mod tool;

pub use create::NewAccount;
pub(crate) use create::check_name_part;
pub use error::{Noun, WriteError};
pub use progress::finish;

use std::path::PathBuf;
use std::time::Duration;

use connector::Cancellation;

use crate::machine::{Entitlement, HOST};
use crate::root::Root;
use operator::Operators;
use snapshot::Snapshot;
use tool::Toolbox;

/// Whether a change was necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Change {
    /// Something was changed.
    Changed,
    /// The machine was already in the requested state.
    Unchanged,
}

/// Changes one machine. Calls block, and wait for each other, even in other processes.
#[derive(Debug, Clone)]
pub struct Writer {
    root: Root,
    tools: Toolbox,
    create_homes: bool,
    change_system_accounts: bool,
    operators: Operators,
}

impl Writer {
    /// A writer for the machine below `root`. It looks for the tools in `PATH` and in the system's own folders.
    #[must_use]
    pub fn new(root: Root) -> Self {
        Self {
            root,
            tools: Toolbox::from_environment(),
            create_homes: false,
            change_system_accounts: false,
            operators: Operators::of_process(),
        }
    }

    /// Whether new accounts get a home directory, created from `etc/skel`. By default they don't, even if `login.defs`
    /// says so.
    #[must_use]
    pub const fn create_homes(mut self, create: bool) -> Self {
        self.create_homes = create;
        self
    }

    /// Whether system accounts can be suspended and deleted: those below `UID_MIN` in `login.defs`, and `nobody`. By
    /// default they can't.
    #[must_use]
    pub const fn change_system_accounts(mut self, change: bool) -> Self {
        self.change_system_accounts = change;
        self
    }

    /// The UIDs of the accounts that the connector works for, which must not lock themselves out. By default, they are
    /// those of the process and of the account that started it with `sudo`, `pkexec`, `doas` or `su`.
    #[must_use]
    pub fn runs_as(mut self, uids: Vec<u32>) -> Self {
        self.operators = Operators::with_uids(uids);
        self
    }

    /// Looks for the tools in these folders only.
    #[must_use]
    pub fn search_path(mut self, folders: Vec<PathBuf>) -> Self {
        self.tools.folders = folders;
        self
    }

    /// How long a tool may run before it is killed, 30 seconds by default. The tools of shadow-utils wait
    /// about 15 seconds for a lock.
    #[must_use]
    pub const fn tool_timeout(mut self, timeout: Duration) -> Self {
        self.tools.timeout = timeout;
        self
    }

    /// How long a tool that finds the files locked is retried, 5 seconds by default.
    #[must_use]
    pub const fn lock_patience(mut self, patience: Duration) -> Self {
        self.tools.patience = patience;
        self
    }

    /// Starts no change after `cancellation` is cancelled. A change that has begun is finished, because stopping would
    /// leave it incomplete.
    #[must_use]
    pub fn cancelled_by(mut self, cancellation: Cancellation) -> Self {
        self.tools.cancellation = cancellation;
        self
    }

    /// Assigns an entitlement. For [`Entitlement::Sudo`], the account joins the group to which `sudoers` grants
    /// everything.
    ///
    /// # Errors
    /// [`WriteError::NotFound`] for the account or the resource, [`WriteError::Unsupported`] if the files offer no way to
    /// assign it, [`WriteError::Protected`] if the group would take sudo away and nobody else could become root, and
    /// anything that keeps a tool from working.
    pub fn assign(
        &self,
        account: &str,
        entitlement: Entitlement,
        resource: &str,
    ) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        self.grant(account, entitlement, resource)
    }

    /// Removes an entitlement. For [`Entitlement::Sudo`], the account leaves the group to which `sudoers` grants
    /// everything.
    ///
    /// # Errors
    /// As for [`Writer::assign`]; also [`WriteError::PrimaryGroup`] if the group is the primary one,
    /// [`WriteError::GrantedElsewhere`] if sudo doesn't come from such a group, and [`WriteError::Protected`] if nobody
    /// else could become root.
    pub fn unassign(
        &self,
        account: &str,
        entitlement: Entitlement,
        resource: &str,
    ) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        match entitlement {
            Entitlement::Member => self.leave_group(&self.snapshot(), account, resource),
            Entitlement::Administrator => self.set_administrator(account, resource, false),
            Entitlement::Sudo => self.remove_sudo(account, resource),
        }
    }

    /// Checks whether this machine offers a way to assign this entitlement to anybody.
    ///
    /// # Errors
    /// [`WriteError::Unsupported`] if it doesn't, [`WriteError::PermissionDenied`] if the files that decide it can't be
    /// read.
    pub fn check_assignable(&self, entitlement: Entitlement) -> Result<(), WriteError> {
        match entitlement {
            Entitlement::Member => Ok(()),
            Entitlement::Administrator => self.snapshot().administrators("").map(drop),
            Entitlement::Sudo => sudo::sudo_group(&self.snapshot()).map(drop),
        }
    }

    const fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.root)
    }

    fn grant(&self, account: &str, entitlement: Entitlement, resource: &str) -> Result<Change, WriteError> {
        match entitlement {
            Entitlement::Member => self.join_group(&self.snapshot(), account, resource),
            Entitlement::Administrator => self.set_administrator(account, resource, true),
            Entitlement::Sudo => self.grant_sudo(account, resource),
        }
    }
}

fn check_host(resource: &str) -> Result<(), WriteError> {
    if resource == HOST {
        return Ok(());
    }
    Err(WriteError::NotFound { noun: Noun::Host, name: resource.to_owned() })
}
