//! [`Place`]: where a part of a request stands, and how that is written: `request.account.groups[2]."odd key"`.

use std::fmt::{self, Write as _};

use super::section::Section;

/// The most characters of a caller's own text that are repeated.
const SHOWN: usize = 100;
/// The most steps of a path that are shown on either side of a gap.
const STEPS: usize = 8;

/// A section, an item of one that is a list, or what either has under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    section: Section,
    item: Option<usize>,
    key: Option<&'static str>,
}

impl From<Section> for Place {
    fn from(section: Section) -> Self {
        Self { section, item: None, key: None }
    }
}

impl Place {
    pub(crate) fn item(section: Section, index: usize) -> Self {
        Self { item: Some(index), ..section.into() }
    }

    pub(crate) const fn under(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Whether no message may quote what is there.
    pub(super) const fn is_secret(self) -> bool {
        self.section.is_secret()
    }

    /// The steps of its path.
    pub(super) fn steps(self) -> Vec<String> {
        let mut steps = vec![self.section.name().to_owned()];
        steps.extend(self.item.map(|index| format!("[{index}]")));
        steps.extend(self.key.map(key));
        steps
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&path(&self.steps()))
    }
}

/// A key as a step of a path: bare if it looks like a name, else quoted, escaped and cut off.
pub(super) fn key(key: &str) -> String {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    if !key.is_empty() && key.chars().count() <= SHOWN && key.chars().all(is_name) {
        return key.to_owned();
    }
    format!("\"{}\"", escaped(key))
}

/// `text` on one line, with nothing in it that a terminal obeys, and cut off when it is long.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for (index, char) in text.chars().enumerate() {
        if index == SHOWN {
            shown.push('…');
            break;
        }
        match char {
            '"' | '\\' => shown.extend(['\\', char]),
            // Debug escapes what cannot be seen: controls, marks that turn the direction of text, lone accents.
            _ => _ = write!(shown, "{}", char.escape_debug()),
        }
    }
    shown
}

/// A path of these steps, each as [`key`] makes it, `*`, or `[3]`.
pub(super) fn path(steps: &[String]) -> String {
    let mut path = String::new();
    let gap = if steps.len() > 2 * STEPS { STEPS..steps.len() - STEPS } else { 0..0 };
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
    fn a_key_that_is_no_name_is_quoted_escaped_and_cut_off() {
        assert_eq!(key("first_name-2"), "first_name-2");
        assert_eq!(key("größe"), "größe");
        assert_eq!(key("odd key"), r#""odd key""#);
        assert_eq!(key(""), r#""""#);
        assert_eq!(key("a.b\"\u{1b}[2J\u{202e}"), r#""a.b\"\u{1b}[2J\u{202e}""#);
        assert_eq!(key(&"é".repeat(1 << 16)), format!("\"{}…\"", "é".repeat(100)));
    }

    #[test]
    fn a_path_of_many_steps_has_a_gap() {
        let steps: Vec<String> = (0..1000).map(|step| format!("s{step}")).collect();
        let shown = path(&steps);
        assert!(shown.starts_with("s0.s1.") && shown.contains("s7.….s992."), "{shown}");
        assert!(shown.ends_with(".s999"));
        assert_eq!(path(&["a".to_owned(), "[1]".to_owned(), "b".to_owned()]), "a[1].b");
    }
}
