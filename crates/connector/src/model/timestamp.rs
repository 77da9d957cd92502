//! [`Timestamp`]: an instant that is written back the way it was given.

mod parse;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use parse::Parsed;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant with the UTC offset and the number of fractional digits it was given with (RFC 3339).
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
    instant: jiff::Timestamp,
    offset: Offset,
    digits: u8,
}

/// A text or number that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date-time with an offset: {0}")]
pub struct InvalidTimestamp(&'static str);

impl Timestamp {
    /// The instant `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If it lies outside the years -9999 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        jiff::Timestamp::from_second(seconds)
            .map(Self::from)
            .map_err(|_| InvalidTimestamp("seconds out of range"))
    }

    /// The instant, without the offset it was given with.
    #[must_use]
    pub const fn instant(&self) -> jiff::Timestamp {
        self.instant
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
        Self { instant, offset: Offset::UTC, digits }
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Parsed { local, offset, digits } = parse::parse(text).map_err(InvalidTimestamp)?;
        let instant = offset.to_timestamp(local).map_err(|_| InvalidTimestamp("out of range"))?;
        Ok(Self { instant, offset, digits })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.offset.to_datetime(self.instant);
        // ISO 8601 has years before 0000 with six digits and a sign.
        match local.year() {
            year @ 0.. => write!(f, "{year:04}")?,
            year => write!(f, "{year:+07}")?,
        }
        write!(f, "-{:02}-{:02}", local.month(), local.day())?;
        write!(f, "T{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second())?;
        if self.digits > 0 {
            let nanos = format!("{:09}", local.subsec_nanosecond());
            write!(f, ".{}", &nanos[..usize::from(self.digits)])?;
        }
        match self.offset.seconds() {
            0 => f.write_str("Z"),
            seconds => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let (minutes, seconds) = (seconds.unsigned_abs() / 60, seconds.unsigned_abs() % 60);
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)?;
                // RFC 3339 has no such offset, and without them it would be another instant.
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
    use super::*;

    #[test]
    fn offset_and_digits_survive() {
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
    fn what_is_no_instant_is_refused() {
        for text in
            ["", "now", "2024-05-01", "2024-05-01T12:30:00", "2024-13-01T00:00:00Z", "2024-05-01T12:30:00Z_X"]
        {
            assert!(text.parse::<Timestamp>().is_err(), "{text:?}");
        }
    }
}
