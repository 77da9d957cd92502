//! Colon-separated tables.

use std::collections::HashSet;

use crate::reading::{Gap, Oddities, Reading};
use crate::root::Root;

/// Reads a table whose lines have a unique name.
pub(super) fn read<T>(
    root: &Root,
    path: &str,
    parse: fn(&[u8]) -> Option<T>,
    name: fn(&T) -> &str,
) -> Reading<T> {
    match root.read(path) {
        Ok(bytes) if bytes.is_empty() => Reading::nothing(Gap::Empty { path: path.to_owned() }),
        Ok(bytes) => from_bytes(&bytes, path, parse, name),
        Err(gap) => Reading::nothing(gap),
    }
}

pub(super) fn from_bytes<T>(
    bytes: &[u8],
    path: &str,
    parse: fn(&[u8]) -> Option<T>,
    name: fn(&T) -> &str,
) -> Reading<T> {
    let mut odd = Oddities::default();
    let mut seen = HashSet::new();
    let mut items = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        let line = line.trim_ascii_start();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match parse(line).filter(|_| !line.contains(&0)) {
            Some(item) if seen.insert(name(&item).to_owned()) => items.push(item),
            _ => odd.add("line", number),
        }
    }
    let mut reading = Reading::whole(items);
    reading.note(odd.gaps(path));
    reading
}

/// The fields of a line.
pub(super) fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b':')
}

/// A user or group name. `+` and `-` at its front belong to NIS.
pub(super) fn name(field: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(field).ok()?;
    let plain = !name.is_empty() && !name.starts_with(['+', '-']) && !name.contains(char::is_control);
    plain.then(|| name.to_owned())
}

/// A user or group number, plain decimal digits.
pub(super) fn id(field: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(field).ok()?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Free text; bytes that are not UTF-8 become U+FFFD.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}

/// A list with commas between its names.
pub(super) fn list(field: &[u8]) -> Vec<String> {
    field
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.is_empty())
        .map(text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Reading<String> {
        from_bytes(bytes, "etc/x", |line| name(fields(line).next()?), String::as_str)
    }

    #[test]
    fn blank_lines_and_comments_are_not_odd() {
        let reading = names(b"# local accounts\n\n   \nalice:x\n  bob:x");
        assert_eq!(reading.items, ["alice", "bob"]);
        assert!(!reading.is_partial());
    }

    #[test]
    fn nis_lines_repeated_names_and_bytes_that_are_no_name_are_odd() {
        let reading = names(b"alice:1\n+::::::\n-bob\nalice:2\n\xff\xfe:x\n:x\na\tb:x\ncarol:\0\n");
        assert_eq!(reading.items, ["alice"]);
        assert_eq!(reading.problems(), ["etc/x: skipped 7 odd lines, the first is line 2"]);
    }

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        assert_eq!(id(b"4294967295"), Some(u32::MAX));
        for odd in [&b"4294967296"[..], b"+1", b"-1", b" 1", b"", b"0x10", b"\xff"] {
            assert_eq!(id(odd), None, "{odd:?}");
        }
    }
}
