//! From the bytes of a file to its logical lines.

/// The lines of a file with the number of their first physical line: comments gone, continued lines joined by
/// a blank. Bytes that are not UTF-8 become U+FFFD.
pub(super) fn logical(bytes: &[u8]) -> Vec<(u64, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = Vec::new();
    let mut open: Option<(u64, String)> = None;
    for (number, physical) in (1..).zip(text.lines()) {
        let (first, mut line) = open.take().unwrap_or((number, String::new()));
        let continued = append(&mut line, physical.trim_start());
        if continued {
            line.push(' ');
            open = Some((first, line));
        } else {
            keep(&mut lines, first, &line);
        }
    }
    if let Some((first, line)) = open {
        keep(&mut lines, first, &line);
    }
    lines
}

fn keep(lines: &mut Vec<(u64, String)>, first: u64, line: &str) {
    let line = line.trim();
    if !line.is_empty() {
        lines.push((first, line.to_owned()));
    }
}

/// Adds a physical line up to its comment. `true` when the next line continues it.
fn append(line: &mut String, physical: &str) -> bool {
    let physical = match include(physical) {
        Some(rest) if line.is_empty() => {
            line.push_str("@include");
            rest
        }
        _ => physical,
    };
    let mut quoted = line.matches('"').count() % 2 == 1;
    let mut chars = physical.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => line.extend(['\\', escaped]),
                None => return true,
            },
            '#' if !quoted && !is_number(chars.as_str()) => return false,
            _ => {
                quoted ^= c == '"';
                line.push(c);
            }
        }
    }
    false
}

/// What follows `#include` when it is the old spelling of a directive and not a comment.
fn include(physical: &str) -> Option<&str> {
    let rest = physical.strip_prefix("#include")?;
    rest.strip_prefix("dir").unwrap_or(rest).starts_with(char::is_whitespace).then_some(rest)
}

/// `#1000` is a user number and not a comment.
fn is_number(behind_hash: &str) -> bool {
    behind_hash.strip_prefix('-').unwrap_or(behind_hash).starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        logical(text.as_bytes()).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn a_backslash_joins_lines_but_not_in_a_comment() {
        assert_eq!(
            logical(b"alice, \\\n   bob ALL = ALL\n# comment \\\ncarol ALL=ALL # tail \\\ndave ALL=ALL"),
            [
                (1, "alice,  bob ALL = ALL".to_owned()),
                (4, "carol ALL=ALL".to_owned()),
                (5, "dave ALL=ALL".to_owned()),
            ]
        );
    }

    #[test]
    fn a_hash_before_digits_or_in_quotes_is_no_comment() {
        assert_eq!(
            lines("#1000 ALL=ALL\n%#27 ALL=ALL\n\"a # b\" ALL=ALL\na\\#b ALL=ALL"),
            ["#1000 ALL=ALL", "%#27 ALL=ALL", "\"a # b\" ALL=ALL", "a\\#b ALL=ALL"]
        );
        assert_eq!(lines("# 1000\n#x\n#"), [""; 0]);
    }

    #[test]
    fn the_old_spelling_of_includes_is_a_directive() {
        assert_eq!(
            lines("#include /etc/a\n  #includedir /etc/b\n#includes are nice\n#include"),
            ["@include /etc/a", "@includedir /etc/b"]
        );
    }

    #[test]
    fn a_backslash_at_the_very_end_is_harmless() {
        assert_eq!(lines("alice ALL=ALL \\"), ["alice ALL=ALL"]);
    }
}
