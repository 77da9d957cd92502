//! Target users: those whom rules let others become.

use std::collections::{HashMap, HashSet};

use super::directory::Directory;
use super::item::{Item, Kind, Who};
use super::work::Work;
use super::{PATH, Policy};
use crate::reading::Gap;

/// A set of target users, one bit each. All users that no rule names share a bit.
pub(super) type Mask = u128;

/// The caller.
const SELF: Mask = 1 << 126;

/// All users without a bit.
const OTHERS: Mask = 1 << 127;

/// How many users have a bit: first those with UID 0, then those that rules name.
const MAX_BITS: usize = 126;

/// Aliases nested deeper than this are ignored.
const MAX_DEPTH: usize = 128;

/// Users to whom something may apply, and those to whom it certainly applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) may: Mask,
    pub(super) must: Mask,
}

impl Pair {
    /// Any user, none of them certainly.
    pub(super) const UNCERTAIN: Self = Self { may: Mask::MAX, must: 0 };
}

/// Whom a list names and whom it excludes.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    named: Pair,
    excluded: Pair,
}

impl Verdict {
    fn negated_if(self, negated: bool) -> Self {
        if negated { Self { named: self.excluded, excluded: self.named } } else { self }
    }

    /// Adds a later member. It decides about the users that it names or excludes.
    fn then(&mut self, later: Self) {
        let add = |to: &mut Pair, more: Pair, less: Pair| {
            to.may = (to.may & !less.must) | more.may;
            to.must = (to.must & !less.may) | more.must;
        };
        add(&mut self.named, later.named, later.excluded);
        add(&mut self.excluded, later.excluded, later.named);
    }
}

pub(super) struct Targets<'a> {
    policy: &'a Policy,
    known: HashMap<Who, Pair>,
    /// Those with UID 0.
    pub(super) roots: Mask,
    aliases: HashMap<&'a str, Option<Verdict>>,
    depth: usize,
    pub(super) circles: u64,
    pub(super) missing: u64,
}

impl<'a> Targets<'a> {
    /// Assigns bits to the users that the rules name, and to `defaults`.
    pub(super) fn new(
        policy: &'a Policy,
        directory: &Directory<'_>,
        defaults: impl Iterator<Item = &'a str>,
        work: &mut Work,
    ) -> Self {
        let mut bits = Bits { by_user: HashMap::new(), used: 0 };
        let zero = Who::Uid(0);
        let root = Who::User("root".to_owned());
        let mut known = HashMap::new();
        let mut missing = 0;
        for who in [&zero, &root] {
            known.insert(who.clone(), bits.of(who, directory, work));
        }
        let roots = known[&zero].may;
        let lists =
            policy.rules.iter().flat_map(|rule| &rule.privileges).flat_map(|privilege| &privilege.entries);
        let lists = lists.filter_map(|entry| entry.targets.as_deref());
        let named = lists.chain(policy.target_aliases.values().map(Vec::as_slice)).flatten();
        let named = named.filter_map(|item| match &item.kind {
            Kind::Who(who) => Some(who.clone()),
            Kind::MaybeAlias { name, user } if !policy.target_aliases.contains_key(name) => {
                Some(user.clone())
            }
            _ => None,
        });
        for who in named.chain(defaults.map(named_default)) {
            if who == Who::All || known.contains_key(&who) || !work.takes(1) {
                continue;
            }
            missing += u64::from(!directory.has(&who));
            let pair = bits.of(&who, directory, work);
            known.insert(who, pair);
        }
        // If nobody has UID 0, the machine will still have a user named root.
        let roots = if directory.has(&zero) { roots } else { roots | known[&root].may };
        Self { policy, known, roots: roots & !OTHERS, aliases: HashMap::new(), depth: 0, circles: 0, missing }
    }

    /// The targets of a list in a rule.
    pub(super) fn of(&mut self, items: &'a [Item], work: &mut Work) -> Pair {
        if items.is_empty() {
            return Pair { may: SELF, must: SELF };
        }
        self.list(items, work).named
    }

    /// The target of a rule without a list.
    pub(super) fn default(&self, name: &str) -> Pair {
        self.find(&named_default(name))
    }

    pub(super) fn gap(&self) -> Option<Gap> {
        (self.missing > 0).then(|| Gap::Assumed {
            path: PATH.to_owned(),
            what: "target users or groups that do not exist",
            count: self.missing,
        })
    }

    fn list(&mut self, items: &'a [Item], work: &mut Work) -> Verdict {
        let mut verdict = Verdict::default();
        for item in items {
            if !work.takes(1) {
                break;
            }
            let later = match &item.kind {
                Kind::Who(who) => Verdict { named: self.find(who), ..Verdict::default() },
                Kind::External => Verdict { named: Pair::UNCERTAIN, ..Verdict::default() },
                Kind::MaybeAlias { name, user } => match self.policy.target_aliases.get_key_value(name) {
                    Some((name, members)) => self.alias(name, members, work),
                    None => Verdict { named: self.find(user), ..Verdict::default() },
                },
            };
            verdict.then(later.negated_if(item.negated));
        }
        verdict
    }

    fn alias(&mut self, name: &'a str, members: &'a [Item], work: &mut Work) -> Verdict {
        match self.aliases.get(name) {
            Some(Some(known)) => return *known,
            None if self.depth < MAX_DEPTH => {}
            _ => {
                self.circles += 1;
                return Verdict::default();
            }
        }
        self.aliases.insert(name, None);
        self.depth += 1;
        let verdict = self.list(members, work);
        self.depth -= 1;
        self.aliases.insert(name, Some(verdict));
        verdict
    }

    fn find(&self, who: &Who) -> Pair {
        match who {
            Who::All => Pair { may: Mask::MAX, must: Mask::MAX },
            who => self.known.get(who).copied().unwrap_or(Pair { may: OTHERS, must: 0 }),
        }
    }
}

/// A default target can be a number, as in lists.
pub(super) fn named_default(name: &str) -> Who {
    match name.strip_prefix('#').and_then(|uid| uid.parse().ok()) {
        Some(uid) => Who::Uid(uid),
        None => Who::User(name.to_owned()),
    }
}

/// Assigns bits.
struct Bits {
    by_user: HashMap<usize, Mask>,
    used: usize,
}

impl Bits {
    fn of(&mut self, who: &Who, directory: &Directory<'_>, work: &mut Work) -> Pair {
        let mut pair = Pair::default();
        let places: HashSet<usize> = directory.find(who).take_while(|_| work.takes(1)).collect();
        for place in places {
            match self.by_user.get(&place).copied().or_else(|| self.next()) {
                Some(bit) => {
                    self.by_user.insert(place, bit);
                    pair.may |= bit;
                    pair.must |= bit;
                }
                None => pair.may |= OTHERS,
            }
        }
        // A directory service may know this user.
        if pair.may == 0 && !matches!(who, Who::Group(_) | Who::Gid(_)) {
            let bit = self.next().unwrap_or(OTHERS);
            pair = Pair { may: bit, must: bit & !OTHERS };
        }
        pair
    }

    fn next(&mut self) -> Option<Mask> {
        (self.used < MAX_BITS).then(|| {
            self.used += 1;
            1 << (self.used - 1)
        })
    }
}
