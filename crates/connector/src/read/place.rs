//! [`Place`]: the location of a part of a request, written like `request.account.groups[2]."odd key"`.

use std::fmt::{self, Write as _};

use super::section::Section;

/// The maximum number of characters shown of a caller's text.
const MAX_CHARS: usize = 100;
/// The maximum number of steps shown on either side of a gap in a path.
const MAX_STEPS: usize = 8;

/// A section, an item of a section that is a list, the value of a key in either, or credentials in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    section: Section,
    item: Option<usize>,
    /// The key of the credentials in a payload.
    credential: Option<&'static str>,
    key: Option<&'static str>,
}

impl From<Section> for Place {
    fn from(section: Section) -> Self {
        Self { section, item: None, credential: None, key: None }
    }
}

impl Place {
    pub(crate) fn item(section: Section, index: usize) -> Self {
        Self { item: Some(index), ..section.into() }
    }

    /// The credentials under a key of the payload.
    pub(crate) fn credential(key: &'static str) -> Self {
        Self { credential: Some(key), ..Section::Request.into() }
    }

    pub(crate) const fn under(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Whether messages must not quote the value.
    pub(super) const fn is_secret(self) -> bool {
        self.section.is_secret() || self.credential.is_some()
    }

    /// Returns the steps of the path.
    pub(super) fn steps(self) -> Vec<String> {
        let mut steps = vec![self.section.name().to_owned()];
        steps.extend(self.item.map(|index| format!("[{index}]")));
        steps.extend(self.credential.map(key));
        steps.extend(self.key.map(key));
        steps
    }
}

impl Place {
    /// The path of a value inside. Each step is the name of a field, or `*`.
    pub(crate) fn path_of(self, inner: &[String]) -> String {
        let mut steps = self.steps();
        steps.extend(inner.iter().map(|step| if step == "*" { step.clone() } else { key(step) }));
        path(&steps)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&path(&self.steps()))
    }
}

/// Formats a key as a step of a path: unchanged if it looks like a name, otherwise quoted, escaped and truncated.
pub(super) fn key(key: &str) -> String {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    if !key.is_empty() && key.chars().count() <= MAX_CHARS && key.chars().all(is_name) {
        return key.to_owned();
    }
    format!("\"{}\"", escaped(key))
}

/// Returns `text` on one line, without terminal control sequences, and truncated if it is long.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for (index, char) in text.chars().enumerate() {
        if index == MAX_CHARS {
            shown.push('…');
            break;
        }
        match char {
            '"' | '\\' => shown.extend(['\\', char]),
            // Debug escapes invisible characters: controls, bidirectional marks and lone accents.
            _ => _ = write!(shown, "{}", char.escape_debug()),
        }
    }
    shown
}

/// Joins steps to a path. Each step is the result of [`key`], `*`, or like `[3]`.
pub(super) fn path(steps: &[String]) -> String {
    let mut path = String::new();
    let gap = if steps.len() > 2 * MAX_STEPS { MAX_STEPS..steps.len() - MAX_STEPS } else { 0..0 };
    for (index, step) in steps.iter().enumerate() {
        if gap.contains(&index) {
            if index == gap.start {
                path.push_str(".…");
            }
            continue;
        }
        if !path.is_empty() && !step.starts_with('[') {
            path.push('.');
        }
        path.push_str(step);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_keys_are_quoted_escaped_and_truncated() {
        assert_eq!(key("first_name-2"), "first_name-2");
        assert_eq!(key("größe"), "größe");
        assert_eq!(key("odd key"), r#""odd key""#);
        assert_eq!(key(""), r#""""#);
        assert_eq!(key("a.b\"\u{1b}[2J\u{202e}"), r#""a.b\"\u{1b}[2J\u{202e}""#);
        assert_eq!(key(&"é".repeat(1 << 16)), format!("\"{}…\"", "é".repeat(100)));
    }

    #[test]
    fn long_paths_are_shortened_in_the_middle() {
        let steps: Vec<String> = (0..1000).map(|step| format!("s{step}")).collect();
        let shown = path(&steps);
        assert!(shown.starts_with("s0.s1.") && shown.contains("s7.….s992."), "{shown}");
        assert!(shown.ends_with(".s999"));
        assert_eq!(path(&["a".to_owned(), "[1]".to_owned(), "b".to_owned()]), "a[1].b");
    }
}
