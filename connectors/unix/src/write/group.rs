//! Members and administrators of groups.

use super::arguments::Arguments;
use super::snapshot::Snapshot;
use super::tool::Outcome;
use super::{Change, Noun, WriteError, Writer};
use crate::files::group::Group;

/// `gpasswd`: an argument doesn't fit, for example because the account isn't in the group's own list of members.
const GPASSWD_BAD_ARGUMENT: i32 = 3;

impl Writer {
    pub(super) fn join_group(
        &self,
        files: &Snapshot<'_>,
        account: &str,
        group: &str,
    ) -> Result<Change, WriteError> {
        let (membership, gid) = membership(files, account, group)?;
        if membership != Membership::None {
            self.check_group_effect(account, group, gid, true)?;
            return Ok(Change::Unchanged);
        }
        self.check_may_change_group(files, account, group, |members, account| {
            members.push(account.to_owned());
        })?;
        let outcome = if self.other_root()?.is_some() {
            self.change_groups("--append", account, group)?
        } else {
            let args = Arguments::new().option("--add", account).name(Noun::Group, group)?;
            self.tools.run("gpasswd", &args)?
        };
        outcome.conclude(membership_now(self, account, group)? != Membership::None)?;
        self.check_group_effect(account, group, gid, true)?;
        Ok(Change::Changed)
    }

    pub(super) fn leave_group(
        &self,
        files: &Snapshot<'_>,
        account: &str,
        group: &str,
    ) -> Result<Change, WriteError> {
        let (membership, gid) = membership(files, account, group)?;
        if membership == Membership::None {
            self.check_group_effect(account, group, gid, false)?;
            return Ok(Change::Unchanged);
        }
        check_leavable(files, account, group)?;
        self.check_may_change_group(files, account, group, |members, account| {
            members.retain(|name| name != account);
        })?;
        self.remove_member(account, group)?;
        self.check_left(account, group)?;
        self.check_group_effect(account, group, gid, false)?;
        Ok(Change::Changed)
    }

    /// Removes a listed member from a group, without checking who it is.
    pub(super) fn remove_member(&self, account: &str, group: &str) -> Result<(), WriteError> {
        let outcome = if self.other_root()?.is_some() {
            self.change_groups("--remove", account, group)?
        } else {
            let args = Arguments::new().option("--delete", account).name(Noun::Group, group)?;
            self.tools.run("gpasswd", &args)?
        };
        let is_gone = membership_now(self, account, group)? != Membership::Listed;
        if !is_gone && outcome.tool == "gpasswd" && outcome.exit == Some(GPASSWD_BAD_ARGUMENT) {
            return Err(WriteError::Unsupported { reason: outcome.message });
        }
        outcome.conclude(is_gone)
    }

    /// Checks that no other group with the same number has the account as a member.
    fn check_left(&self, account: &str, group: &str) -> Result<(), WriteError> {
        let files = self.snapshot();
        let gid = files.group(group)?.gid;
        match listing_group(files.groups()?, account, gid) {
            Some(other) => {
                let reason = format!("{account:?} is still in group {other:?}, which has the same number");
                Err(WriteError::NoEffect { reason })
            }
            None => Ok(()),
        }
    }

    /// Checks that the running machine sees the membership as the files show it.
    ///
    /// # Errors
    /// [`WriteError::NoEffect`] if it doesn't: the group may come from a directory service, or not from the files.
    fn check_group_effect(
        &self,
        account: &str,
        group: &str,
        gid: u32,
        expected: bool,
    ) -> Result<(), WriteError> {
        match self.has_group_number(account, gid)? {
            Some(is_member) if is_member != expected => {
                let state = if is_member { "is still in" } else { "is still not in" };
                let reason = format!("`id` reports that {account:?} {state} group {group:?}, number {gid}");
                Err(WriteError::NoEffect { reason })
            }
            _ => Ok(()),
        }
    }

    /// Changes a membership below another root, with `usermod --prefix`: unlike `gpasswd --root`, it runs nothing of
    /// that root.
    fn change_groups(&self, how: &'static str, account: &str, group: &str) -> Result<Outcome, WriteError> {
        // `usermod` would take the name for the number of a group.
        if group.bytes().all(|byte| byte.is_ascii_digit()) {
            let reason = format!("the name of group {group:?} is a number");
            return Err(WriteError::Unsupported { reason });
        }
        let args = self.prefix()?.flag(how).option("--groups", group).name(Noun::Account, account)?;
        self.tools.run("usermod", &args)
    }

    /// Adds or removes an administrator of a group. `gpasswd` only sets the whole list, and no other tool knows
    /// administrators.
    pub(super) fn set_administrator(
        &self,
        account: &str,
        group: &str,
        expected: bool,
    ) -> Result<Change, WriteError> {
        let files = self.snapshot();
        files.user(account)?;
        files.group(group)?;
        let mut administrators = files.administrators(group)?.to_vec();
        let is_one = |administrators: &[String]| administrators.iter().any(|name| name == account);
        if is_one(&administrators) == expected {
            return Ok(Change::Unchanged);
        }
        administrators.retain(|name| name != account);
        if expected {
            administrators.push(account.to_owned());
        }
        let administrators = administrators.join(",");
        let args = self.chroot()?.option("--administrators", administrators).name(Noun::Group, group)?;
        let outcome = self.tools.run("gpasswd", &args)?;
        outcome.conclude(is_one(self.snapshot().administrators(group)?) == expected)?;
        Ok(Change::Changed)
    }
}

/// Checks that the account is in the group's own list of members, or not in the group.
///
/// # Errors
/// [`WriteError::PrimaryGroup`], and [`WriteError::Unsupported`] if the membership comes from another group.
pub(super) fn check_leavable(files: &Snapshot<'_>, account: &str, name: &str) -> Result<(), WriteError> {
    match membership(files, account, name)? {
        (Membership::None | Membership::Listed, _) => Ok(()),
        (Membership::Primary, _) => {
            Err(WriteError::PrimaryGroup { account: account.to_owned(), group: name.to_owned() })
        }
        (Membership::Inherited, gid) => {
            let other = listing_group(files.groups()?, account, gid).unwrap_or_default();
            let reason =
                format!("{account:?} is in group {name:?} only through {other:?}, which has the same number");
            Err(WriteError::Unsupported { reason })
        }
    }
}

/// A group with this number whose own list has the account.
fn listing_group<'a>(groups: &'a [Group], account: &str, gid: u32) -> Option<&'a str> {
    let has = |names: &[String]| names.iter().any(|name| name == account);
    let mut listing = groups.iter().filter(|group| group.gid == gid && has(&group.members));
    listing.find(|group| !has(&group.inherited)).map(|group| group.name.as_str())
}

/// How the account is in the group according to the files, and the group's number.
fn membership(files: &Snapshot<'_>, account: &str, name: &str) -> Result<(Membership, u32), WriteError> {
    super::name::check(Noun::Group, name)?;
    let user = files.user(account)?;
    let group = files.group(name)?;
    let has = |names: &[String]| names.iter().any(|name| name == account);
    let membership = if group.gid == user.gid {
        Membership::Primary
    } else if has(&group.inherited) {
        Membership::Inherited
    } else if has(&group.members) {
        Membership::Listed
    } else {
        Membership::None
    };
    Ok((membership, group.gid))
}

fn membership_now(writer: &Writer, account: &str, group: &str) -> Result<Membership, WriteError> {
    Ok(membership(&writer.snapshot(), account, group)?.0)
}

/// How an account is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Membership {
    None,
    /// In the group's own list.
    Listed,
    /// Only in the list of another group with the same number.
    Inherited,
    Primary,
}
