//! Who can run commands with sudo, according to sudoers(5).
//!
//! A user has sudo if some rule that applies now, and on this host, lets them run some command as somebody. As in sudo,
//! the last rule about a target user and a command decides. Commands are compared literally: `/bin/*` isn't known to
//! include `/bin/ls`.
//!
//! Netgroups and groups of a directory service can't be resolved from files, so they are skipped and counted. A host list
//! that may name this host is assumed to name it, and counted. Rules in a directory service are not read.

mod command;
mod cursor;
mod decision;
mod defaults;
mod directory;
mod effect;
mod hostname;
mod hosts;
mod item;
mod lines;
mod load;
mod matching;
mod period;
mod rule;
mod secure;
mod settings;
mod targets;
mod work;

pub(crate) use hostname::{configured_hostname, hostname};
pub use item::Who;
pub use load::read;

use std::collections::{HashMap, HashSet};

use connector::Cancellation;

use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading};
use command::Command;
use defaults::Defaults;
use item::Item;
use rule::Rule;
use settings::Settings;
use work::Work;

/// The path of the main file below the root.
pub const PATH: &str = "etc/sudoers";

/// The groups to which distributions grant everything, in order of preference.
const CUSTOMARY_GROUPS: [&str; 3] = ["sudo", "wheel", "admin"];

/// The rules of the machine, and what could not be read.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    rules: Vec<Rule>,
    user_aliases: HashMap<String, Vec<Item>>,
    host_aliases: HashMap<String, Vec<Item>>,
    target_aliases: HashMap<String, Vec<Item>>,
    command_aliases: HashMap<String, Vec<Command>>,
    defaults: Vec<Defaults>,
    /// When the rules were read, in seconds since 1970.
    now: i64,
    hostname: Option<String>,
    gaps: Vec<Gap>,
    cancellation: Cancellation,
}

/// A user who has sudo.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SudoGrant {
    /// The login name.
    pub account: String,
    /// The rules that grant it, at least one, in the order of the files.
    pub via: Vec<Via>,
    /// Whether the user can run every command as root.
    pub(crate) root_access: RootAccess,
}

/// Whether a user can run every command as root. Some rules depend on what only sudo knows: addresses of the host, the
/// time zone, netgroups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RootAccess {
    /// If the uncertain rules turn out in the user's favor. Rules that then take single commands away don't count: they
    /// are easy to get around.
    pub(crate) possible: bool,
    /// However they turn out, perhaps after entering a password.
    pub(crate) with_password: bool,
    /// However they turn out, without any password.
    pub(crate) without_password: bool,
}

impl RootAccess {
    fn add(&mut self, other: Self) {
        self.possible |= other.possible;
        self.with_password |= other.with_password;
        self.without_password |= other.without_password;
    }
}

impl SudoGrant {
    /// Whether every command may be run as root.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.via.iter().any(|via| via.full)
    }
}

/// A rule that grants sudo to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Via {
    /// How the rule names the user: itself, a group, a number or `ALL`.
    pub who: Who,
    /// The position of the rule, such as `etc/sudoers:27`.
    pub place: String,
    /// Whether the rule grants every command as root, and no later rule takes one away.
    pub full: bool,
}

impl Policy {
    /// What could not be read.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Those of `users` who have sudo, in their order, with all gaps of the policy.
    ///
    /// With very many users and rules, later rules are ignored, as are a user's rules beyond 1000. Both are gaps.
    pub fn grants(&self, users: &[User], groups: &[Group]) -> Reading<SudoGrant> {
        let (mut reading, gaps) = matching::grants(self, users, groups, &mut Work::new(self));
        reading.note(self.gaps.iter().cloned());
        reading.note(gaps);
        reading
    }

    /// The users whose passwords sudo may require from somebody who becomes root, in addition to the caller's own.
    pub(crate) fn password_owners(&self) -> Vec<Who> {
        Settings::of(self, &mut Work::new(self)).password_owners()
    }

    /// The groups that exist to grant sudo, in order of preference: the customary ones (`sudo`, `wheel`, `admin`) whose
    /// members can run everything as root, or otherwise the first such group in the rules.
    #[must_use]
    pub fn administrative_groups(&self, groups: &[Group]) -> Vec<String> {
        let mut work = Work::new(self);
        let named = self.named_groups(groups);
        let mut is_full = |name: &&str| self.membership_is_enough(name, &mut work);
        let mut chosen: Vec<&str> =
            CUSTOMARY_GROUPS.into_iter().filter(|name| named.contains(name)).collect();
        chosen.retain(&mut is_full);
        if chosen.is_empty() {
            chosen.extend(named.into_iter().find(&mut is_full));
        }
        chosen.into_iter().map(str::to_owned).collect()
    }

    /// The groups that the rules may name, in the order of the rules.
    fn named_groups<'a>(&self, groups: &'a [Group]) -> Vec<&'a str> {
        let mut known: HashMap<String, Vec<&str>> = HashMap::new();
        for group in groups {
            known.entry(group.name.to_ascii_lowercase()).or_default().push(&group.name);
        }
        let items =
            self.rules.iter().flat_map(|rule| &rule.users).chain(self.user_aliases.values().flatten());
        let mut seen = HashSet::new();
        let names = items.filter_map(|item| match item.who() {
            Some(Who::Group(name)) => known.get(&name.to_ascii_lowercase()),
            _ => None,
        });
        names.flatten().copied().filter(|name| seen.insert(*name)).collect()
    }

    /// Whether a user who is only in this group can run everything as root.
    fn membership_is_enough(&self, group: &str, work: &mut Work) -> bool {
        if work.is_used_up() {
            return false;
        }
        let probe = User::probe();
        let members = vec![probe.name.clone()];
        let group = Group { name: group.to_owned(), gid: probe.gid, members, inherited: Vec::new() };
        let full = |via: &Via| via.full && via.names_group(&group.name);
        let grants = matching::grants(self, &[probe], std::slice::from_ref(&group), work).0;
        // Otherwise a rule that was not reached could take it back.
        !work.is_used_up() && grants.items.iter().any(|grant| grant.via.iter().any(full))
    }
}

impl Via {
    /// Whether the rule grants sudo to the members of this group. By default, sudo ignores the case of names.
    pub(crate) fn names_group(&self, group: &str) -> bool {
        matches!(&self.who, Who::Group(name) if name.eq_ignore_ascii_case(group))
    }
}
