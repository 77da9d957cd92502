//! Members and administrators of groups.

use super::account::whole;
use super::arguments::Arguments;
use super::tool::Outcome;
use super::{Change, Noun, WriteError, Writer, name};
use crate::files::group::{self, Group};
use crate::files::gshadow;

impl Writer {
    pub(super) fn join_group(&self, account: &str, group: &str) -> Result<Change, WriteError> {
        let (membership, _) = self.membership(account, group)?;
        if membership != Membership::None {
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
        Ok(Change::Changed)
    }

    pub(super) fn leave_group(&self, account: &str, group: &str) -> Result<Change, WriteError> {
        match self.membership(account, group)?.0 {
            Membership::None => return Ok(Change::Unchanged),
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
        let outcome = if self.other_root()?.is_some() {
            self.change_groups("--remove", account, group)?
        } else {
            let args = Arguments::new().option("--delete", account).name(Noun::Group, group)?;
            self.tools.run("gpasswd", &args)?
        };
        outcome.conclude(self.membership(account, group)?.0 == Membership::None)?;
        Ok(Change::Changed)
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

    fn membership(&self, account: &str, name: &str) -> Result<(Membership, Group), WriteError> {
        name::check(Noun::Group, name)?;
        let user = self.user(account)?;
        let groups = whole(group::read(&self.root))?;
        // Of groups that share a number the first one has it.
        let primary =
            groups.iter().find(|group| group.gid == user.gid).is_some_and(|group| group.name == name);
        let group = groups.into_iter().find(|group| group.name == name).ok_or_else(|| not_found(name))?;
        let membership = if primary {
            Membership::Primary
        } else if group.members.iter().any(|member| member == account) {
            Membership::Listed
        } else {
            Membership::None
        };
        Ok((membership, group))
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
