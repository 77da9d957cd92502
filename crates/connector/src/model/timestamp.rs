//! [`Timestamp`]: an instant that keeps the form it was written in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant that keeps its UTC offset and its number of fractional digits (RFC 3339).
///
/// Other ISO 8601 forms are accepted too: without separators, minutes or seconds, with a comma before the fraction, or
/// with a signed six-digit year. An offset with a fraction and a time zone in brackets (RFC 9557) are rejected, because
/// they couldn't be written back.
///
/// ```
/// use connector::model::Timestamp;
///
/// let stamp: Timestamp = "2023-12-31T23:59:59.120+02:00".parse()?;
/// assert_eq!(stamp.to_string(), "2023-12-31T23:59:59.120+02:00");
/// assert_eq!(Timestamp::from_unix_seconds(0)?.to_string(), "1970-01-01T00:00:00Z");
/// # Ok::<(), connector::model::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    /// The date and time at the offset.
    local: DateTime,
    offset: Offset,
    digits: usize,
}

/// The error for a value that isn't a valid timestamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date-time with an offset: {0}")]
pub struct InvalidTimestamp(String);

impl InvalidTimestamp {
    fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl Timestamp {
    /// Creates the timestamp `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If the time is outside the years -9999 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        jiff::Timestamp::from_second(seconds).map(Self::from).map_err(InvalidTimestamp::new)
    }

    /// Returns the instant without its offset.
    ///
    /// The last day of the year 9999 is beyond the range of `jiff::Timestamp`, and so is the first one of -9999. It is
    /// returned as the end of that range.
    #[must_use]
    pub fn instant(&self) -> jiff::Timestamp {
        self.offset.to_timestamp(self.local).unwrap_or(if self.local.year() < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        let nanos = instant.subsec_nanosecond().unsigned_abs();
        let digits = match nanos {
            0 => 0,
            n if n % 1_000_000 == 0 => 3,
            n if n % 1_000 == 0 => 6,
            _ => 9,
        };
        Self { local: Offset::UTC.to_datetime(instant), offset: Offset::UTC, digits }
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pieces = Pieces::parse(text).map_err(InvalidTimestamp::new)?;
        let time = pieces.time().ok_or_else(|| InvalidTimestamp::new("the time is missing"))?;
        let offset =
            pieces.to_numeric_offset().ok_or_else(|| InvalidTimestamp::new("the offset is missing"))?;
        if text.contains('[') {
            return Err(InvalidTimestamp::new("a time zone in brackets follows the offset"));
        }
        let (local, offset_text) = text.split_at(text.rfind(['Z', 'z', '+', '-']).unwrap_or(text.len()));
        if offset_text.contains(['.', ',']) {
            return Err(InvalidTimestamp::new("the offset has a fraction"));
        }
        let digits = local.split_once(['.', ',']).map_or(0, |(_, fraction)| fraction.len());
        Ok(Self { local: pieces.date().to_datetime(time), offset, digits })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", self.digits, self.local)?;
        match self.offset.seconds() {
            0 => f.write_str("Z"),
            seconds => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let (minutes, seconds) = (seconds.unsigned_abs() / 60, seconds.unsigned_abs() % 60);
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)?;
                // RFC 3339 doesn't allow seconds in an offset, but omitting them would change the instant.
                if seconds > 0 { write!(f, ":{seconds:02}") } else { Ok(()) }
            }
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offset_and_fractional_digits_are_kept() {
        for text in [
            "2024-05-01T12:30:00Z",
            "2023-12-31T23:59:59.123456+02:00",
            "2020-02-29T00:00:00-08:00",
            "2020-02-29T00:00:00.500+05:30",
            "2020-02-29T00:00:00.5Z",
            "2020-02-29T00:00:00.120000000Z",
            "1890-01-01T00:00:00+00:19:32",
            "-000044-03-15T12:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|stamp| stamp.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn the_whole_year_9999_is_accepted() {
        for text in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999-12:00"] {
            let stamp: Timestamp = text.parse().unwrap();
            assert_eq!((stamp.to_string().as_str(), stamp.instant()), (text, jiff::Timestamp::MAX));
        }
        let first: Timestamp = "-009999-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(first.instant(), jiff::Timestamp::MIN);
        let before: Timestamp = "9999-12-30T12:00:00Z".parse().unwrap();
        assert!(before.instant() < jiff::Timestamp::MAX);
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in [
            "",
            "now, or soon",
            "2024-05T12:30:00Z",
            "2023-02-29T12:30:00Z",
            "2024-13-01T00:00:00Z",
            "2024-05-01T24:00:00Z",
            "2024-05-01T12:30:61Z",
            "2024-05-01T12:30:00.Z",
            "2024-05-01T12:30:00.1234567890Z",
            "2024-05-01T12:30:00+26",
            "2024-05-01T12:30:00+01:60",
            "2024-05-01T12:30:00Z_X",
            "-000000-05-01T12:30:00Z",
            "+999999-05-01T12:30:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text:?}");
        }
        for (text, reason) in [
            ("2024-05-01", "the time is missing"),
            ("2024-05-01T12:30:00", "the offset is missing"),
            ("2024-05-01T12:30:00+01:00[Europe/Paris]", "a time zone in brackets follows the offset"),
            ("2024-05-01T12:30:00+01:00:00.5", "the offset has a fraction"),
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp::new(reason)), "{text:?}");
        }
    }

    #[test]
    fn iso_8601_forms_are_written_as_rfc_3339() {
        for (text, written) in [
            ("2024-05-01t12:30:00z", "2024-05-01T12:30:00Z"),
            ("2024-05-01 12:30:00-00:00", "2024-05-01T12:30:00Z"),
            ("20240501T123000Z", "2024-05-01T12:30:00Z"),
            ("2024-05-01T1230+0200", "2024-05-01T12:30:00+02:00"),
            ("2024-05-01T12Z", "2024-05-01T12:00:00Z"),
            ("2024-05-01T12:30:00,50-02", "2024-05-01T12:30:00.50-02:00"),
            ("2024-05-01T12:30:60Z", "2024-05-01T12:30:59Z"),
            ("2024-05-01T12:30:00.123456789+25:59:59", "2024-05-01T12:30:00.123456789+25:59:59"),
            ("+002024-05-01T12:30:00Z", "2024-05-01T12:30:00Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|stamp| stamp.to_string()), Ok(written.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn written_timestamps_read_back_unchanged(
            seconds in -377_000_000_000_i64..=253_000_000_000,
            nanosecond in 0..1_000_000_000_i32,
            offset in -93_599..=93_599,
            digits in 0_usize..=9,
        ) {
            let unit = 10_i32.pow(9 - digits as u32);
            let instant = jiff::Timestamp::new(seconds, nanosecond / unit * unit).unwrap();
            let offset = Offset::from_seconds(offset).unwrap();
            let stamp = Timestamp { local: offset.to_datetime(instant), offset, digits };
            let text = stamp.to_string();
            prop_assert_eq!(text.parse(), Ok(stamp), "{}", text);
        }

        #[test]
        fn parsing_never_panics(text in "[0-9TtZz:+.,\\[é -]{0,40}", time in "[Tt ]?[0-9TtZz:+.,é -]{0,12}") {
            for text in [text, format!("2024-05-01{time}")] {
                let written = text.parse::<Timestamp>().map(|stamp| stamp.to_string());
                if let Ok(written) = written {
                    prop_assert_eq!(written.parse::<Timestamp>(), text.parse());
                }
            }
        }
    }
}
