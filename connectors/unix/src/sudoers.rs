//! Who may run commands through sudo, by sudoers(5).
//!
//! A user has sudo when some rule that holds on this host lets them run some command; the last rule for all
//! commands wins, as in sudo, so that a later `!ALL` takes everything back. Which commands those are is not
//! modelled beyond [`Via::full`]: everything as root, or less.
//!
//! Netgroups and groups of a directory service cannot be resolved from files, so they are skipped and
//! counted; a host list that may or may not name this host is taken to name it, and counted. Rules kept in a
//! directory service instead of files are not seen.

mod cursor;
mod hosts;
mod item;
mod lines;
mod load;
mod matching;
mod rule;

pub use item::Who;
pub(crate) use load::hostname;
pub use load::read;

use std::collections::HashMap;

use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading};
use item::Item;
use rule::Rule;

/// Where the first file lies below the root.
pub const PATH: &str = "etc/sudoers";

/// The groups that distributions grant everything, the preferred one first.
const CUSTOMARY_GROUPS: [&str; 3] = ["sudo", "wheel", "admin"];

/// The rules of the machine, with what could not be read of them.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    rules: Vec<Rule>,
    user_aliases: HashMap<String, Vec<Item>>,
    host_aliases: HashMap<String, Vec<Item>>,
    hostname: Option<String>,
    gaps: Vec<Gap>,
}

/// A user who has sudo.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SudoGrant {
    /// The login name.
    pub account: String,
    /// The rules that give it, at least one, in the order of the files.
    pub via: Vec<Via>,
}

impl SudoGrant {
    /// Whether every command may be run as root.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.via.iter().any(|via| via.full)
    }
}

/// One rule that gives sudo to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Via {
    /// How the rule names the user: itself, a group, a number or `ALL`.
    pub who: Who,
    /// Where the rule stands, as `etc/sudoers:27`.
    pub place: String,
    /// Whether the rule is for every command as root.
    pub full: bool,
}

impl Policy {
    /// What could not be read.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Those of `users` who have sudo, in their order, with all gaps of the policy.
    pub fn grants(&self, users: &[User], groups: &[Group]) -> Reading<SudoGrant> {
        let (mut reading, gaps) = matching::grants(self, users, groups);
        reading.note(self.gaps.iter().cloned());
        reading.note(gaps);
        reading
    }

    /// The groups whose purpose is sudo, the one to use first: the customary ones (`sudo`, `wheel`, `admin`)
    /// whose members may run everything as root, or else the first such group in the rules.
    #[must_use]
    pub fn administrative_groups(&self, groups: &[Group]) -> Vec<String> {
        let full: Vec<&str> = self
            .named_groups()
            .into_iter()
            .filter(|name| groups.iter().any(|group| group.name == *name))
            .filter(|name| self.membership_is_enough(name))
            .collect();
        let customary = CUSTOMARY_GROUPS.into_iter().filter(|name| full.contains(name));
        let chosen: Vec<String> = customary.map(str::to_owned).collect();
        if chosen.is_empty() {
            full.first().map(|name| (*name).to_owned()).into_iter().collect()
        } else {
            chosen
        }
    }

    fn named_groups(&self) -> Vec<&str> {
        let items =
            self.rules.iter().flat_map(|rule| &rule.users).chain(self.user_aliases.values().flatten());
        let mut names = Vec::new();
        for item in items {
            if let Some(Who::Group(name)) = item.who()
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// Asks the rules about a user who is in this group and nothing else.
    fn membership_is_enough(&self, group: &str) -> bool {
        let probe = User::probe();
        let group = Group { name: group.to_owned(), gid: probe.gid, members: vec![probe.name.clone()] };
        let who = Who::Group(group.name.clone());
        let grants = matching::grants(self, &[probe], &[group]).0;
        grants.items.iter().any(|grant| grant.via.iter().any(|via| via.full && via.who == who))
    }
}
