//! Who holds what, in the order of users and, for one user, of [`GROUPS`](super::GROUPS).

use std::ops::Range;

use connector::model::FoundEntitlementAssociation;
use serde::Serialize;

use super::group::roles;
use super::{Entitlement, Group, User};

/// After so many users the pattern of who holds what begins anew.
const CYCLE: u64 = 60;

/// A user who holds an entitlement on a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Association {
    user: User,
    group: &'static Group,
    entitlement: &'static Entitlement,
}

impl From<Association> for FoundEntitlementAssociation {
    fn from(association: Association) -> Self {
        Self::new(association.entitlement.id, association.user, association.group.id)
    }
}

/// What the upstream would send.
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

/// How many associations the users below `index` have.
pub(super) fn held_before(index: u64) -> u64 {
    roles().map(|(_, entitlement)| entitlement.held_before(index)).sum()
}

/// The user whose associations span `position`.
///
/// In a time that depends on the cycle alone: a listing of millions can be entered anywhere.
fn holder_at(position: u64) -> u64 {
    let in_a_cycle = held_before(CYCLE);
    let (cycles, rest) = (position / in_a_cycle, position % in_a_cycle);
    let within = (0..CYCLE).take_while(|index| held_before(index + 1) <= rest).count() as u64;
    cycles.saturating_mul(CYCLE).saturating_add(within)
}

/// The associations at these positions, of as many users as there are.
pub(super) fn listing(users: u64, positions: Range<u64>) -> impl Iterator<Item = Association> {
    let first = holder_at(positions.start);
    let held = move |index: u64| {
        roles()
            .filter(move |(_, entitlement)| index.is_multiple_of(entitlement.every))
            .map(move |(group, entitlement)| Association { user: User::new(index), group, entitlement })
    };
    (first..users)
        .flat_map(held)
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
    fn the_listing_entered_anywhere_goes_on_as_the_whole_does() {
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
    fn the_pattern_begins_anew_after_a_cycle() {
        for (_, entitlement) in roles() {
            assert_eq!(CYCLE % entitlement.every, 0, "{}", entitlement.id);
        }
    }
}
