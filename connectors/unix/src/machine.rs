//! The listings of a machine: accounts, groups, the host, associations, last logins.
//!
//! Every listing has the order of the files, and takes time in proportion to their size. Only a part of oversized files
//! and lists is read, so an image can neither fill the memory nor keep a thread busy. The rest is a
//! [`Gap`](crate::reading::Gap).

mod account;
mod association;
mod identity;

pub use account::{Account, Status};
pub use association::{Association, Detail, Entitlement, ResourceType};

use std::collections::HashMap;

use crate::activity::{self, LastLogin};
use crate::day::Day;
use crate::files::nsswitch::{self, Database};
use crate::files::passwd::User;
use crate::files::{group, gshadow, login_defs, passwd, shadow};
use crate::reading::Reading;
use crate::root::Root;
use crate::sudoers::{self, SudoGrant};

/// The ID of the only resource of type `host`.
pub const HOST: &str = "host";

/// A machine, and which of its accounts are listed.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    root: Root,
    hide_system_accounts: bool,
}

/// A group with its administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The name, which is the ID of the resource.
    pub name: String,
    /// The number.
    pub gid: u32,
    /// The users for whom it is a supplementary group.
    pub members: Vec<String>,
    /// The users who can change the members. `None` if `gshadow` has no line for the group.
    pub administrators: Option<Vec<String>>,
}

/// The host itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Host {
    /// Its name, if it is known.
    pub hostname: Option<String>,
}

impl Machine {
    /// The machine below `root`, with all accounts.
    #[must_use]
    pub const fn new(root: Root) -> Self {
        Self { root, hide_system_accounts: false }
    }

    /// Whether to omit accounts below `UID_MIN` and `nobody`, with their associations and logins.
    #[must_use]
    pub const fn hide_system_accounts(mut self, hide: bool) -> Self {
        self.hide_system_accounts = hide;
        self
    }

    /// The directory that contains the files.
    #[must_use]
    pub const fn root(&self) -> &Root {
        &self.root
    }

    /// The accounts in the order of `passwd`.
    pub fn accounts(&self, today: Day) -> Reading<Account> {
        let (defs, defs_gap) = login_defs::read(&self.root);
        let users = passwd::read(&self.root);
        let shadow = shadow::read(&self.root);
        let by_name: HashMap<&str, _> = shadow.items.iter().map(|line| (line.name.as_str(), line)).collect();
        let source = account::ShadowSource::of(&shadow.gaps);
        let mut without_shadow = 0;
        let mut accounts = Vec::with_capacity(users.items.len());
        for user in users.items {
            let line = by_name.get(user.name.as_str()).copied();
            let system = defs.is_system(user.uid);
            if self.hide_system_accounts && system {
                continue;
            }
            let account = Account::new(user, line, source, system, today);
            without_shadow += u64::from(source == account::ShadowSource::Read && account.status.is_none());
            accounts.push(account);
        }
        let mut reading = Reading { items: accounts, gaps: users.gaps };
        reading.note(shadow.gaps);
        reading.note(account::unmatched(without_shadow));
        reading.note(defs_gap);
        reading.note(nsswitch::unlisted(&self.root, Database::Accounts));
        reading
    }

    /// The groups in the order of `group`.
    pub fn groups(&self) -> Reading<Group> {
        let groups = group::read(&self.root);
        let shadows = gshadow::read(&self.root);
        let mut administrators: HashMap<String, Vec<String>> =
            shadows.items.into_iter().map(|line| (line.name, line.administrators)).collect();
        let items = groups.items.into_iter().map(|group| Group {
            administrators: administrators.remove(&group.name),
            name: group.name,
            gid: group.gid,
            members: group.members,
        });
        let mut reading = Reading { items: items.collect(), gaps: groups.gaps };
        reading.note(shadows.gaps);
        reading.note(nsswitch::unlisted(&self.root, Database::Groups));
        reading
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> Host {
        Host { hostname: sudoers::hostname(&self.root) }
    }

    /// What identifies the machine, if it is known: 32 hexadecimal digits derived from its machine-id(5), or its hostname
    /// if it has no such ID.
    #[must_use]
    pub fn identity(&self) -> Option<String> {
        identity::of(&self.root)
    }

    /// Which accounts have which entitlements: the members and administrators of each group, in the order of `group`, then
    /// who has sudo on the host, in the order of `passwd`.
    pub fn associations(&self) -> Reading<Association> {
        let users = passwd::read(&self.root);
        let groups = self.groups();
        let sudo = self.sudo_of(&users.items);
        let (hidden, defs_gap) = self.hidden();
        let (associations, dangling) = association::of(&users.items, &groups.items, sudo.items, hidden);
        let mut reading = Reading { items: associations, gaps: users.gaps };
        reading.note(groups.gaps);
        reading.note(sudo.gaps);
        reading.note(dangling);
        reading.note(defs_gap);
        reading.note(nsswitch::unlisted(&self.root, Database::Accounts));
        reading
    }

    /// Who has sudo, in the order of `passwd`, system accounts included.
    pub fn sudo(&self) -> Reading<SudoGrant> {
        let users = passwd::read(&self.root);
        let mut reading = self.sudo_of(&users.items);
        reading.note(users.gaps);
        reading
    }

    fn sudo_of(&self, users: &[User]) -> Reading<SudoGrant> {
        let groups = group::read(&self.root);
        let mut reading = sudoers::read(&self.root).grants(users, &groups.items);
        reading.note(groups.gaps);
        reading.note(nsswitch::unlisted(&self.root, Database::Sudoers));
        reading
    }

    /// The last login of each account that ever logged in, in the order of `passwd`.
    pub fn last_logins(&self) -> Reading<LastLogin> {
        let users = passwd::read(&self.root);
        let (hidden, defs_gap) = self.hidden();
        let mut reading = activity::last_logins(&self.root, users.items.iter().filter(|user| !hidden(user)));
        reading.note(users.gaps);
        reading.note(defs_gap);
        reading.note(nsswitch::unlisted(&self.root, Database::Accounts));
        reading
    }

    fn hidden(&self) -> (impl Fn(&User) -> bool + Copy + use<>, Option<crate::reading::Gap>) {
        let (defs, gap) = login_defs::read(&self.root);
        let hide = self.hide_system_accounts;
        (move |user: &User| hide && defs.is_system(user.uid), gap)
    }
}
