//! When and how long to wait before a call is repeated.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// The longest wait that an upstream may ask for. It is long enough for limits per minute.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// Whether a status means that another attempt may succeed.
pub(super) const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 502 | 503 | 504)
}

/// The wait before the retry with this number, from 0: random up to a limit that doubles, so that clients spread.
pub(super) fn backoff(retry: u32) -> Duration {
    let limit = FIRST.saturating_mul(1_u32.checked_shl(retry).unwrap_or(u32::MAX)).min(LONGEST);
    let random = RandomState::new().hash_one(retry) % 1000;
    limit.mul_f64(f64::from(u32::try_from(random).unwrap_or_default()) / 1000.0)
}

/// Limits the retries of a client to a fifth of its calls and a small reserve, so that they don't add to an outage.
#[derive(Debug)]
pub(super) struct Budget(Mutex<u32>);

/// In fifths of a retry.
const RESERVE: u32 = 10 * RETRY;
const RETRY: u32 = 5;

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new(RESERVE))
    }
}

impl Budget {
    /// Counts a call.
    pub(super) fn earn(&self) {
        let mut fifths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *fifths = (*fifths + 1).min(RESERVE);
    }

    /// Whether a retry is left, which is then used.
    pub(super) fn spend(&self) -> bool {
        let mut fifths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = fifths.checked_sub(RETRY);
        *fifths = rest.unwrap_or(*fifths);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_a_reserve_and_a_fifth_of_the_calls() {
        let budget = Budget::default();
        let spent = |budget: &Budget| (0..100).filter(|_| budget.spend()).count();
        assert_eq!(spent(&budget), 10);
        (0..24).for_each(|_| budget.earn());
        assert_eq!(spent(&budget), 4);
    }

    #[test]
    fn waits_grow_up_to_a_limit() {
        for retry in 0..80 {
            let limit = if retry < 6 { FIRST * 2_u32.pow(retry) } else { LONGEST };
            assert!(backoff(retry) <= limit, "{retry}");
        }
    }
}
