//! Changes, made by the system's own tools.
//!
//! `useradd`, `usermod`, `userdel`, `gpasswd` and `chage` know the locks, the backups and the formats of the account
//! files, so nothing here writes them. Each change looks first whether there is anything to do, runs a tool
//! without a shell, and then looks at the files again: they decide whether it succeeded, not the exit code
//! (`usermod -U` refuses an account without a password and still exits with 0). On the running machine `id`, `getent`
//! and `sudo` have to agree.
//!
//! Below another root than `/` the tools run with `--prefix`, and memberships are changed by `usermod`, because
//! `gpasswd` has no such option. Only `gpasswd` can make an account the administrator of a group, and only `chage` can
//! set when a password was changed. They run with `--root`: they change their root directory, need the right to do so,
//! and look users up as the root's `nsswitch.conf` says, with the libraries found there. So only write to roots that are
//! trusted. A change is refused if it would make the tools follow a link or `..` out of the root.

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
mod protect;
mod snapshot;
mod state;
mod sudo;
mod tool;

pub use create::NewAccount;
pub(crate) use create::check_name_part;
pub use error::{Noun, WriteError};

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
    /// Everything was as wanted already.
    Unchanged,
}

/// Makes changes on one machine. Calls block, and wait for each other.
#[derive(Debug, Clone)]
pub struct Writer {
    root: Root,
    tools: Toolbox,
    create_homes: bool,
    change_system_accounts: bool,
    operators: Operators,
}

impl Writer {
    /// Changes the machine below `root`, with the tools found along `PATH` and in the system's own folders.
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

    /// Whether new accounts get a home directory, made from `etc/skel`. By default they get none, whatever
    /// `login.defs` says.
    #[must_use]
    pub const fn create_homes(mut self, create: bool) -> Self {
        self.create_homes = create;
        self
    }

    /// Whether system accounts may be suspended and deleted: those below `UID_MIN` of `login.defs`, and `nobody`. By
    /// default they may not.
    #[must_use]
    pub const fn change_system_accounts(mut self, change: bool) -> Self {
        self.change_system_accounts = change;
        self
    }

    /// The numbers of the users that the connector works for, who must not lock themselves out. By default they are
    /// those of the process and of the user who started it with sudo.
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

    /// How long a tool that finds the files locked is started again, 5 seconds by default.
    #[must_use]
    pub const fn lock_patience(mut self, patience: Duration) -> Self {
        self.tools.patience = patience;
        self
    }

    /// Starts no change once `cancellation` is cancelled. A change that has begun is finished: it would be left
    /// half done.
    #[must_use]
    pub fn cancelled_by(mut self, cancellation: Cancellation) -> Self {
        self.tools.cancellation = cancellation;
        self
    }

    /// Gives an entitlement. For [`Entitlement::Sudo`] the account joins the group that `sudoers` grants
    /// everything.
    ///
    /// # Errors
    /// [`WriteError::NotFound`] for the account or the resource, [`WriteError::Unsupported`] when the files
    /// offer no way to give it, [`WriteError::Protected`] when the group would take sudo away and nobody else could
    /// become root, and anything that keeps a tool from working.
    pub fn assign(
        &self,
        account: &str,
        entitlement: Entitlement,
        resource: &str,
    ) -> Result<Change, WriteError> {
        let _lock = self.lock()?;
        self.grant(account, entitlement, resource)
    }

    /// Takes an entitlement. For [`Entitlement::Sudo`] the account leaves the group that `sudoers` grants
    /// everything.
    ///
    /// # Errors
    /// As for [`Writer::assign`]; [`WriteError::PrimaryGroup`] when the group is the primary one, and
    /// [`WriteError::GrantedElsewhere`] when sudo does not come from such a group, and [`WriteError::Protected`] when
    /// nobody else could become root.
    pub fn unassign(
        &self,
        account: &str,
        entitlement: Entitlement,
        resource: &str,
    ) -> Result<Change, WriteError> {
        name::check(Noun::Account, account)?;
        let _lock = self.lock()?;
        match entitlement {
            Entitlement::Member => self.leave_group(account, resource),
            Entitlement::Administrator => self.set_administrator(account, resource, false),
            Entitlement::Sudo => self.remove_sudo(account, resource),
        }
    }

    /// Looks whether this machine offers a way to give this entitlement to anybody.
    ///
    /// # Errors
    /// [`WriteError::Unsupported`] when it does not, [`WriteError::PermissionDenied`] when the files that tell
    /// may not be read.
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
        name::check(Noun::Account, account)?;
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
