//! [`Grouped`]: what is wrong, said once for all that it is wrong with.

use super::super::failures::Failures;
use super::session::{Checked, Halt};

/// So many are named; of more it is said how many there are.
const NAMED: usize = 5;

/// What is wrong, in the order it was found, and with which capabilities or listings.
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
