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

use std::collections::{HashMap, HashSet};

use connector::Cancellation;

use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading};
use item::Item;
use matching::Work;
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
    cancellation: Cancellation,
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
    ///
    /// With very many users and rules the later rules are left out, and each user's rules beyond 1000; both are gaps.
    pub fn grants(&self, users: &[User], groups: &[Group]) -> Reading<SudoGrant> {
        let (mut reading, gaps) = matching::grants(self, users, groups, &mut Work::new(self));
        reading.note(self.gaps.iter().cloned());
        reading.note(gaps);
        reading
    }

    /// The groups whose purpose is sudo, the one to use first: the customary ones (`sudo`, `wheel`, `admin`)
    /// whose members may run everything as root, or else the first such group in the rules.
    #[must_use]
    pub fn administrative_groups(&self, groups: &[Group]) -> Vec<String> {
        let known: HashSet<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        let named = self.named_groups();
        let mut work = Work::new(self);
        let mut is_full = |name: &&str| known.contains(name) && self.membership_is_enough(name, &mut work);
        let mut chosen: Vec<&str> =
            CUSTOMARY_GROUPS.into_iter().filter(|name| named.contains(name)).collect();
        chosen.retain(&mut is_full);
        if chosen.is_empty() {
            chosen.extend(named.into_iter().find(&mut is_full));
        }
        chosen.into_iter().map(str::to_owned).collect()
    }

    fn named_groups(&self) -> Vec<&str> {
        let items =
            self.rules.iter().flat_map(|rule| &rule.users).chain(self.user_aliases.values().flatten());
        let mut seen = HashSet::new();
        let names = items.filter_map(|item| match item.who() {
            Some(Who::Group(name)) => Some(name.as_str()),
            _ => None,
        });
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// Asks the rules about a user who is in this group and nothing else.
    fn membership_is_enough(&self, group: &str, work: &mut Work) -> bool {
        let probe = User::probe();
        let group = Group { name: group.to_owned(), gid: probe.gid, members: vec![probe.name.clone()] };
        let who = Who::Group(group.name.clone());
        let grants = matching::grants(self, &[probe], &[group], work).0;
        // Otherwise a rule that was not reached could take it back.
        !work.is_used_up()
            && grants.items.iter().any(|grant| grant.via.iter().any(|via| via.full && via.who == who))
    }
}
