//! The tenant's groups, the entitlements on them, and the applications that they lead to.

use std::ops::Range;

use connector::model::SignOnMode;
use serde::Serialize;

use super::{Tenant, User};

/// The resource type of groups.
pub(crate) const RESOURCE_TYPE: &str = "group";
/// The type of every entitlement on a group.
pub(crate) const ENTITLEMENT_TYPE: &str = "membership";

/// A group. As JSON, it has the upstream's field names.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) id: &'static str,
    #[serde(rename = "title")]
    pub(crate) label: &'static str,
    #[serde(rename = "roles")]
    pub(crate) entitlements: &'static [Entitlement],
    #[serde(skip)]
    pub(crate) app: App,
}

/// The application that the members of a group have access to. As JSON it is what the upstream would send.
#[derive(Debug, Serialize)]
pub(crate) struct App {
    pub(crate) id: &'static str,
    #[serde(rename = "product")]
    pub(crate) name: &'static str,
    #[serde(rename = "title")]
    pub(crate) label: &'static str,
    pub(crate) sign_on: SignOnMode,
}

/// An entitlement on a group. Its ID is unique across all groups.
#[derive(Debug, Serialize)]
pub(crate) struct Entitlement {
    pub(crate) id: &'static str,
    #[serde(rename = "title")]
    pub(crate) label: &'static str,
    /// Every how many users one holds it, starting with user 0.
    #[serde(skip)]
    pub(super) every: u64,
}

impl Entitlement {
    /// Whether the user holds it.
    pub(crate) const fn is_held_by(&self, user: User) -> bool {
        user.index().is_multiple_of(self.every)
    }

    /// Number of users with an index below `index` that hold it.
    pub(crate) const fn held_before(&self, index: u64) -> u64 {
        index.div_ceil(self.every)
    }
}

/// All groups.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        id: "everyone",
        label: "Everyone",
        entitlements: &[Entitlement { id: "everyone-member", label: "Member of Everyone", every: 1 }],
        app: App { id: "mock.chat.example", name: "chat.example", label: "Chat", sign_on: SignOnMode::Saml },
    },
    Group {
        id: "engineering",
        label: "Engineering",
        entitlements: &[
            Entitlement { id: "engineering-member", label: "Member of Engineering", every: 2 },
            Entitlement { id: "engineering-admin", label: "Admin of Engineering", every: 20 },
        ],
        app: App {
            id: "mock.tracker.example",
            name: "tracker.example",
            label: "Issue Tracker",
            sign_on: SignOnMode::Oidc,
        },
    },
    Group {
        id: "sales",
        label: "Sales",
        entitlements: &[
            Entitlement { id: "sales-member", label: "Member of Sales", every: 3 },
            Entitlement { id: "sales-admin", label: "Admin of Sales", every: 30 },
        ],
        app: App {
            id: "mock.crm.example",
            name: "crm.example",
            label: "Customer Relations",
            sign_on: SignOnMode::Saml,
        },
    },
    Group {
        id: "support",
        label: "Support",
        entitlements: &[
            Entitlement { id: "support-member", label: "Member of Support", every: 5 },
            Entitlement { id: "support-admin", label: "Admin of Support", every: 60 },
        ],
        app: App {
            id: "mock.helpdesk.example",
            name: "helpdesk.example",
            label: "Help Desk",
            sign_on: SignOnMode::Oidc,
        },
    },
    Group {
        id: "security",
        label: "Security",
        entitlements: &[
            Entitlement { id: "security-member", label: "Member of Security", every: 12 },
            Entitlement { id: "security-admin", label: "Admin of Security", every: 60 },
        ],
        app: App {
            id: "mock.vault.example",
            name: "vault.example",
            label: "Vault",
            sign_on: SignOnMode::Bookmark,
        },
    },
];

/// Every entitlement with its group, in the order of [`GROUPS`].
pub(crate) fn roles() -> impl Iterator<Item = (&'static Group, &'static Entitlement)> {
    GROUPS.iter().flat_map(Group::roles)
}

impl Group {
    /// The entitlements on the group, each with the group itself.
    pub(crate) fn roles(&'static self) -> impl Iterator<Item = (&'static Self, &'static Entitlement)> {
        self.entitlements.iter().map(move |entitlement| (self, entitlement))
    }

    /// The group with this ID.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        GROUPS.iter().find(|group| group.id == id)
    }

    /// The group whose members have access to the application of this ID.
    pub(crate) fn of_app(id: &str) -> Option<&'static Self> {
        GROUPS.iter().find(|group| group.app.id == id)
    }

    /// Number of users that hold an entitlement on the group. Admins are also members.
    pub(crate) fn members(&self, tenant: Tenant) -> u64 {
        tenant.accounts().div_ceil(self.every())
    }

    /// The members at these positions, in the order of users. There must be that many.
    pub(super) fn members_at(&self, positions: Range<u64>) -> impl Iterator<Item = User> + use<> {
        let every = self.every();
        positions.map(move |position| User::new(position * every))
    }

    /// Whether the user holds something on the group.
    pub(crate) fn has_member(&self, user: User) -> bool {
        user.index().is_multiple_of(self.every())
    }

    /// One in how many users is a member.
    fn every(&self) -> u64 {
        self.entitlements.iter().map(|entitlement| entitlement.every).min().unwrap_or(1)
    }

    /// The groups whose members are members of this group too: all others, if this is `everyone`.
    pub(crate) fn subgroups(&self) -> &'static [Self] {
        match GROUPS {
            [everyone, others @ ..] if everyone.id == self.id => others,
            _ => &[],
        }
    }

    /// The entitlement that every holder of `entitlement`, which is on this group, also holds.
    ///
    /// An admin is a member, and a member of any group is a member of the first one, `everyone`.
    pub(crate) fn implied_by(
        &'static self,
        entitlement: &Entitlement,
    ) -> Option<(&'static Self, &'static Entitlement)> {
        let member = self.roles().next().filter(|(_, member)| member.id != entitlement.id);
        member.or_else(|| roles().next().filter(|(everyone, _)| everyone.id != self.id))
    }

    /// The entitlement on the group with this ID.
    pub(crate) fn entitlement(&self, id: &str) -> Option<&'static Entitlement> {
        self.entitlements.iter().find(|entitlement| entitlement.id == id)
    }
}
