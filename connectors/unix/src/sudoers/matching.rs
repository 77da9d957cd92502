//! From rules to users.

use std::collections::HashMap;
use std::rc::Rc;

use connector::Cancellation;

use super::item::{Item, Kind, Who};
use super::rule::{Gives, Privilege, Rule};
use super::{PATH, Policy, SudoGrant, Via, hosts};
use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading, dangling};

/// Aliases of aliases deeper than this are given up.
const MAX_DEPTH: usize = 128;

/// As much work as all rules may cost: a unit for each name in a list and each user that it stands for.
const MAX_WORK: usize = 4_000_000;

/// The most rules of one user that are told.
const MAX_RULES_A_USER: usize = 1000;

/// The most rules of all users together that are told.
const MAX_GRANTS: usize = 300_000;

/// For each user that a list speaks of, by place: whether it lets them in, and by which member.
type Marks<'a> = HashMap<usize, (bool, &'a Who)>;

/// How much work is left. The number of rules times the number of users would be too much.
#[derive(Debug)]
pub(super) struct Work {
    left: usize,
    cancellation: Cancellation,
}

impl Work {
    pub(super) fn new(policy: &Policy) -> Self {
        Self { left: MAX_WORK, cancellation: policy.cancellation.clone() }
    }

    /// Takes this many units; `false` if fewer are left.
    pub(super) fn takes(&mut self, units: usize) -> bool {
        let left = self.left.checked_sub(units).filter(|_| !self.cancellation.is_cancelled());
        self.left = left.unwrap_or(0);
        left.is_some()
    }

    pub(super) const fn is_used_up(&self) -> bool {
        self.left == 0
    }
}

/// Those of `users` who have sudo, and what could not be resolved on the way.
pub(super) fn grants(
    policy: &Policy,
    users: &[User],
    groups: &[Group],
    work: &mut Work,
) -> (Reading<SudoGrant>, Vec<Gap>) {
    let mut matching = Matching {
        policy,
        directory: Directory::new(users, groups),
        aliases: HashMap::new(),
        depth: 0,
        elsewhere: 0,
        circles: 0,
        work,
    };
    let mut assumed = 0;
    let mut given = Given { vias: vec![Vec::new(); users.len()], left: MAX_GRANTS, shortened: 0 };
    let mut limited = None;
    for rule in &policy.rules {
        let privileges: Vec<_> = rule
            .privileges
            .iter()
            .filter_map(|privilege| here(policy, privilege, &mut assumed, matching.work))
            .collect();
        let marks = if privileges.is_empty() { Marks::new() } else { matching.marks(&rule.users) };
        if matching.work.is_used_up() || !given.apply(&privileges, &marks, rule) {
            let reason =
                format!("too many rules for too many accounts, those from {} on do not count", rule.place());
            limited = Some(Gap::limited(PATH, reason));
            break;
        }
    }
    let gaps = [
        dangling(PATH, "netgroup or group of a directory service", matching.elsewhere),
        dangling(PATH, "alias that leads back to itself", matching.circles),
        (assumed > 0).then(|| Gap::Assumed {
            path: PATH.to_owned(),
            what: "host list that may name this host",
            count: assumed,
        }),
        (given.shortened > 0).then(|| {
            Gap::limited(
                PATH,
                format!(
                    "an account has more than {MAX_RULES_A_USER} rules, {} were left out",
                    given.shortened
                ),
            )
        }),
        limited,
    ];
    let granted = users.iter().zip(given.vias).filter(|(_, via)| !via.is_empty());
    let items = granted.map(|(user, via)| SudoGrant { account: user.name.clone(), via }).collect();
    (Reading::whole(items), gaps.into_iter().flatten().collect())
}

/// The rules that give sudo to each user, by place.
struct Given {
    vias: Vec<Vec<Via>>,
    left: usize,
    shortened: u64,
}

impl Given {
    /// Adds what a rule grants and denies; `false` if there is no room for it.
    fn apply(&mut self, privileges: &[(&Privilege, bool)], marks: &Marks<'_>, rule: &Rule) -> bool {
        // A rule counts for all of its users or for none, so that every page of a listing is the same.
        let most = marks.values().filter(|(allowed, _)| *allowed).count() * privileges.len();
        if most > self.left {
            return false;
        }
        for (&user, &(_, who)) in marks.iter().filter(|(_, (allowed, _))| *allowed) {
            let vias = &mut self.vias[user];
            for &(privilege, certain) in privileges {
                if privilege.revokes && certain {
                    self.left += vias.len();
                    vias.clear();
                }
                if privilege.gives == Gives::Nothing {
                    continue;
                }
                let full = privilege.gives == Gives::Everything && certain;
                // Whether an account may do everything must be known, however many rules it has.
                let tells_more = full && !vias.iter().any(|via| via.full);
                if vias.len() >= MAX_RULES_A_USER && !tells_more {
                    self.shortened += 1;
                    continue;
                }
                self.left -= 1;
                vias.push(Via { who: who.clone(), place: rule.place(), full });
            }
        }
        true
    }
}

/// The privilege, unless it is for other hosts only, and whether it is certain that it holds here.
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

struct Matching<'a, 'w> {
    policy: &'a Policy,
    directory: Directory<'a>,
    /// Each alias once; `None` while its members are being looked up.
    aliases: HashMap<&'a str, Option<Rc<Marks<'a>>>>,
    depth: usize,
    elsewhere: u64,
    circles: u64,
    work: &'w mut Work,
}

impl<'a> Matching<'a, '_> {
    /// The last member that fits a user decides, as in sudo.
    fn marks(&mut self, items: &'a [Item]) -> Marks<'a> {
        let mut marks = Marks::new();
        for item in items {
            if !self.work.takes(1) {
                break;
            }
            let allowed = !item.negated;
            match &item.kind {
                Kind::Elsewhere => self.elsewhere += 1,
                Kind::Who(who) => self.directory.mark(who, allowed, &mut marks, self.work),
                Kind::MaybeAlias { name, user } => match self.alias(name) {
                    Some(members) if self.work.takes(members.len()) => {
                        marks.extend(
                            members.iter().map(|(&user, &(fits, who))| (user, (fits == allowed, who))),
                        );
                    }
                    Some(_) => {}
                    None => self.directory.mark(user, allowed, &mut marks, self.work),
                },
            }
        }
        marks
    }

    /// The marks of an alias, empty if it leads back to itself. `None` when there is no such alias.
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
}

/// Users by everything that a rule can name them by.
struct Directory<'a> {
    by_name: HashMap<&'a str, usize>,
    by_uid: HashMap<u32, Vec<usize>>,
    by_primary: HashMap<u32, Vec<usize>>,
    groups: HashMap<&'a str, &'a Group>,
    group_of_gid: HashMap<u32, &'a Group>,
}

impl<'a> Directory<'a> {
    fn new(users: &'a [User], groups: &'a [Group]) -> Self {
        let mut by_uid: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut by_primary: HashMap<u32, Vec<usize>> = HashMap::new();
        for (place, user) in users.iter().enumerate() {
            by_uid.entry(user.uid).or_default().push(place);
            by_primary.entry(user.gid).or_default().push(place);
        }
        Self {
            by_name: users.iter().enumerate().map(|(place, user)| (user.name.as_str(), place)).collect(),
            by_uid,
            by_primary,
            groups: groups.iter().map(|group| (group.name.as_str(), group)).collect(),
            group_of_gid: groups.iter().rev().map(|group| (group.gid, group)).collect(),
        }
    }

    fn mark(&self, who: &'a Who, allowed: bool, marks: &mut Marks<'a>, work: &mut Work) {
        let mut mark = |places: &mut dyn Iterator<Item = usize>| {
            marks.extend(places.take_while(|_| work.takes(1)).map(|place| (place, (allowed, who))));
        };
        match who {
            Who::All => mark(&mut self.by_name.values().copied()),
            Who::User(name) => mark(&mut self.by_name.get(name.as_str()).copied().into_iter()),
            Who::Uid(uid) => mark(&mut places(&self.by_uid, *uid)),
            Who::Group(name) => {
                if let Some(group) = self.groups.get(name.as_str()) {
                    mark(&mut self.listed(group).chain(places(&self.by_primary, group.gid)));
                }
            }
            Who::Gid(gid) => {
                let listed = self.group_of_gid.get(gid).into_iter().flat_map(|group| self.listed(group));
                mark(&mut listed.chain(places(&self.by_primary, *gid)));
            }
        }
    }

    fn listed(&self, group: &'a Group) -> impl Iterator<Item = usize> {
        group.members.iter().filter_map(|name| self.by_name.get(name.as_str()).copied())
    }
}

fn places(index: &HashMap<u32, Vec<usize>>, number: u32) -> impl Iterator<Item = usize> {
    index.get(&number).into_iter().flatten().copied()
}
