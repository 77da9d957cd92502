//! Members and administrators of groups.

use super::account::whole;
use super::arguments::Arguments;
use super::tool::Outcome;
use super::{Change, Noun, WriteError, Writer, name};
use crate::files::group::{self, Group};
use crate::files::gshadow;

impl Writer {
    pub(super) fn join_group(&self, account: &str, group: &str) -> Result<Change, WriteError> {
        let (membership, gid) = self.membership(account, group)?;
        if membership != Membership::None {
            self.check_effect(account, group, gid, true)?;
            return Ok(Change::Unchanged);
        }
        self.check_may_change_group(account, group, |members, account| members.push(account.to_owned()))?;
        let outcome = if self.other_root()?.is_some() {
            self.change_groups("--append", account, group)?
        } else {
            let args = Arguments::new().option("--add", account).name(Noun::Group, group)?;
            self.tools.run("gpasswd", &args)?
        };
        outcome.conclude(self.membership(account, group)?.0 != Membership::None)?;
        self.check_effect(account, group, gid, true)?;
        Ok(Change::Changed)
    }

    pub(super) fn leave_group(&self, account: &str, group: &str) -> Result<Change, WriteError> {
        let (membership, gid) = self.membership(account, group)?;
        match membership {
            Membership::None => {
                self.check_effect(account, group, gid, false)?;
                return Ok(Change::Unchanged);
            }
            Membership::Primary => {
                return Err(WriteError::PrimaryGroup {
                    account: account.to_owned(),
                    group: group.to_owned(),
                });
            }
            Membership::Listed => {}
        }
        self.check_may_change_group(account, group, |members, account| {
            members.retain(|name| name != account)
        })?;
        self.remove_member(account, group)?;
        self.check_effect(account, group, gid, false)?;
        Ok(Change::Changed)
    }

    /// Takes a listed member out of a group, whoever that is.
    pub(super) fn remove_member(&self, account: &str, group: &str) -> Result<(), WriteError> {
        let outcome = if self.other_root()?.is_some() {
            self.change_groups("--remove", account, group)?
        } else {
            let args = Arguments::new().option("--delete", account).name(Noun::Group, group)?;
            self.tools.run("gpasswd", &args)?
        };
        outcome.conclude(self.membership(account, group)?.0 == Membership::None)
    }

    /// Looks whether the running machine sees the membership as the files show it.
    ///
    /// # Errors
    /// [`WriteError::NoEffect`] when it does not: the group may come from a directory service, or not come from the
    /// files at all.
    fn check_effect(&self, account: &str, group: &str, gid: u32, wanted: bool) -> Result<(), WriteError> {
        match self.has_group_number(account, gid)? {
            Some(is_in) if is_in != wanted => {
                let state = if is_in { "is still in" } else { "is still not in" };
                let reason = format!("`id` says that {account:?} {state} group {group:?}, number {gid}");
                Err(WriteError::NoEffect { reason })
            }
            _ => Ok(()),
        }
    }

    /// Changes a membership below another root, with `usermod --prefix`: unlike `gpasswd --root` it runs nothing of that
    /// root.
    fn change_groups(&self, how: &'static str, account: &str, group: &str) -> Result<Outcome, WriteError> {
        // `usermod` takes it for the number of a group.
        if group.bytes().all(|byte| byte.is_ascii_digit()) {
            let reason = format!("the name of group {group:?} is a number");
            return Err(WriteError::Unsupported { reason });
        }
        let args = self.prefix()?.flag(how).option("--groups", group).name(Noun::Account, account)?;
        self.tools.run("usermod", &args)
    }

    /// Makes an account an administrator of a group, or no longer one. `gpasswd` only sets the whole list, and no other
    /// tool knows administrators.
    pub(super) fn administer(&self, account: &str, group: &str, wanted: bool) -> Result<Change, WriteError> {
        self.user(account)?;
        self.group(group)?;
        let mut administrators = self.administrators(group)?;
        let is_one = |administrators: &[String]| administrators.iter().any(|name| name == account);
        if is_one(&administrators) == wanted {
            return Ok(Change::Unchanged);
        }
        administrators.retain(|name| name != account);
        if wanted {
            administrators.push(account.to_owned());
        }
        let administrators = administrators.join(",");
        let args = self.chroot()?.option("--administrators", administrators).name(Noun::Group, group)?;
        let outcome = self.tools.run("gpasswd", &args)?;
        outcome.conclude(is_one(&self.administrators(group)?) == wanted)?;
        Ok(Change::Changed)
    }

    /// The administrators of a group. Without `gshadow` there cannot be any.
    pub(super) fn administrators(&self, group: &str) -> Result<Vec<String>, WriteError> {
        let lines = whole(gshadow::read(&self.root))?;
        let line = lines.into_iter().find(|line| line.name == group);
        Ok(line.map(|line| line.administrators).unwrap_or_default())
    }

    /// The line of a group.
    pub(super) fn group(&self, name: &str) -> Result<Group, WriteError> {
        name::check(Noun::Group, name)?;
        let groups = whole(group::read(&self.root))?;
        groups.into_iter().find(|group| group.name == name).ok_or_else(|| not_found(name))
    }

    /// How the account is in the group by the files, and the group's number.
    fn membership(&self, account: &str, name: &str) -> Result<(Membership, u32), WriteError> {
        name::check(Noun::Group, name)?;
        let user = self.user(account)?;
        let group = self.group(name)?;
        let membership = if group.gid == user.gid {
            Membership::Primary
        } else if group.members.iter().any(|member| member == account) {
            Membership::Listed
        } else {
            Membership::None
        };
        Ok((membership, group.gid))
    }
}

/// How an account is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Membership {
    None,
    Listed,
    Primary,
}

fn not_found(name: &str) -> WriteError {
    WriteError::NotFound { noun: Noun::Group, name: name.to_owned() }
}
