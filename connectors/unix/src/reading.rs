//! What was read, and what could not be.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// The items that were read from files, and all gaps.
///
/// If there are gaps, a listing is partial. It is never an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Reading<T> {
    /// The items, in the order of the file.
    pub items: Vec<T>,
    /// What is missing from `items`, each gap once.
    pub gaps: Vec<Gap>,
}

impl<T> Reading<T> {
    /// All items, without gaps.
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

    /// How many malformed lines, records and references were skipped.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.gaps.iter().map(Gap::skipped).sum()
    }

    /// One sentence per gap, such as `etc/shadow: permission denied`.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.gaps.iter().map(ToString::to_string).collect()
    }

    /// Adds the gaps of another source, except those that are already known.
    pub fn note(&mut self, gaps: impl IntoIterator<Item = Gap>) {
        for gap in gaps {
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
    }
}

/// Something that could not be read. Paths are relative to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gap {
    /// The file doesn't exist.
    Missing {
        /// The file.
        path: String,
    },
    /// This user has no permission to read the file.
    Denied {
        /// The file.
        path: String,
    },
    /// The file could not be read for another reason.
    Unreadable {
        /// The file.
        path: String,
        /// The system's message.
        reason: String,
    },
    /// The machine itself ignores the file, so its contents don't count.
    Ignored {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// Only a part of the file was used, because it exceeds a limit.
    Limited {
        /// The file.
        path: String,
        /// Which limit it exceeds, and what was not read.
        reason: String,
    },
    /// The file is empty.
    Empty {
        /// The file.
        path: String,
    },
    /// Malformed lines or records were skipped.
    Malformed {
        /// The file.
        path: String,
        /// What was skipped, in the singular.
        unit: &'static str,
        /// How many, at least 1.
        count: u64,
        /// The number of the first one, from 1.
        first: u64,
    },
    /// References to something that does not exist were skipped.
    Dangling {
        /// The file.
        path: String,
        /// What was skipped, such as "members without a line in etc/passwd".
        what: &'static str,
        /// How many, at least 1.
        count: u64,
    },
    /// The system knows more than the files contain.
    Unlisted {
        /// The file that shows it.
        path: String,
        /// What is not listed.
        reason: String,
    },
    /// Something is uncertain and was assumed to be true.
    Assumed {
        /// The file.
        path: String,
        /// What was assumed, such as "host lists that may name this host".
        what: &'static str,
        /// How many, at least 1.
        count: u64,
    },
}

impl Gap {
    /// The gap of a file that exceeds a limit.
    pub(crate) fn limited(path: &str, reason: impl Into<String>) -> Self {
        Self::Limited { path: path.to_owned(), reason: reason.into() }
    }

    /// The gap of a file that could not be read.
    #[must_use]
    pub fn from_io(path: &str, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Unreadable { path, reason: error.to_string() },
        }
    }

    /// How many malformed lines, records or references this gap stands for; 0 for a whole file.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        match self {
            Self::Malformed { count, .. } | Self::Dangling { count, .. } => *count,
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
            Self::Malformed { path, unit, count: 1, first } => {
                write!(f, "{path}: skipped malformed {unit} {first}")
            }
            Self::Malformed { path, unit, count, first } => {
                write!(f, "{path}: skipped {count} malformed {unit}s, the first is {unit} {first}")
            }
            Self::Dangling { path, what, count } => write!(f, "{path}: skipped {what} ({count})"),
            Self::Assumed { path, what, count } => write!(f, "{path}: counted {what} ({count})"),
        }
    }
}

/// Counts malformed lines or records while a file is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct MalformedCounts {
    by_unit: BTreeMap<&'static str, (u64, u64)>,
}

impl MalformedCounts {
    pub(crate) fn add(&mut self, unit: &'static str, number: u64) {
        self.by_unit.entry(unit).or_insert((0, number)).0 += 1;
    }

    pub(crate) fn gaps(self, path: &str) -> Vec<Gap> {
        self.by_unit
            .into_iter()
            .map(|(unit, (count, first))| Gap::Malformed { path: path.to_owned(), unit, count, first })
            .collect()
    }
}

/// The gap of references to something that doesn't exist, if there are any.
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
    fn malformed_lines_are_counted() {
        let mut malformed = MalformedCounts::default();
        malformed.add("line", 7);
        malformed.add("line", 9);
        let mut reading = Reading::<()>::whole(vec![]);
        reading.note(malformed.gaps("etc/passwd"));
        assert_eq!(reading.problems(), ["etc/passwd: skipped 2 malformed lines, the first is line 7"]);
        assert_eq!(reading.skipped(), 2);
    }
}
