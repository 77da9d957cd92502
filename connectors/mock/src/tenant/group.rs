//! The tenant's groups, and the entitlements on them.

use serde::Serialize;

use super::Tenant;

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
    },
    Group {
        id: "engineering",
        label: "Engineering",
        entitlements: &[
            Entitlement { id: "engineering-member", label: "Member of Engineering", every: 2 },
            Entitlement { id: "engineering-admin", label: "Admin of Engineering", every: 20 },
        ],
    },
    Group {
        id: "sales",
        label: "Sales",
        entitlements: &[
            Entitlement { id: "sales-member", label: "Member of Sales", every: 3 },
            Entitlement { id: "sales-admin", label: "Admin of Sales", every: 30 },
        ],
    },
    Group {
        id: "support",
        label: "Support",
        entitlements: &[
            Entitlement { id: "support-member", label: "Member of Support", every: 5 },
            Entitlement { id: "support-admin", label: "Admin of Support", every: 60 },
        ],
    },
    Group {
        id: "security",
        label: "Security",
        entitlements: &[
            Entitlement { id: "security-member", label: "Member of Security", every: 12 },
            Entitlement { id: "security-admin", label: "Admin of Security", every: 60 },
        ],
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

    /// Number of users that hold an entitlement on the group. Admins are also members.
    pub(crate) fn members(&self, tenant: Tenant) -> u64 {
        let holders = self.entitlements.iter().map(|entitlement| entitlement.held_before(tenant.accounts()));
        holders.max().unwrap_or_default()
    }

    /// The entitlement on the group with this ID.
    pub(crate) fn entitlement(&self, id: &str) -> Option<&'static Entitlement> {
        self.entitlements.iter().find(|entitlement| entitlement.id == id)
    }
}
