//! [`Edge`]: an entitlement as an edge of the access graph.

use connector::model::AccessGraphEntitlementAssignment;
use serde::Serialize;

use super::{Association, Bot, Entitlement, Group, roles};

/// An entitlement on a group, with the user, group or program that holds it. As JSON, it has the upstream's field names.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Edge {
    holder: String,
    group: &'static str,
    role: &'static str,
}

impl Edge {
    fn new(holder: String, (group, role): (&'static Group, &'static Entitlement)) -> Self {
        Self { holder, group: group.id, role: role.id }
    }

    /// What groups and programs hold: each subgroup is a member of its group, each program a member of its own.
    pub(crate) fn of_resources() -> Vec<Self> {
        let subgroups = roles().take(1).flat_map(|role| {
            role.0.subgroups().iter().map(move |subgroup| Self::new(subgroup.id.to_owned(), role))
        });
        let bots = Bot::all().filter_map(|bot| Some(Self::new(bot.resource_id(), (bot.group, bot.role()?))));
        subgroups.chain(bots).collect()
    }
}

impl From<Association> for Edge {
    fn from(Association { user, group, entitlement }: Association) -> Self {
        Self::new(user.id(), (group, entitlement))
    }
}

impl From<&Edge> for AccessGraphEntitlementAssignment {
    fn from(edge: &Edge) -> Self {
        Self::new(edge.holder.as_str(), edge.role, edge.group)
    }
}
