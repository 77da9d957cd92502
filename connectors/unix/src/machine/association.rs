//! Which accounts have which entitlements.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Group, HOST};
use crate::files::passwd::{self, User};
use crate::files::{group, gshadow};
use crate::reading::{Gap, dangling};
use crate::sudoers::{SudoGrant, Via};

/// The types of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// A group. Its ID is its name.
    Group,
    /// The host. Its ID is [`HOST`].
    Host,
}

impl ResourceType {
    /// All types.
    pub const ALL: &'static [Self] = &[Self::Group, Self::Host];

    /// The ID of the type.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Host => "host",
        }
    }

    /// The type with this ID.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }

    /// The entitlements on a resource of this type.
    #[must_use]
    pub const fn entitlements(self) -> &'static [Entitlement] {
        match self {
            Self::Group => &[Entitlement::Member, Entitlement::Administrator],
            Self::Host => &[Entitlement::Sudo],
        }
    }
}

/// An entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entitlement {
    /// Being in a group, as a member or because it is the primary group.
    Member,
    /// Changing the members of a group.
    Administrator,
    /// Running commands through sudo.
    Sudo,
}

impl Entitlement {
    /// The ID of the entitlement.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
            Self::Sudo => "sudo",
        }
    }

    /// The entitlement with this ID.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Member, Self::Administrator, Self::Sudo].into_iter().find(|entitlement| entitlement.id() == id)
    }

    /// The type of the resources that have this entitlement.
    #[must_use]
    pub const fn resource_type(self) -> ResourceType {
        match self {
            Self::Member | Self::Administrator => ResourceType::Group,
            Self::Sudo => ResourceType::Host,
        }
    }
}

/// An account has an entitlement on a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Association {
    /// The ID of the account.
    pub account: String,
    /// The ID of the resource: the name of a group, or [`HOST`]. It is shared, because a group can have very many members.
    pub resource: Arc<str>,
    /// The entitlement, and how the account got it.
    pub detail: Detail,
}

/// An entitlement with its details.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// In a group. `primary` if it is the primary group, even if the account is also listed as a member.
    Member {
        /// Whether it is the primary group.
        primary: bool,
    },
    /// Administrator of a group.
    Administrator,
    /// Sudo on the host, through at least one rule.
    Sudo {
        /// The rules.
        via: Vec<Via>,
    },
}

impl Detail {
    /// The entitlement.
    #[must_use]
    pub const fn entitlement(&self) -> Entitlement {
        match self {
            Self::Member { .. } => Entitlement::Member,
            Self::Administrator => Entitlement::Administrator,
            Self::Sudo { .. } => Entitlement::Sudo,
        }
    }
}

/// The associations of the users that aren't hidden. References to users and groups that don't exist are counted.
pub(super) fn of(
    users: &[User],
    groups: &[Group],
    sudo: Vec<SudoGrant>,
    hidden: impl Fn(&User) -> bool,
) -> (Vec<Association>, Vec<Gap>) {
    let by_name: HashMap<&str, &User> = users.iter().map(|user| (user.name.as_str(), user)).collect();
    let mut primaries: HashMap<u32, Vec<&User>> = HashMap::new();
    for user in users {
        primaries.entry(user.gid).or_default().push(user);
    }
    let shown = |user: &&User| !hidden(user);
    let (mut no_member, mut no_administrator) = (0, 0);
    let mut associations = Vec::new();
    for group in groups {
        let resource: Arc<str> = group.name.as_str().into();
        // If groups share a number, it belongs to the first one.
        let primaries = primaries.remove(&group.gid).unwrap_or_default();
        let mut listed = HashSet::new();
        for user in known(&group.members, &by_name, &mut no_member).filter(|user| listed.insert(&user.name)) {
            let primary = user.gid == group.gid && !primaries.is_empty();
            if shown(&user) {
                associations.push(association(user, &resource, Detail::Member { primary }));
            }
        }
        for user in primaries.into_iter().filter(|user| !listed.contains(&user.name)).filter(shown) {
            associations.push(association(user, &resource, Detail::Member { primary: true }));
        }
        let mut listed = HashSet::new();
        let administrators = group.administrators.as_deref().unwrap_or_default();
        let administrators = known(administrators, &by_name, &mut no_administrator);
        for user in administrators.filter(|user| listed.insert(&user.name)).filter(shown) {
            associations.push(association(user, &resource, Detail::Administrator));
        }
    }
    let host: Arc<str> = HOST.into();
    for grant in sudo {
        if let Some(user) = by_name.get(grant.account.as_str()).filter(|user| shown(user)) {
            associations.push(association(user, &host, Detail::Sudo { via: grant.via }));
        }
    }
    let no_group = primaries.values().map(|users| users.len() as u64).sum();
    let gaps = [
        dangling(group::PATH, "members without a line in etc/passwd", no_member),
        dangling(gshadow::PATH, "administrators without a line in etc/passwd", no_administrator),
        dangling(passwd::PATH, "primary groups without a line in etc/group", no_group),
    ];
    (associations, gaps.into_iter().flatten().collect())
}

fn association(user: &User, resource: &Arc<str>, detail: Detail) -> Association {
    Association { account: user.name.clone(), resource: Arc::clone(resource), detail }
}

/// The users with these names. Names without a user are counted.
fn known<'a>(
    names: &'a [String],
    by_name: &HashMap<&str, &'a User>,
    missing: &mut u64,
) -> impl Iterator<Item = &'a User> {
    names.iter().filter_map(|name| {
        let user = by_name.get(name.as_str()).copied();
        *missing += u64::from(user.is_none());
        user
    })
}
