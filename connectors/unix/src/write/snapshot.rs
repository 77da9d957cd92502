//! The files as a change finds them.

use std::cell::OnceCell;

use super::error::{Noun, WriteError};
use super::state::State;
use crate::day::Day;
use crate::files::group::{self, Group};
use crate::files::gshadow::{self, Gshadow};
use crate::files::login_defs::{self, LoginDefs};
use crate::files::nsswitch;
use crate::files::passwd::{self, User};
use crate::files::shadow::{self, Shadow};
use crate::reading::{Gap, Reading};
use crate::root::Root;
use crate::sudoers::{self, Policy, SudoGrant};

/// The files of a machine, each read at most once, when it is first needed. A change checks everything against one
/// snapshot, and its outcome against another one.
#[derive(Debug)]
pub(super) struct Snapshot<'a> {
    root: &'a Root,
    users: OnceCell<Reading<User>>,
    shadow: OnceCell<Reading<Shadow>>,
    groups: OnceCell<Reading<Group>>,
    gshadow: OnceCell<Reading<Gshadow>>,
    policy: OnceCell<Policy>,
    grants: OnceCell<Reading<SudoGrant>>,
    login_defs: OnceCell<LoginDefs>,
    sudo_may_ignore_files: OnceCell<bool>,
}

impl<'a> Snapshot<'a> {
    pub(super) const fn new(root: &'a Root) -> Self {
        Self {
            root,
            users: OnceCell::new(),
            shadow: OnceCell::new(),
            groups: OnceCell::new(),
            gshadow: OnceCell::new(),
            policy: OnceCell::new(),
            grants: OnceCell::new(),
            login_defs: OnceCell::new(),
            sudo_may_ignore_files: OnceCell::new(),
        }
    }

    pub(super) const fn root(&self) -> &Root {
        self.root
    }

    /// The accounts.
    pub(super) fn users(&self) -> Result<&[User], WriteError> {
        usable(self.users.get_or_init(|| passwd::read(self.root)))
    }

    /// An account.
    pub(super) fn user(&self, name: &str) -> Result<&User, WriteError> {
        let mut users = self.users()?.iter();
        users.find(|user| user.name == name).ok_or_else(|| not_found(Noun::Account, name))
    }

    /// Whether the account neither exists nor is listed in a group.
    pub(super) fn has_no_trace_of(&self, name: &str) -> bool {
        let is_gone = matches!(self.user(name), Err(WriteError::NotFound { .. }));
        is_gone && !self.group_file().items.iter().any(|group| group.members.iter().any(|m| m == name))
    }

    /// The groups.
    pub(super) fn groups(&self) -> Result<&[Group], WriteError> {
        usable(self.group_file())
    }

    /// The groups. A machine without `etc/group` has none.
    pub(super) fn groups_if_any(&self) -> Result<&[Group], WriteError> {
        if_any(self.group_file())
    }

    fn group_file(&self) -> &Reading<Group> {
        self.groups.get_or_init(|| group::read(self.root))
    }

    /// A group.
    pub(super) fn group(&self, name: &str) -> Result<&Group, WriteError> {
        super::name::check(Noun::Group, name)?;
        let mut groups = self.groups()?.iter();
        groups.find(|group| group.name == name).ok_or_else(|| not_found(Noun::Group, name))
    }

    /// The administrators of a group. Without `gshadow`, there can't be any.
    pub(super) fn administrators(&self, group: &str) -> Result<&[String], WriteError> {
        let lines = usable(self.gshadow.get_or_init(|| gshadow::read(self.root)))?;
        let line = lines.iter().find(|line| line.name == group);
        Ok(line.map(|line| line.administrators.as_slice()).unwrap_or_default())
    }

    /// Whether an account can be used. Requires `shadow`.
    pub(super) fn state(&self, account: &str, today: Day) -> Result<State, WriteError> {
        let user = self.user(account)?;
        let lines = usable(self.shadow_file())?;
        Ok(State::new(user.password, lines.iter().find(|line| line.name == account), today))
    }

    /// Whether an account can be used. Without `shadow`, only `passwd` counts.
    pub(super) fn state_of(&self, user: &User, today: Day) -> Result<State, WriteError> {
        let lines = if_any(self.shadow_file())?;
        Ok(State::new(user.password, lines.iter().find(|line| line.name == user.name), today))
    }

    fn shadow_file(&self) -> &Reading<Shadow> {
        self.shadow.get_or_init(|| shadow::read(self.root))
    }

    /// The rules of sudo, if all their files could be read: a rule in another one could change everything.
    pub(super) fn policy(&self) -> Result<&Policy, WriteError> {
        self.policy_unless(|gap| {
            matches!(
                gap,
                Gap::Missing { .. } | Gap::Denied { .. } | Gap::Unreadable { .. } | Gap::Limited { .. }
            )
        })
    }

    /// The rules of sudo. A machine without `etc/sudoers` has none.
    pub(super) fn policy_if_any(&self) -> Result<&Policy, WriteError> {
        self.policy_unless(|gap| {
            matches!(gap, Gap::Denied { .. } | Gap::Unreadable { .. } | Gap::Limited { .. })
        })
    }

    fn policy_unless(&self, withheld: impl Fn(&Gap) -> bool) -> Result<&Policy, WriteError> {
        let policy = self.policy.get_or_init(|| sudoers::read(self.root));
        match policy.gaps().iter().find(|gap| withheld(gap)) {
            Some(gap) => Err(WriteError::from_gap(gap)),
            None => Ok(policy),
        }
    }

    /// Who has sudo.
    pub(super) fn grants(&self) -> Result<&[SudoGrant], WriteError> {
        let (policy, users, groups) = (self.policy_if_any()?, self.users()?, self.groups_if_any()?);
        decided(self.grants.get_or_init(|| policy.grants(users, groups)))
    }

    /// Which accounts are system accounts.
    pub(super) fn login_defs(&self) -> LoginDefs {
        *self.login_defs.get_or_init(|| login_defs::read(self.root).0)
    }

    /// Whether sudo may not use `etc/sudoers`.
    pub(super) fn sudo_may_ignore_files(&self) -> bool {
        *self.sudo_may_ignore_files.get_or_init(|| nsswitch::sudo_may_ignore_files(self.root))
    }

    /// Who would have sudo with these accounts and groups.
    pub(super) fn grants_with(&self, users: &[User], groups: &[Group]) -> Result<Vec<SudoGrant>, WriteError> {
        let reading = self.policy_if_any()?.grants(users, groups);
        decided(&reading)?;
        Ok(reading.items)
    }
}

/// The items of a file that could be read. Malformed lines in it don't matter here.
fn usable<T>(reading: &Reading<T>) -> Result<&[T], WriteError> {
    match reading.gaps.iter().find(|gap| gap.skipped() == 0 && !matches!(gap, Gap::Empty { .. })) {
        Some(gap) => Err(WriteError::from_gap(gap)),
        None => Ok(&reading.items),
    }
}

/// The items of a file that could be read, or is missing.
fn if_any<T>(reading: &Reading<T>) -> Result<&[T], WriteError> {
    let is_missing = reading.gaps.iter().any(|gap| matches!(gap, Gap::Missing { .. }));
    if is_missing { Ok(&[]) } else { usable(reading) }
}

/// Who has sudo, if all rules were considered.
fn decided(reading: &Reading<SudoGrant>) -> Result<&[SudoGrant], WriteError> {
    match reading.gaps.iter().find(|gap| matches!(gap, Gap::Limited { .. })) {
        Some(gap) => Err(WriteError::from_gap(gap)),
        None => Ok(&reading.items),
    }
}

fn not_found(noun: Noun, name: &str) -> WriteError {
    WriteError::NotFound { noun, name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_snapshot_does_not_change_with_its_files() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("etc")).unwrap();
        let write = |account: &str| {
            let files = [
                ("passwd", format!("{account}:x:1:1:::\n")),
                ("shadow", format!("{account}:$6$a$b:1::::::\n")),
                ("group", format!("wheel:x:5:{account}\n")),
                ("gshadow", format!("wheel:!:{account}:\n")),
                ("sudoers", format!("{account} ALL=ALL\n")),
            ];
            for (file, text) in files {
                fs::write(dir.path().join("etc").join(file), text).unwrap();
            }
        };
        write("ann");
        let root = Root::new(dir.path());
        let snapshot = Snapshot::new(&root);
        for _ in 0..2 {
            let user = snapshot.user("ann").unwrap();
            assert!(snapshot.state("ann", Day(2)).unwrap().is_usable());
            assert!(snapshot.state_of(user, Day(2)).unwrap().is_usable());
            assert_eq!(snapshot.group("wheel").unwrap().members, ["ann"]);
            assert_eq!(snapshot.administrators("wheel").unwrap(), ["ann"]);
            assert_eq!(snapshot.grants().unwrap()[0].account, "ann");
            write("ben");
        }
        assert!(Snapshot::new(&root).user("ann").is_err());
    }
}
