//! Which users hold which entitlements, sorted by user, then in the order of [`GROUPS`](super::GROUPS).

use std::ops::Range;

use connector::model::{ApplicationEntitlementAssociation, FoundEntitlementAssociation};
use serde::Serialize;

use super::group::roles;
use super::{Entitlement, Group, User};

/// Number of users after which the pattern of associations repeats.
const CYCLE: u64 = 60;

/// A user who holds an entitlement on a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Association {
    pub(super) user: User,
    pub(super) group: &'static Group,
    pub(super) entitlement: &'static Entitlement,
}

impl Association {
    /// What `user` holds.
    pub(crate) fn of(user: User) -> impl Iterator<Item = Self> {
        roles()
            .filter(move |(_, entitlement)| entitlement.is_held_by(user))
            .map(move |(group, entitlement)| Self { user, group, entitlement })
    }
}

impl From<Association> for FoundEntitlementAssociation {
    fn from(association: Association) -> Self {
        Self::new(association.entitlement.id, association.user, association.group.id)
    }
}

impl From<Association> for ApplicationEntitlementAssociation {
    fn from(association: Association) -> Self {
        let Association { user, group, entitlement } = association;
        Self::new(group.app.id, user.id(), entitlement.id, group.id)
    }
}

/// The association as the upstream would send it.
impl Serialize for Association {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Grant {
            user: User,
            group: &'static str,
            role: &'static str,
        }
        Grant { user: self.user, group: self.group.id, role: self.entitlement.id }.serialize(serializer)
    }
}

/// Number of associations of the users with an index below `index`.
pub(super) fn held_before(index: u64) -> u64 {
    roles().map(|(_, entitlement)| entitlement.held_before(index)).sum()
}

/// The user that the association at `position` belongs to.
///
/// The running time only depends on the cycle, so a listing of millions can be entered anywhere.
fn holder_at(position: u64) -> u64 {
    let in_a_cycle = held_before(CYCLE);
    let (cycles, rest) = (position / in_a_cycle, position % in_a_cycle);
    let within = (0..CYCLE).take_while(|index| held_before(index + 1) <= rest).count() as u64;
    cycles.saturating_mul(CYCLE).saturating_add(within)
}

/// The associations at these positions, in a tenant with this many users.
pub(super) fn listing(users: u64, positions: Range<u64>) -> impl Iterator<Item = Association> {
    let first = holder_at(positions.start);
    (first..users)
        .flat_map(|index| Association::of(User::new(index)))
        .zip(held_before(first)..positions.end)
        .skip_while(move |(_, position)| *position < positions.start)
        .map(|(association, _)| association)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_by(index: u64) -> Vec<(u64, &'static str)> {
        roles()
            .filter(|(_, entitlement)| index.is_multiple_of(entitlement.every))
            .map(|(_, entitlement)| (index, entitlement.id))
            .collect()
    }

    #[test]
    fn listing_can_start_at_any_position() {
        let users = 3 * CYCLE + 7;
        let whole: Vec<_> = (0..users).flat_map(held_by).collect();
        assert_eq!(held_before(users), whole.len() as u64);
        for start in 0..=whole.len() {
            let end = (start + 5).min(whole.len());
            let page: Vec<_> = listing(users, start as u64..end as u64)
                .map(|association| (association.user.index(), association.entitlement.id))
                .collect();
            assert_eq!(page, whole[start..end], "{start}");
        }
    }

    #[test]
    fn every_entitlement_divides_the_cycle() {
        for (_, entitlement) in roles() {
            assert_eq!(CYCLE % entitlement.every, 0, "{}", entitlement.id);
        }
    }
}
