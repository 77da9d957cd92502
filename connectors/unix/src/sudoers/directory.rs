//! Finds users by everything that a rule can name them by.

use std::borrow::Cow;
use std::collections::HashMap;

use super::item::Who;
use super::settings::Settings;
use crate::files::group::Group;
use crate::files::passwd::User;

/// The users, identified by their place in the list.
pub(super) struct Directory<'a> {
    users: &'a [User],
    by_name: HashMap<Cow<'a, str>, Vec<usize>>,
    by_uid: HashMap<u32, Vec<usize>>,
    by_primary: HashMap<u32, Vec<usize>>,
    exact: HashMap<&'a str, usize>,
    /// The GIDs of a group's name.
    gids: HashMap<Cow<'a, str>, Vec<u32>>,
    groups_of_gid: HashMap<u32, Vec<&'a Group>>,
    users_ignore_case: bool,
    groups_ignore_case: bool,
}

impl<'a> Directory<'a> {
    pub(super) fn new(users: &'a [User], groups: &'a [Group], settings: &Settings<'_>) -> Self {
        let users_ignore_case = settings.users_ignore_case;
        // A group that is looked up by name must match exactly.
        let groups_ignore_case = settings.groups_ignore_case && !settings.groups_by_gid;
        let mut directory = Self {
            users,
            by_name: HashMap::new(),
            by_uid: HashMap::new(),
            by_primary: HashMap::new(),
            exact: users.iter().enumerate().map(|(place, user)| (user.name.as_str(), place)).collect(),
            gids: HashMap::new(),
            groups_of_gid: HashMap::new(),
            users_ignore_case,
            groups_ignore_case,
        };
        for (place, user) in users.iter().enumerate() {
            directory.by_name.entry(folded(&user.name, users_ignore_case)).or_default().push(place);
            directory.by_uid.entry(user.uid).or_default().push(place);
            directory.by_primary.entry(user.gid).or_default().push(place);
        }
        for group in groups {
            let same_number = directory.groups_of_gid.entry(group.gid).or_default();
            // sudo knows a user's GIDs, and gives each the name of its first group.
            if same_number.is_empty() || settings.groups_by_gid {
                let name = folded(&group.name, groups_ignore_case);
                directory.gids.entry(name).or_default().push(group.gid);
            }
            same_number.push(group);
        }
        directory
    }

    /// Whether the user or group exists.
    pub(super) fn has(&self, who: &Who) -> bool {
        match who {
            Who::All => true,
            Who::User(name) => self.by_name.contains_key(&folded(name, self.users_ignore_case)),
            Who::Uid(uid) => self.by_uid.contains_key(uid),
            Who::Group(name) => self.gids.contains_key(&folded(name, self.groups_ignore_case)),
            Who::Gid(gid) => self.groups_of_gid.contains_key(gid) || self.by_primary.contains_key(gid),
        }
    }

    /// The users with this name or number, or in this group. A user can occur more than once.
    pub(super) fn find<'s>(&'s self, who: &'s Who) -> Box<dyn Iterator<Item = usize> + 's> {
        match who {
            Who::All => Box::new(0..self.users.len()),
            Who::User(name) => Box::new(places(&self.by_name, &*folded(name, self.users_ignore_case))),
            Who::Uid(uid) => Box::new(places(&self.by_uid, uid)),
            Who::Group(name) => Box::new(self.gids_of(name).iter().flat_map(|gid| self.of_gid(*gid))),
            Who::Gid(gid) => Box::new(self.of_gid(*gid)),
        }
    }

    /// The users to whom a rule for `who` applies. sudo knows its caller by UID, under the name of the first account that
    /// has this UID. Rules for that name, or for the primary group of that account, apply to all accounts with the UID;
    /// rules for the names of the others apply to nobody. A user can occur more than once.
    pub(super) fn callers<'s>(&'s self, who: &'s Who) -> Box<dyn Iterator<Item = usize> + 's> {
        match who {
            Who::All | Who::Uid(_) => self.find(who),
            Who::User(_) => Box::new(self.find(who).flat_map(|place| self.sharing_uid_of_first(place))),
            Who::Group(name) => {
                let gids = self.gids_of(name).iter();
                Box::new(self.find(who).chain(gids.flat_map(|gid| self.sharing_primary(*gid))))
            }
            Who::Gid(gid) => Box::new(self.find(who).chain(self.sharing_primary(*gid))),
        }
    }

    /// The GIDs of a group's name.
    fn gids_of(&self, name: &str) -> &[u32] {
        self.gids.get(&*folded(name, self.groups_ignore_case)).map(Vec::as_slice).unwrap_or_default()
    }

    /// All users with the UID of a first account that has this primary group.
    fn sharing_primary(&self, gid: u32) -> impl Iterator<Item = usize> {
        places(&self.by_primary, &gid).flat_map(|place| self.sharing_uid_of_first(place))
    }

    /// All users with the UID of the user at `place`, if that is the first of them.
    fn sharing_uid_of_first(&self, place: usize) -> impl Iterator<Item = usize> {
        let same = self.by_uid.get(&self.users[place].uid).map(Vec::as_slice).unwrap_or_default();
        let is_first = same.first() == Some(&place);
        same.iter().copied().filter(move |_| is_first)
    }

    fn of_gid(&self, gid: u32) -> impl Iterator<Item = usize> {
        let groups = self.groups_of_gid.get(&gid).into_iter().flatten();
        let listed = groups.flat_map(|group| &group.members);
        let listed = listed.filter_map(|name| self.exact.get(name.as_str()).copied());
        listed.chain(places(&self.by_primary, &gid))
    }
}

/// The form of a name for comparisons.
fn folded(name: &str, ignore_case: bool) -> Cow<'_, str> {
    if ignore_case && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn places<'s, K, Q>(index: &'s HashMap<K, Vec<usize>>, key: &Q) -> impl Iterator<Item = usize> + use<'s, K, Q>
where
    K: std::hash::Hash + Eq + std::borrow::Borrow<Q>,
    Q: std::hash::Hash + Eq + ?Sized,
{
    index.get(key).into_iter().flatten().copied()
}
