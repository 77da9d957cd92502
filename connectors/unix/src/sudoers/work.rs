//! Limits the work of matching rules to users.

use connector::Cancellation;

use super::Policy;

/// The most work for all rules: one unit for each name in a list, and for each user or command that it stands for.
const MAX_WORK: usize = 4_000_000;

/// The work that is left. Without a limit, it would grow with the number of rules times the number of users.
#[derive(Debug)]
pub(super) struct Work {
    left: usize,
    cancellation: Cancellation,
}

impl Work {
    pub(super) fn new(policy: &Policy) -> Self {
        Self { left: MAX_WORK, cancellation: policy.cancellation.clone() }
    }

    /// Takes this many units. Returns `false` if fewer are left.
    pub(super) fn takes(&mut self, units: usize) -> bool {
        let left = self.left.checked_sub(units).filter(|_| !self.cancellation.is_cancelled());
        self.left = left.unwrap_or(0);
        left.is_some()
    }

    pub(super) const fn is_used_up(&self) -> bool {
        self.left == 0
    }
}
