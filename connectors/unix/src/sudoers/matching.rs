//! From rules to users.

use std::collections::HashMap;
use std::rc::Rc;

use super::item::{Item, Kind, Who};
use super::rule::{Gives, Privilege};
use super::{PATH, Policy, SudoGrant, Via, hosts};
use crate::files::group::Group;
use crate::files::passwd::User;
use crate::reading::{Gap, Reading, dangling};

/// Aliases of aliases deeper than this are given up.
const MAX_DEPTH: usize = 128;

/// For each user that a list speaks of, by place: whether it lets them in, and by which member.
type Marks = HashMap<usize, (bool, Who)>;

/// Those of `users` who have sudo, and what could not be resolved on the way.
pub(super) fn grants(policy: &Policy, users: &[User], groups: &[Group]) -> (Reading<SudoGrant>, Vec<Gap>) {
    let mut matching = Matching {
        policy,
        directory: Directory::new(users, groups),
        aliases: HashMap::new(),
        depth: 0,
        elsewhere: 0,
        circles: 0,
    };
    let mut assumed = 0;
    let mut vias: Vec<Vec<Via>> = vec![Vec::new(); users.len()];
    for rule in &policy.rules {
        let privileges: Vec<_> =
            rule.privileges.iter().filter_map(|privilege| here(policy, privilege, &mut assumed)).collect();
        if privileges.is_empty() {
            continue;
        }
        for (user, (allowed, who)) in matching.marks(&rule.users) {
            for &(privilege, certain) in privileges.iter().filter(|_| allowed) {
                if privilege.revokes && certain {
                    vias[user].clear();
                }
                if privilege.gives > Gives::Nothing {
                    let full = privilege.gives == Gives::Everything && certain;
                    vias[user].push(Via { who: who.clone(), place: rule.place.clone(), full });
                }
            }
        }
    }
    let granted = users.iter().zip(vias).filter(|(_, via)| !via.is_empty());
    let items = granted.map(|(user, via)| SudoGrant { account: user.name.clone(), via }).collect();
    let gaps = [
        dangling(PATH, "netgroup or group of a directory service", matching.elsewhere),
        dangling(PATH, "alias that leads back to itself", matching.circles),
        (assumed > 0).then(|| Gap::Assumed {
            path: PATH.to_owned(),
            what: "host list that may name this host",
            count: assumed,
        }),
    ];
    (Reading::whole(items), gaps.into_iter().flatten().collect())
}

/// The privilege, unless it is for other hosts only, and whether it is certain that it holds here.
fn here<'a>(policy: &Policy, privilege: &'a Privilege, assumed: &mut u64) -> Option<(&'a Privilege, bool)> {
    match hosts::include(policy, &privilege.hosts) {
        Some(true) => Some((privilege, true)),
        Some(false) => None,
        None => {
            *assumed += 1;
            Some((privilege, false))
        }
    }
}

struct Matching<'a> {
    policy: &'a Policy,
    directory: Directory<'a>,
    /// Each alias once; `None` while its members are being looked up.
    aliases: HashMap<&'a str, Option<Rc<Marks>>>,
    depth: usize,
    elsewhere: u64,
    circles: u64,
}

impl<'a> Matching<'a> {
    /// The last member that fits a user decides, as in sudo.
    fn marks(&mut self, items: &'a [Item]) -> Marks {
        let mut marks = Marks::new();
        for item in items {
            let allowed = !item.negated;
            match &item.kind {
                Kind::Elsewhere => self.elsewhere += 1,
                Kind::Who(who) => self.directory.mark(who, allowed, &mut marks),
                Kind::MaybeAlias(name) => match self.alias(name) {
                    Some(members) => {
                        marks.extend(
                            members
                                .iter()
                                .map(|(&user, (fits, who))| (user, (*fits == allowed, who.clone()))),
                        );
                    }
                    None => self.directory.mark(&Who::User(name.clone()), allowed, &mut marks),
                },
            }
        }
        marks
    }

    /// The marks of an alias, empty if it leads back to itself. `None` when there is no such alias.
    fn alias(&mut self, name: &str) -> Option<Rc<Marks>> {
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

    fn mark(&self, who: &Who, allowed: bool, marks: &mut Marks) {
        let mut mark = |places: &mut dyn Iterator<Item = usize>| {
            marks.extend(places.map(|place| (place, (allowed, who.clone()))));
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
