//! Splits a file into logical lines.

/// The longest logical line that is kept, in bytes.
const MAX_LINE: usize = 128 << 10;

/// The lines of a file, with the number of their first physical line. Comments are removed, and continued lines joined
/// with a blank. `None` in place of a line that is too long.
pub(super) fn logical(text: &str) -> impl Iterator<Item = (u64, Option<String>)> {
    let mut physical = (1..).zip(text.lines());
    std::iter::from_fn(move || {
        loop {
            let (first, start) = physical.next()?;
            let mut line = Line::default();
            let mut continued = line.append(start.trim_start());
            while continued && let Some((_, more)) = physical.next() {
                line.push(' ');
                continued = line.append(more.trim_start());
            }
            let text = line.text.trim();
            if line.is_too_long {
                return Some((first, None));
            }
            if !text.is_empty() {
                return Some((first, Some(text.to_owned())));
            }
        }
    })
}

/// A logical line that is being assembled.
#[derive(Default)]
struct Line {
    text: String,
    in_quotes: bool,
    is_too_long: bool,
}

impl Line {
    /// Adds a physical line up to its comment. Returns `true` if the next line continues it.
    fn append(&mut self, physical: &str) -> bool {
        let physical = match include(physical) {
            Some(rest) if self.text.is_empty() && !self.is_too_long => {
                self.text.push_str("@include");
                rest
            }
            _ => physical,
        };
        let mut chars = physical.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some(escaped) => {
                        self.push('\\');
                        self.push(escaped);
                    }
                    None => return true,
                },
                '#' if !self.in_quotes && !is_number(chars.as_str()) => return false,
                _ => {
                    self.in_quotes ^= c == '"';
                    self.push(c);
                }
            }
        }
        false
    }

    fn push(&mut self, c: char) {
        if self.text.len() < MAX_LINE {
            self.text.push(c);
        } else {
            self.is_too_long = true;
        }
    }
}

/// What follows `#include`, if it is the old form of a directive and not a comment.
fn include(physical: &str) -> Option<&str> {
    let rest = physical.strip_prefix("#include")?;
    rest.strip_prefix("dir").unwrap_or(rest).starts_with(char::is_whitespace).then_some(rest)
}

/// `#1000` is a UID and not a comment.
fn is_number(after_hash: &str) -> bool {
    after_hash.strip_prefix('-').unwrap_or(after_hash).starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        logical(text).map(|(_, line)| line.unwrap()).collect()
    }

    #[test]
    fn a_backslash_joins_lines_but_not_in_a_comment() {
        assert_eq!(
            logical("alice, \\\n   bob ALL = ALL\n# comment \\\ncarol ALL=ALL # tail \\\ndave ALL=ALL")
                .collect::<Vec<_>>(),
            [
                (1, Some("alice,  bob ALL = ALL".to_owned())),
                (4, Some("carol ALL=ALL".to_owned())),
                (5, Some("dave ALL=ALL".to_owned())),
            ]
        );
    }

    #[test]
    fn a_hash_before_digits_or_in_quotes_is_not_a_comment() {
        assert_eq!(
            lines("#1000 ALL=ALL\n%#27 ALL=ALL\n\"a # b\" ALL=ALL\na\\#b ALL=ALL"),
            ["#1000 ALL=ALL", "%#27 ALL=ALL", "\"a # b\" ALL=ALL", "a\\#b ALL=ALL"]
        );
        assert_eq!(lines("# 1000\n#x\n#"), [""; 0]);
    }

    #[test]
    fn the_old_form_of_includes_is_a_directive() {
        assert_eq!(
            lines("#include /etc/a\n  #includedir /etc/b\n#includes are nice\n#include"),
            ["@include /etc/a", "@includedir /etc/b"]
        );
    }

    #[test]
    fn a_backslash_can_end_the_file() {
        assert_eq!(lines("alice ALL=ALL \\"), ["alice ALL=ALL"]);
    }

    #[test]
    fn long_lines_are_skipped_with_their_continuations() {
        let text = format!("a,\\\n{}\\\n#include x\nb ALL=ALL", "c".repeat(MAX_LINE));
        let lines: Vec<_> = logical(&text).collect();
        assert_eq!(lines, [(1, None), (4, Some("b ALL=ALL".to_owned()))]);
        let continued = "\\\n".repeat(200_000);
        assert_eq!(logical(&continued).count(), 1);
    }
}
