//! [`Grouped`]: each failure once, with everything that it affects.

use super::super::failures::Failures;
use super::session::{Checked, Halt};

/// How many names are listed; the rest are counted.
const NAMED: usize = 5;

/// Failures, in the order in which they were found, with the capabilities or listings that they affect.
#[derive(Default)]
pub(super) struct Grouped(Vec<(String, Vec<String>)>);

impl Grouped {
    pub(super) fn add(&mut self, whose: &str, what: impl Into<String>) {
        let what = what.into();
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, all)) if all.iter().any(|known| known == whose) => {}
            Some((_, all)) => all.push(whose.to_owned()),
            None => self.0.push((what, vec![whose.to_owned()])),
        }
    }

    /// Fails if anything was added.
    pub(super) fn end(self) -> Checked {
        let mut failures = Failures::none();
        for (what, whose) in self.0 {
            let named = whose[..whose.len().min(NAMED)].join(", ");
            match whose.len().saturating_sub(NAMED) {
                0 => failures.push(format!("{named}: {what}")),
                more => failures.push(format!("{named} and {more} more: {what}")),
            }
        }
        failures.into_result().map_err(Halt::Failed)
    }
}
