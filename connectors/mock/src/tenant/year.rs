//! The year in which everything in the tenant happens.

use connector::model::{InvalidTimestamp, Timestamp};

/// 2024-01-01T00:00:00Z, in seconds since 1970.
const NEW_YEAR: i64 = 1_704_067_200;
/// Length of a day, in seconds.
const DAY: u64 = 86_400;
/// Number of days in which something happens.
pub(super) const DAYS: u64 = 365;
/// Number of seconds in which something happens.
pub(super) const SECONDS: u64 = DAYS * DAY;

/// The time this many seconds after the start of the year.
pub(super) fn second(number: u64) -> Result<Timestamp, InvalidTimestamp> {
    Timestamp::from_unix_seconds(NEW_YEAR.saturating_add_unsigned(number))
}

/// The start of the day with this number, counting from 0.
pub(super) fn day(number: u64) -> Result<Timestamp, InvalidTimestamp> {
    second(number.saturating_mul(DAY))
}

/// The number of the first day that starts at `at` or later; 0 if `at` is before the year.
pub(super) fn first_day_from(at: Timestamp) -> u64 {
    let instant = at.instant();
    let seconds = instant.as_second().saturating_add(i64::from(instant.subsec_nanosecond() > 0));
    u64::try_from(seconds.saturating_sub(NEW_YEAR)).unwrap_or(0).div_ceil(DAY)
}

/// The number of the first day that starts later than `at`; 0 if `at` is before the year.
pub(super) fn first_day_after(at: Timestamp) -> u64 {
    let seconds = at.instant().as_second().saturating_sub(NEW_YEAR);
    u64::try_from(seconds).map_or(0, |seconds| seconds / DAY + 1)
}

/// The end of the tenant's history: everything in it happens earlier.
pub(crate) fn end() -> Result<Timestamp, InvalidTimestamp> {
    day(DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_start_at_midnight() {
        assert_eq!(day(31).unwrap().to_string(), "2024-02-01T00:00:00Z");
        assert_eq!(end().unwrap().to_string(), "2024-12-31T00:00:00Z");
        for number in 0..=DAYS {
            assert_eq!(first_day_from(day(number).unwrap()), number);
            assert_eq!(first_day_after(day(number).unwrap()), number + 1);
        }
        for (at, from) in [
            ("2023-12-31T23:59:59Z", 0),
            ("0001-01-01T00:00:00Z", 0),
            ("2024-01-01T00:00:00.001Z", 1),
            ("2024-01-02T02:00:00+02:00", 1),
            ("2024-01-02T00:00:01Z", 2),
        ] {
            assert_eq!(first_day_from(at.parse().unwrap()), from, "{at}");
            // None of these is the start of a day, except for the one in another time zone.
            let after = if at.contains('+') { from + 1 } else { from };
            assert_eq!(first_day_after(at.parse().unwrap()), after, "{at}");
        }
    }
}
