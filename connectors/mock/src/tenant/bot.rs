//! [`Bot`]: the program that keeps an application up to date, with its own account.

use connector::model::{InvalidTimestamp, Timestamp};
use serde::{Serialize, Serializer};

use super::{Entitlement, GROUPS, Group, year};

/// The day on which the first program was last active. Each of the others was active a day later.
const LAST_ACTIVE: u64 = 300;

/// A program that signs in to the application of a group. It is a member of the group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bot {
    /// The position of its group.
    number: u64,
    pub(crate) group: &'static Group,
}

impl Bot {
    /// All programs, in the order of their groups.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..).zip(GROUPS).map(|(number, group)| Self { number, group })
    }

    pub(crate) fn id(self) -> String {
        ["sync-", self.group.id].concat()
    }

    /// The ID among all resources.
    pub(crate) fn resource_id(self) -> String {
        ["program:", &self.id()].concat()
    }

    pub(crate) fn created(self) -> Result<Timestamp, InvalidTimestamp> {
        year::day(self.number)
    }

    /// Whether the program was ever active. The last one wasn't.
    pub(crate) fn is_used(self) -> bool {
        GROUPS.last().is_some_and(|last| last.id != self.group.id)
    }

    /// The time of its last activity, if any.
    pub(crate) fn last_active(self) -> Result<Option<Timestamp>, InvalidTimestamp> {
        self.is_used().then(|| year::day(LAST_ACTIVE + self.number)).transpose()
    }

    /// The entitlement that it holds on its group.
    pub(super) fn role(self) -> Option<&'static Entitlement> {
        self.group.entitlements.first()
    }
}

/// The program as the upstream would send it.
impl Serialize for Bot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Program {
            id: String,
            app: &'static str,
        }
        Program { id: self.id(), app: self.group.app.id }.serialize(serializer)
    }
}
