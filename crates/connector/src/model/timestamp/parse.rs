//! Reading a date-time.
//!
//! By hand: the parser of a calendar library brings the texts of all of its errors with it, 0.13 MB in each connector.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// What is wrong with a text.
pub(super) type Fault = &'static str;

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) local: DateTime,
    pub(super) offset: Offset,
    /// How many digits the fraction of the second has.
    pub(super) digits: u8,
}

/// Reads `2024-05-01T12:30:00.250+02:00` (RFC 3339), and what ISO 8601 allows besides: no separators, no seconds or
/// minutes, a comma before the fraction, a year of six digits with a sign. A leap second is the second before it.
/// Offsets have no fraction, and there are no annotations (RFC 9557).
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let mut rest = Rest(text.as_bytes());
    let date = rest.date()?;
    if rest.one_of(b"Tt ").is_none() {
        return Err("the time is missing");
    }
    let ([hour, minute, second], count) = rest.clock()?;
    let (nanosecond, digits) = if count == 3 { rest.fraction()? } else { (0, 0) };
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(hour, minute, second, nanosecond).map_err(|_| "there is no such time")?;
    let offset = rest.offset()?;
    match rest.0.first() {
        None => Ok(Parsed { local: date.to_datetime(time), offset, digits }),
        Some(b'[') => Err("an annotation in brackets follows the offset"),
        Some(_) => Err("something follows the offset"),
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn date(&mut self) -> Result<Date, Fault> {
        let year = match self.one_of(b"+-") {
            None => self.number(4)?,
            Some(sign) => match (sign, self.number(6)?) {
                (b'-', 0) => return Err("there is no year -000000"),
                (b'-', year) => -year,
                (_, year) => year,
            },
        };
        let has_dashes = self.one_of(b"-").is_some();
        let month = self.number(2)?;
        if has_dashes && self.one_of(b"-").is_none() {
            return Err("the day is missing");
        }
        let day = self.number(2)?;
        let year = i16::try_from(year).map_err(|_| "the year is out of range")?;
        Date::new(year, small(month), small(day)).map_err(|_| "there is no such date")
    }

    /// Hours, and minutes and seconds if they are there, all with colons before them or none. How many of the three.
    fn clock(&mut self) -> Result<([i8; 3], usize), Fault> {
        let mut parts = [small(self.number(2)?), 0, 0];
        let has_colons = self.0.starts_with(b":");
        for (before, part) in parts.iter_mut().enumerate().skip(1) {
            let goes_on = match has_colons {
                true => self.one_of(b":").is_some(),
                false => matches!(self.0, [a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit()),
            };
            if !goes_on {
                return Ok((parts, before));
            }
            *part = small(self.number(2)?);
        }
        Ok((parts, 3))
    }

    /// Nanoseconds, and how many digits they are written with.
    fn fraction(&mut self) -> Result<(i32, u8), Fault> {
        if self.one_of(b".,").is_none() {
            return Ok((0, 0));
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&count) {
            return Err("the fraction of the second has not one to nine digits");
        }
        let fraction = self.number(count)?;
        Ok(((count..9).fold(fraction, |nanoseconds, _| nanoseconds * 10), count as u8))
    }

    fn offset(&mut self) -> Result<Offset, Fault> {
        let sign = self.one_of(b"Zz+-").ok_or("the offset is missing")?;
        if matches!(sign, b'Z' | b'z') {
            return Ok(Offset::UTC);
        }
        let ([hours, minutes, seconds], _) = self.clock()?;
        if minutes > 59 || seconds > 59 {
            return Err("there is no such offset");
        }
        let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60 + i32::from(seconds);
        let seconds = if sign == b'-' { -seconds } else { seconds };
        Offset::from_seconds(seconds).map_err(|_| "there is no such offset")
    }

    /// Takes one of these bytes, if it comes next.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| bytes.contains(first))?;
        self.0 = rest;
        Some(*first)
    }

    /// Takes a number of so many digits, at most nine.
    fn number(&mut self, count: usize) -> Result<i32, Fault> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or("it ends too early")?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, byte| match byte {
            b'0'..=b'9' => Ok(number * 10 + i32::from(byte - b'0')),
            _ => Err("a digit is missing"),
        })
    }
}

/// A number of two digits.
fn small(number: i32) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::fmt::temporal::Pieces;
    use proptest::prelude::*;

    use super::*;

    /// What a calendar library reads, but for annotations and offsets with a fraction.
    fn expected(text: &str) -> Option<(DateTime, Offset)> {
        let tail = &text[text.rfind(['+', '-', 'T', 't', ' ']).unwrap_or_default()..];
        let has_fraction = tail.starts_with(['+', '-']) && tail.contains(['.', ',']);
        let pieces = Pieces::parse(text).ok().filter(|_| !has_fraction && !text.contains('['))?;
        Some((pieces.date().to_datetime(pieces.time()?), pieces.to_numeric_offset()?))
    }

    fn found(text: &str) -> Option<(DateTime, Offset)> {
        parse(text).ok().map(|parsed| (parsed.local, parsed.offset))
    }

    #[test]
    fn what_iso_8601_allows_is_read() {
        for text in [
            "2024-05-01T12:30:00Z",
            "2024-05-01t12:30:00z",
            "2024-05-01 12:30:00Z",
            "20240501T123000Z",
            "2024-05-01T1230+0200",
            "2024-05-01T12Z",
            "2024-05-01T12:30:00,5-02",
            "2024-05-01T12:30:60Z",
            "2024-05-01T12:30:00.123456789+25:59:59",
            "+002024-05-01T12:30:00Z",
            "-000001-05-01T12:30:00-00:00",
        ] {
            assert!(expected(text).is_some(), "{text}");
            assert_eq!(found(text), expected(text), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, fault) in [
            ("", "it ends too early"),
            ("now, or soon", "a digit is missing"),
            ("2024-05-01", "the time is missing"),
            ("2024-05-01T12:30:00", "the offset is missing"),
            ("2024-05T12:30:00Z", "the day is missing"),
            ("2023-02-29T12:30:00Z", "there is no such date"),
            ("2024-05-01T24:00:00Z", "there is no such time"),
            ("2024-05-01T12:30:61Z", "there is no such time"),
            ("2024-05-01T12:30:00.Z", "the fraction of the second has not one to nine digits"),
            ("2024-05-01T12:30:00.1234567890Z", "the fraction of the second has not one to nine digits"),
            ("2024-05-01T12:30:00+26", "there is no such offset"),
            ("2024-05-01T12:30:00+01:60", "there is no such offset"),
            ("2024-05-01T12:30:00+01:00[Europe/Paris]", "an annotation in brackets follows the offset"),
            ("2024-05-01T12:30:00+01:00:00.5", "something follows the offset"),
            ("-000000-05-01T12:30:00Z", "there is no year -000000"),
            ("+999999-05-01T12:30:00Z", "the year is out of range"),
        ] {
            assert_eq!(parse(text), Err(fault), "{text}");
            assert_eq!(expected(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn it_reads_what_a_calendar_library_reads(
            text in "([+-]00)?[0-2][0-9]{3}-?[01][0-9]-?[0-3][0-9][Tt ]([0-2][0-9](:?[0-6][0-9](:?[0-6][0-9]([.,][0-9]{1,10})?)?)?)(Z|z|[+-][0-2][0-9](:?[0-6][0-9](:?[0-6][0-9])?)?)?",
            at in any::<prop::sample::Index>(),
            change in prop::option::weighted(0.3, prop::sample::select(vec!["", "0", "9", ":", "-", "+", "T", "Z", ".", "é", " "])),
        ) {
            let mut text = text;
            if let Some(change) = change {
                let at = at.index(text.len());
                text.replace_range(at..=at, change);
            }
            prop_assert_eq!(found(&text), expected(&text), "{}", text);
        }

        #[test]
        fn it_refuses_what_a_calendar_library_refuses(time in "[Tt ]?[0-9TtZz:+.,é -]{0,12}") {
            let text = format!("2024-05-01{time}");
            prop_assert_eq!(found(&text), expected(&text), "{}", text);
        }
    }
}
