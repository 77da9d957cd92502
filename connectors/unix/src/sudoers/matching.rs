//! Finds the users to whom rules apply.

use std::collections::HashMap;
use std::rc::Rc;

use super::command::Entry;
use super::decision::{self, Named, RulePart, Step};
use super::directory::Directory;
use super::effect::Effects;
use super::item::{Item, Kind, Who};
use super::rule::Privilege;
use super::settings::Settings;
use super::targets::{Pair, Targets};
use super::work::Work;
use super::{PATH, Policy, SudoGrant, Via, hosts};
use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading, dangling};

/// Aliases nested deeper than this are ignored.
const MAX_DEPTH: usize = 128;

/// The most rules of one user that are listed.
const MAX_RULES_A_USER: usize = 1000;

/// The most rules of all users together that are listed.
const MAX_GRANTS: usize = 300_000;

/// What a list of users decides about one of them.
#[derive(Debug, Clone, Copy)]
struct Mark<'a> {
    allowed: bool,
    /// The member of the list that decides.
    who: &'a Who,
    /// Whether no netgroup or group of a directory service can decide otherwise.
    is_certain: bool,
}

/// What a list decides about each user that it names, by place.
#[derive(Debug, Default)]
struct Marks<'a> {
    by_place: HashMap<usize, Mark<'a>>,
    /// Whether the list allows, or denies, users that only a directory service knows.
    others_allowed: bool,
    others_denied: bool,
}

impl<'a> Marks<'a> {
    /// The users that the list allows.
    fn allowed(&self) -> impl Iterator<Item = (usize, &'a Who, bool)> {
        let allowed = self.by_place.iter().filter(|(_, mark)| mark.allowed);
        allowed.map(|(&place, mark)| (place, mark.who, mark.is_certain))
    }

    /// Adds a member that names users of a directory service. Users that are known here may be among them.
    fn add_others(&mut self, allowed: bool) {
        if allowed {
            self.others_allowed = true;
        } else {
            self.others_denied = true;
        }
        for mark in self.by_place.values_mut().filter(|mark| mark.allowed != allowed) {
            mark.is_certain = false;
        }
    }
}

/// The users who have sudo, and what could not be resolved.
pub(super) fn grants(
    policy: &Policy,
    users: &[User],
    groups: &[Group],
    work: &mut Work,
) -> (Reading<SudoGrant>, Vec<Gap>) {
    let settings = Settings::of(policy, work);
    let directory = Directory::new(users, groups, &settings);
    let defaults = settings.default_targets.iter().map(|(_, name)| *name);
    let mut targets = Targets::new(policy, &directory, defaults, work);
    let mut effects = Effects::new(policy);
    let mut matching = Matching {
        policy,
        directory,
        aliases: HashMap::new(),
        depth: 0,
        unknown: 0,
        unresolved: 0,
        circles: 0,
        work,
    };
    let target_of = matching.default_targets(&settings);
    let mut named: Vec<Vec<Named<'_>>> = vec![Vec::new(); users.len()];
    let (mut assumed, mut left, mut limited) = (0, MAX_GRANTS, None);
    for rule in &policy.rules {
        let here: Vec<_> = rule
            .privileges
            .iter()
            .filter_map(|privilege| here(policy, privilege, &mut assumed, matching.work))
            .collect();
        let marks = if here.is_empty() { Marks::default() } else { matching.marks(&rule.users) };
        let allowed: Vec<_> = marks.allowed().collect();
        // A rule counts for all of its users or for none, so that all pages of a listing agree.
        let room = left.checked_sub(allowed.len() * here.len());
        let here = if allowed.is_empty() { Vec::new() } else { here };
        let parts: Vec<_> = here
            .into_iter()
            .map(|(privilege, certain)| {
                let steps = steps(policy, privilege, &mut targets, &mut effects, matching.work);
                Rc::new(RulePart { rule, steps, is_certain: certain })
            })
            .collect();
        let cost = parts.iter().map(|part| part.cost()).sum::<usize>() * allowed.len();
        let (Some(room), true) = (room, matching.work.takes(cost) && !matching.work.is_used_up()) else {
            let reason =
                format!("too many rules for too many accounts, those from {} on do not count", rule.place());
            limited = Some(Gap::limited(PATH, reason));
            break;
        };
        left = room;
        for (place, who, is_certain) in allowed {
            let parts = parts.iter().map(|part| Named { part: Rc::clone(part), who, is_certain });
            named[place].extend(parts);
        }
    }
    let mut shortened = 0;
    let items = users.iter().enumerate().filter_map(|(place, user)| {
        if user.uid == 0 && !settings.root_may {
            return None;
        }
        let default = if settings.default_target_is_uncertain {
            Pair::UNCERTAIN
        } else {
            targets.default(target_of.get(&Some(place)).or_else(|| target_of.get(&None))?)
        };
        let (via, root_access) = decision::decide(&named[place], default, targets.roots);
        let via = shorten(via, &mut shortened);
        (!via.is_empty()).then(|| SudoGrant { account: user.name.clone(), via, root_access })
    });
    let items = items.collect();
    let gaps = [
        dangling(PATH, "users or groups of rules that do not exist", matching.unknown),
        dangling(PATH, "netgroups or groups of a directory service", matching.unresolved),
        dangling(PATH, "circular aliases", matching.circles + targets.circles + effects.circles),
        dangling(PATH, "command aliases that are not defined", effects.undefined),
        targets.gap(),
        (assumed > 0).then(|| Gap::Assumed {
            path: PATH.to_owned(),
            what: "host lists that may name this host",
            count: assumed,
        }),
        (shortened > 0).then(|| {
            let reason =
                format!("an account has more than {MAX_RULES_A_USER} rules, {shortened} are not listed");
            Gap::limited(PATH, reason)
        }),
        limited,
    ];
    (Reading::whole(items), gaps.into_iter().flatten().collect())
}

/// The privilege, unless it is only for other hosts, and whether it certainly applies here.
fn here<'a>(
    policy: &Policy,
    privilege: &'a Privilege,
    assumed: &mut u64,
    work: &mut Work,
) -> Option<(&'a Privilege, bool)> {
    match hosts::include(policy, &privilege.hosts, work) {
        Some(true) => Some((privilege, true)),
        Some(false) => None,
        None if work.is_used_up() => None,
        None => {
            *assumed += 1;
            Some((privilege, false))
        }
    }
}

/// What a privilege grants and denies at this time.
fn steps<'a>(
    policy: &Policy,
    privilege: &'a Privilege,
    targets: &mut Targets<'a>,
    effects: &mut Effects<'a>,
    work: &mut Work,
) -> Vec<Step<'a>> {
    let current = privilege.entries.iter().filter(|entry| entry.period.may_have(policy.now));
    let step = |entry: &'a Entry| Step {
        targets: entry.targets.as_deref().map(|items| targets.of(items, work)),
        effect: effects.of(&entry.command, work),
        negated: entry.command.negated,
        without_password: entry.without_password,
        is_certain: entry.period.has(policy.now),
        is_lasting: entry.period.has_no_end(),
    };
    current.map(step).collect()
}

/// Limits the number of rules. A rule that grants everything is kept, however many rules there are.
fn shorten(mut via: Vec<Via>, shortened: &mut u64) -> Vec<Via> {
    if via.len() > MAX_RULES_A_USER {
        let rest = via.split_off(MAX_RULES_A_USER);
        *shortened += rest.len() as u64;
        if !via.iter().any(|via| via.full)
            && let Some(full) = rest.into_iter().find(|via| via.full)
        {
            *shortened -= 1;
            via.push(full);
        }
    }
    via
}

struct Matching<'a, 'w> {
    policy: &'a Policy,
    directory: Directory<'a>,
    /// Each alias once; `None` while its members are being looked up.
    aliases: HashMap<&'a str, Option<Rc<Marks<'a>>>>,
    depth: usize,
    unknown: u64,
    unresolved: u64,
    circles: u64,
    work: &'w mut Work,
}

impl<'a> Matching<'a, '_> {
    /// As in sudo, the last member that matches a user decides.
    fn marks(&mut self, items: &'a [Item]) -> Marks<'a> {
        let mut marks = Marks::default();
        for item in items {
            if !self.work.takes(1) {
                break;
            }
            let allowed = !item.negated;
            match &item.kind {
                Kind::External => {
                    self.unresolved += 1;
                    if self.work.takes(marks.by_place.len()) {
                        marks.add_others(allowed);
                    }
                }
                Kind::Who(who) => self.mark(who, allowed, &mut marks),
                Kind::MaybeAlias { name, user } => match self.alias(name) {
                    Some(members) => self.add_alias(&members, allowed, &mut marks),
                    None => self.mark(user, allowed, &mut marks),
                },
            }
        }
        marks
    }

    fn mark(&mut self, who: &'a Who, allowed: bool, marks: &mut Marks<'a>) {
        self.unknown += u64::from(!self.directory.has(who));
        let places = self.directory.callers(who).take_while(|_| self.work.takes(1));
        marks.by_place.extend(places.map(|place| (place, Mark { allowed, who, is_certain: true })));
    }

    fn add_alias(&mut self, members: &Marks<'a>, allowed: bool, marks: &mut Marks<'a>) {
        let others = [(members.others_allowed, true), (members.others_denied, false)];
        for (_, others_allowed) in others.into_iter().filter(|(present, _)| *present) {
            if self.work.takes(marks.by_place.len()) {
                marks.add_others(others_allowed == allowed);
            }
        }
        if self.work.takes(members.by_place.len()) {
            let members = members.by_place.iter();
            marks.by_place.extend(
                members.map(|(&place, mark)| (place, Mark { allowed: mark.allowed == allowed, ..*mark })),
            );
        }
    }

    /// The marks of an alias. Empty if it is circular, `None` if it isn't defined.
    fn alias(&mut self, name: &str) -> Option<Rc<Marks<'a>>> {
        let (name, members) = self.policy.user_aliases.get_key_value(name)?;
        match self.aliases.get(name.as_str()) {
            Some(Some(known)) => return Some(Rc::clone(known)),
            None if self.depth < MAX_DEPTH => {}
            _ => {
                self.circles += 1;
                return Some(Rc::default());
            }
        }
        self.aliases.insert(name, None);
        self.depth += 1;
        let marks = Rc::new(self.marks(members));
        self.depth -= 1;
        self.aliases.insert(name, Some(Rc::clone(&marks)));
        Some(marks)
    }

    /// The target of each user if a rule names none. The target at `None` is that of all others.
    fn default_targets(&mut self, settings: &Settings<'a>) -> HashMap<Option<usize>, &'a str> {
        let mut targets = HashMap::new();
        for (users, name) in &settings.default_targets {
            match users {
                // It overrides earlier settings for some users.
                None => targets = HashMap::from([(None, *name)]),
                Some(users) => {
                    let marks = self.marks(users);
                    targets.extend(marks.allowed().map(|(place, ..)| (Some(place), *name)));
                }
            }
        }
        targets
    }
}
