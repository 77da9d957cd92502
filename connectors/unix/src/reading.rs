//! What was read, together with what could not be.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// The items that files gave, and every gap on the way to them.
///
/// A listing made from it is partial when there are gaps; it is never an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Reading<T> {
    /// The items, in the order of the file.
    pub items: Vec<T>,
    /// What is missing from `items`, without repetition.
    pub gaps: Vec<Gap>,
}

impl<T> Reading<T> {
    /// Items without any gap.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, gaps: Vec::new() }
    }

    /// No items, because of `gap`.
    pub fn nothing(gap: Gap) -> Self {
        Self { items: Vec::new(), gaps: vec![gap] }
    }

    /// Whether something could not be read.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        !self.gaps.is_empty()
    }

    /// How many odd lines, records and references were skipped.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.gaps.iter().map(Gap::skipped).sum()
    }

    /// One sentence a gap, such as `etc/shadow: permission denied`.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.gaps.iter().map(ToString::to_string).collect()
    }

    /// Adds the gaps of another source; those already known are left out.
    pub fn note(&mut self, gaps: impl IntoIterator<Item = Gap>) {
        for gap in gaps {
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
    }
}

/// Something that a reading lacks. Paths are relative to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gap {
    /// The file is not there.
    Missing {
        /// The file.
        path: String,
    },
    /// The file may not be read by this user.
    Denied {
        /// The file.
        path: String,
    },
    /// The file could not be read for another reason.
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The machine itself ignores the file, so that what it says does not count.
    Ignored {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// Only part of the file was used, because it is larger than any real one.
    Limited {
        /// The file.
        path: String,
        /// Which limit it exceeds, and what that left out.
        reason: String,
    },
    /// The file has no bytes.
    Empty {
        /// The file.
        path: String,
    },
    /// Lines or records that make no sense were skipped.
    Odd {
        /// The file.
        path: String,
        /// What was skipped, in the singular.
        unit: &'static str,
        /// How many, at least 1.
        count: u64,
        /// The number of the first, from 1.
        first: u64,
    },
    /// References to something that does not exist were skipped.
    Dangling {
        /// The file.
        path: String,
        /// What was skipped, as in "group member that is not in etc/passwd".
        what: &'static str,
        /// How many, at least 1.
        count: u64,
    },
    /// The system knows of more than the files have.
    Unlisted {
        /// What says so, or where it is.
        path: String,
        /// What is not listed.
        reason: String,
    },
    /// Something could not be decided and was taken to be the case.
    Assumed {
        /// The file.
        path: String,
        /// What was assumed, as in "host list that may name this host".
        what: &'static str,
        /// How many, at least 1.
        count: u64,
    },
}

impl Gap {
    /// The gap that a limit leaves in `path`.
    pub(crate) fn limited(path: &str, reason: impl Into<String>) -> Self {
        Self::Limited { path: path.to_owned(), reason: reason.into() }
    }

    /// The gap that a failure to read `path` leaves.
    #[must_use]
    pub fn from_io(path: &str, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Unreadable { path, reason: error.to_string() },
        }
    }

    /// How many odd lines, records or references this gap stands for; 0 for a whole file.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        match self {
            Self::Odd { count, .. } | Self::Dangling { count, .. } => *count,
            _ => 0,
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{path}: missing"),
            Self::Denied { path } => write!(f, "{path}: permission denied"),
            Self::Unreadable { path, reason }
            | Self::Limited { path, reason }
            | Self::Unlisted { path, reason } => write!(f, "{path}: {reason}"),
            Self::Ignored { path, reason } => write!(f, "{path}: ignored by sudo, {reason}"),
            Self::Empty { path } => write!(f, "{path}: empty"),
            Self::Odd { path, unit, count: 1, first } => write!(f, "{path}: skipped odd {unit} {first}"),
            Self::Odd { path, unit, count, first } => {
                write!(f, "{path}: skipped {count} odd {unit}s, the first is {unit} {first}")
            }
            Self::Dangling { path, what, count } => write!(f, "{path}: skipped {count} × {what}"),
            Self::Assumed { path, what, count } => write!(f, "{path}: counted {count} × {what}"),
        }
    }
}

/// Counts odd lines or records while a file is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Oddities {
    by_unit: BTreeMap<&'static str, (u64, u64)>,
}

impl Oddities {
    pub(crate) fn add(&mut self, unit: &'static str, number: u64) {
        self.by_unit.entry(unit).or_insert((0, number)).0 += 1;
    }

    pub(crate) fn gaps(self, path: &str) -> Vec<Gap> {
        self.by_unit
            .into_iter()
            .map(|(unit, (count, first))| Gap::Odd { path: path.to_owned(), unit, count, first })
            .collect()
    }
}

/// The gap of references that led nowhere, if there were any.
pub(crate) fn dangling(path: &str, what: &'static str, count: u64) -> Option<Gap> {
    (count > 0).then(|| Gap::Dangling { path: path.to_owned(), what, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_noted_once() {
        let mut reading = Reading::whole(vec![1]);
        let gap = Gap::Missing { path: "etc/shadow".to_owned() };
        reading.note([gap.clone(), gap.clone()]);
        reading.note([gap]);
        assert_eq!(reading.problems(), ["etc/shadow: missing"]);
    }

    #[test]
    fn odd_lines_are_counted_with_the_first_one_named() {
        let mut odd = Oddities::default();
        odd.add("line", 7);
        odd.add("line", 9);
        let mut reading = Reading::<()>::whole(vec![]);
        reading.note(odd.gaps("etc/passwd"));
        assert_eq!(reading.problems(), ["etc/passwd: skipped 2 odd lines, the first is line 7"]);
        assert_eq!(reading.skipped(), 2);
    }
}
