//! Durations on the command line.

use std::time::Duration;

/// The error for an invalid duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a positive duration, such as 30 (seconds), 500ms, 30s, 2m or 1h")]
pub(super) struct InvalidDuration;

/// Parses a duration: `30` (seconds), `500ms`, `1.5s`, `2m`, `1h`.
pub(super) fn parse(text: &str) -> Result<Duration, InvalidDuration> {
    let text = text.trim();
    let end = text.find(|char: char| char != '.' && !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().map_err(|_| InvalidDuration)?;
    let seconds = match unit {
        "ms" => number / 1e3,
        "" | "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(InvalidDuration),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(InvalidDuration),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed_with_their_units() {
        for (text, millis) in
            [("30", 30_000), ("500ms", 500), ("1.5s", 1500), ("2m", 120_000), ("1h", 3_600_000)]
        {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn invalid_durations_are_rejected() {
        for text in ["", "0", "-1", "1d", "s", "1e99", "inf", "nan", "99999999999999999999999h"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
