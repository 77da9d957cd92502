//! Colon-separated tables.

use std::collections::HashSet;

use crate::reading::{Gap, MalformedCounts, Reading};
use crate::root::Root;

/// The most lines of a table that are read.
const MAX_LINES: usize = 250_000;

/// The most names in all lists of a table that are read.
const MAX_NAMES: usize = 1_000_000;

/// The longest name, in bytes. `useradd` accepts 32, other programs up to 256.
const MAX_NAME: usize = 255;

/// The longest free text that is kept, in bytes.
const MAX_TEXT: usize = 1024;

/// Reads a table whose lines have unique names.
pub(super) fn read<T>(
    root: &Root,
    path: &str,
    parse: fn(&[u8]) -> Option<T>,
    name: fn(&T) -> &str,
) -> Reading<T> {
    let mut seen = HashSet::new();
    lines(root, path, parse, |item| seen.insert(name(item).to_owned()))
}

/// Reads a table. Lines that aren't accepted count as malformed.
pub(super) fn lines<T>(
    root: &Root,
    path: &str,
    parse: fn(&[u8]) -> Option<T>,
    accept: impl FnMut(&T) -> bool,
) -> Reading<T> {
    match root.read(path) {
        Ok(bytes) if bytes.is_empty() => Reading::nothing(Gap::Empty { path: path.to_owned() }),
        Ok(bytes) => from_bytes(&bytes, path, parse, accept),
        Err(gap) => Reading::nothing(gap),
    }
}

fn from_bytes<T>(
    bytes: &[u8],
    path: &str,
    parse: fn(&[u8]) -> Option<T>,
    mut accept: impl FnMut(&T) -> bool,
) -> Reading<T> {
    let mut malformed = MalformedCounts::default();
    let mut items = Vec::new();
    let mut names_left = MAX_NAMES;
    let mut limited = None;
    for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        let line = line.trim_ascii_start();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let commas = line.iter().filter(|&&byte| byte == b',').count();
        if items.len() == MAX_LINES || commas > names_left {
            let what = if commas > names_left { "have over 1000000 names" } else { "are over 250000" };
            limited = Some(Gap::limited(
                path,
                format!("its entries {what}, those from line {number} on were not read"),
            ));
            break;
        }
        names_left -= commas;
        match parse(line).filter(|_| !line.contains(&0)) {
            Some(item) if accept(&item) => items.push(item),
            _ => malformed.add("line", number),
        }
    }
    let mut reading = Reading::whole(items);
    reading.note(malformed.gaps(path));
    reading.note(limited);
    reading
}

/// The fields of a line.
pub(super) fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b':')
}

/// A user or group name of up to 255 bytes. Names that start with `+` or `-` belong to NIS.
pub(super) fn name(field: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(field).ok()?;
    let plain = !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.starts_with(['+', '-'])
        && !name.contains(char::is_control);
    plain.then(|| name.to_owned())
}

/// A user or group number, parsed as in the C library: `strtoul` allows spaces and a sign before it, and replaces numbers
/// that are too large with the largest one. `+0` and `-0` are root.
pub(super) fn id(field: &[u8]) -> Option<u32> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let field = &field[field.iter().take_while(|byte| is_space(byte)).count()..];
    let (is_negative, digits) = match field {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(digits).ok()?.parse::<u64>().ok();
    let number = number.map(|number| if is_negative { number.wrapping_neg() } else { number });
    Some(number.and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX))
}

/// Free text. Bytes that aren't UTF-8 become U+FFFD. Text above 1 KiB is cut and ends with `…`, because it can be repeated
/// for each association of an account.
pub(super) fn text(field: &[u8]) -> String {
    match field.get(..MAX_TEXT) {
        Some(start) if field.len() > MAX_TEXT => format!("{}…", String::from_utf8_lossy(start)),
        _ => String::from_utf8_lossy(field).into_owned(),
    }
}

/// A list of names, separated by commas. As in the C library, blanks before a name don't belong to it; blanks and carriage
/// returns after it do.
pub(super) fn list(field: &[u8]) -> Vec<String> {
    field
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii_start)
        .filter(|name| !name.is_empty())
        .map(text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Reading<String> {
        let mut seen = HashSet::new();
        from_bytes(bytes, "etc/x", |line| name(fields(line).next()?), |name| seen.insert(name.clone()))
    }

    #[test]
    fn blank_lines_and_comments_are_ignored() {
        let reading = names(b"# local accounts\n\n   \nalice:x\n  bob:x");
        assert_eq!(reading.items, ["alice", "bob"]);
        assert!(!reading.is_partial());
    }

    #[test]
    fn nis_lines_repeated_names_and_invalid_names_are_malformed() {
        let reading = names(b"alice:1\n+::::::\n-bob\nalice:2\n\xff\xfe:x\n:x\na\tb:x\ncarol:\0\n");
        assert_eq!(reading.items, ["alice"]);
        assert_eq!(reading.problems(), ["etc/x: skipped 7 malformed lines, the first is line 2"]);
    }

    #[test]
    fn the_number_of_lines_is_limited() {
        let mut lines: String = (0..MAX_LINES).map(|i| format!("u{i}:x\n")).collect();
        assert!(!names(lines.as_bytes()).is_partial());
        lines.push_str("last:x\n");
        let reading = names(lines.as_bytes());
        assert_eq!(reading.items.len(), MAX_LINES);
        let problem = "etc/x: its entries are over 250000, those from line 250001 on were not read";
        assert_eq!(reading.problems(), [problem]);
    }

    #[test]
    fn the_number_of_names_in_lists_is_limited() {
        let text = format!("a:b,c\nb:{}\nc:d\n", ",".repeat(MAX_NAMES));
        let reading = names(text.as_bytes());
        assert_eq!(reading.items, ["a"]);
        let problem = "etc/x: its entries have over 1000000 names, those from line 2 on were not read";
        assert_eq!(reading.problems(), [problem]);
    }

    #[test]
    fn long_names_are_malformed_and_long_texts_are_cut() {
        let long = "n".repeat(MAX_NAME + 1);
        assert_eq!(name(long.as_bytes()), None);
        assert!(name(&long.as_bytes()[1..]).is_some());
        assert_eq!(text(&[b'x'; MAX_TEXT]).len(), MAX_TEXT);
        assert_eq!(text(&[b'x'; 1 << 20]), format!("{}…", "x".repeat(MAX_TEXT)));
    }

    #[test]
    fn numbers_are_parsed_like_strtoul() {
        for (number, text) in [
            (0, &["0", "+0", "-0", " 0", "\t\r 00", " +0"][..]),
            (1, &["1", "+1", " 1", "0001", "-18446744073709551615"]),
            (u32::MAX, &["4294967295", "4294967296", "-1", "99999999999999999999999"]),
        ] {
            for text in text {
                assert_eq!(id(text.as_bytes()), Some(number), "{text:?}");
            }
        }
        for malformed in [&b""[..], b" ", b"+", b"+ 1", b"+-1", b"1 ", b"0x10", b"\xff"] {
            assert_eq!(id(malformed), None, "{malformed:?}");
        }
    }
}
