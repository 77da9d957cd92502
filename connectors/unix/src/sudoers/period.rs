//! The period in which a rule applies: `NOTBEFORE` and `NOTAFTER`.

use std::time::{SystemTime, UNIX_EPOCH};

/// How far clocks can be behind UTC, and ahead of it, in seconds.
const BEHIND: i64 = 12 * 3600;
const AHEAD: i64 = 14 * 3600;

/// The seconds since 1970 between which a rule applies. A time without a zone is in the machine's time zone, which isn't
/// known: its earliest and latest meanings are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Period {
    begin: Option<(i64, i64)>,
    end: Option<(i64, i64)>,
}

impl Period {
    pub(super) fn begin_at(&mut self, text: &str) -> Option<()> {
        self.begin = Some(parse(text)?);
        Some(())
    }

    pub(super) fn end_at(&mut self, text: &str) -> Option<()> {
        self.end = Some(parse(text)?);
        Some(())
    }

    /// Whether the rule may apply at this time.
    pub(super) fn may_have(&self, now: i64) -> bool {
        self.begin.is_none_or(|(earliest, _)| now >= earliest)
            && self.end.is_none_or(|(_, latest)| now <= latest)
    }

    /// Whether the rule certainly applies at this time.
    pub(super) fn has(&self, now: i64) -> bool {
        self.begin.is_none_or(|(_, latest)| now >= latest)
            && self.end.is_none_or(|(earliest, _)| now <= earliest)
    }

    /// Whether the rule never stops applying.
    pub(super) const fn has_no_end(&self) -> bool {
        self.end.is_none()
    }
}

/// The current time.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A generalized time of RFC 4517, `yyyymmddHH[MM[SS]][.f][Z|+HHMM]`: its earliest and its latest meaning.
fn parse(text: &str) -> Option<(i64, i64)> {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let digits = clock.split(['.', ',']).next()?;
    let part = |at: usize| -> Option<i64> {
        let part = digits.get(at..at + 2)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (minute, second) = match digits.len() {
        10 => (0, 0),
        12 => (part(10)?, 0),
        14 => (part(10)?, part(12)?),
        _ => return None,
    };
    let (year, month, day, hour) = (part(0)? * 100 + part(2)?, part(4)?, part(6)?, part(8)?);
    let plausible =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let local = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let utc = match zone {
        "" => (local - AHEAD, local + BEHIND),
        "Z" => (local, local),
        _ => {
            let seconds = offset(zone)?;
            (local - seconds, local - seconds)
        }
    };
    plausible.then_some(utc)
}

/// `+0130` in seconds.
fn offset(zone: &str) -> Option<i64> {
    let digits = zone.get(1..).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(if zone.starts_with('-') { -seconds } else { seconds })
}

/// The days from 1970-01-01 to a day of the Gregorian calendar. Years begin in March here, so a leap day is the last day
/// of its year.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = if month <= 2 { month + 9 } else { month - 3 };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_zones() {
        let at = |seconds| Some((seconds, seconds));
        assert_eq!(parse("19700101000000Z"), at(0));
        assert_eq!(parse("20240229123456Z"), at(1_709_210_096));
        assert_eq!(parse("2024022912Z"), at(1_709_208_000));
        assert_eq!(parse("202402291234.5+0130"), at(1_709_204_640));
        assert_eq!(parse("202402291234-02"), at(1_709_217_240));
        assert_eq!(parse("1970010200"), Some((86_400 - AHEAD, 86_400 + BEHIND)));
        for malformed in
            ["", "2024", "20240229", "20241301000000Z", "2024022912x", "20240229250000Z", "2024022912+1"]
        {
            assert_eq!(parse(malformed), None, "{malformed}");
        }
    }

    #[test]
    fn times_without_a_zone_are_uncertain() {
        let mut period = Period::default();
        assert!(period.has(0) && period.may_have(0));
        period.begin_at("1970010200").unwrap();
        let (early, late) = (86_400 - AHEAD, 86_400 + BEHIND);
        assert!(
            !period.may_have(early - 1) && period.may_have(early) && !period.has(early) && period.has(late)
        );
        period.end_at("1970010200Z").unwrap();
        assert!(!period.has(late) && !period.may_have(late) && period.may_have(early));
    }
}
