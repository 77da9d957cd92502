//! The time of day as logs write it.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::model::Timestamp;

/// Writes the time as RFC 3339 has it, in UTC and to the microsecond. The date is worked out once a second.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// A second, and how it is written.
    second: Mutex<(u64, String)>,
}

impl Clock {
    pub(super) fn now(&self) -> String {
        self.at(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
    }

    fn at(&self, time: Duration) -> String {
        let mut text = String::with_capacity(27);
        {
            let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
            if second.0 != time.as_secs() || second.1.is_empty() {
                *second = (time.as_secs(), date(time.as_secs()));
            }
            text.push_str(&second.1);
        }
        // Writing to a string cannot fail.
        let _ = write!(text, ".{:06}Z", time.subsec_micros());
        text
    }
}

/// `2024-02-29T23:59:59`
fn date(seconds: u64) -> String {
    let stamp = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_unix_seconds(seconds).ok());
    let mut text = stamp.unwrap_or_else(|| jiff::Timestamp::UNIX_EPOCH.into()).to_string();
    // The `Z`, which a fraction stands before.
    text.pop();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_as_rfc_3339_has_it() {
        let clock = Clock::default();
        assert_eq!(clock.at(Duration::ZERO), "1970-01-01T00:00:00.000000Z");
        assert_eq!(clock.at(Duration::new(1_709_251_199, 42_000)), "2024-02-29T23:59:59.000042Z");
        assert_eq!(clock.at(Duration::new(1_709_251_200, 999_999_999)), "2024-03-01T00:00:00.999999Z");
    }
}
