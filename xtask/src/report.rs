//! A run of several steps. It continues after a step fails, and ends with a summary of all steps.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use crate::background::{Background, Finished};
use crate::outcome::Outcome;

/// How one step ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Passed,
    Failed(String),
    /// It can't run here, for the given reason. The run doesn't fail because of it.
    NotRun(String),
}

/// The steps so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<(String, Step, Duration)>,
}

impl Report {
    /// Runs one step. An error counts as a failed step, and the run continues.
    pub(crate) fn step(&mut self, name: impl Into<String>, run: impl FnOnce() -> anyhow::Result<Step>) {
        let begun = Instant::now();
        self.timed_step(name.into(), || (run(), begun.elapsed()));
    }

    /// Waits for a command that was started earlier. Its time counts from its start.
    pub(crate) fn background_step(
        &mut self,
        name: impl Into<String>,
        background: Background,
        judge: impl FnOnce(&Finished) -> Step,
    ) {
        self.timed_step(name.into(), || match background.finish() {
            Ok(finished) => (Ok(judge(&finished)), finished.took),
            Err(error) => (Err(error), Duration::ZERO),
        });
    }

    fn timed_step(&mut self, name: String, run: impl FnOnce() -> (anyhow::Result<Step>, Duration)) {
        println!("\n== {name}");
        let (result, took) = run();
        let step = result.unwrap_or_else(|error| Step::Failed(format!("{error:#}")));
        println!("== {}", line(&name, &step, took));
        self.steps.push((name, step, took));
    }

    /// Prints the slowest parts of the last step.
    pub(crate) fn slowest(&self, mut parts: Vec<(String, Duration)>) {
        parts.sort_by_key(|(_, took)| Reverse(*took));
        println!("\nSlowest:");
        for (name, took) in parts.iter().take(10) {
            println!("  {:6.1} s  {name}", took.as_secs_f64());
        }
    }

    /// Prints the summary.
    pub(crate) fn finish(self) -> Outcome {
        println!("\nSummary:");
        for (name, step, took) in &self.steps {
            println!("  {}", line(name, step, *took));
        }
        Outcome::passed_if(!self.steps.iter().any(|(_, step, _)| matches!(step, Step::Failed(_))))
    }
}

impl Step {
    /// `Passed`, or `Failed` with the reason that `why` returns.
    pub(crate) fn passed_or(passed: bool, why: impl FnOnce() -> String) -> Self {
        if passed { Self::Passed } else { Self::Failed(why()) }
    }
}

fn line(name: &str, step: &Step, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    match step {
        Step::Passed => format!("ok       {seconds:6.1} s  {name}"),
        Step::Failed(why) => format!("FAILED   {seconds:6.1} s  {name}: {why}"),
        Step::NotRun(why) => format!("not run  {seconds:6.1} s  {name}: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_after_a_failing_one_run_and_the_run_fails() {
        let mut report = Report::default();
        let mut ran = false;
        report.step("first", || anyhow::bail!("broken"));
        report.step("second", || {
            ran = true;
            Ok(Step::Passed)
        });
        assert!(ran);
        assert_eq!(report.finish(), Outcome::Failed);
    }

    #[test]
    fn a_step_that_was_not_run_is_shown_and_does_not_fail_the_run() {
        let mut report = Report::default();
        report.step("advisories", || Ok(Step::NotRun("no network".to_owned())));
        let (name, step, took) = &report.steps[0];
        assert_eq!(line(name, step, *took).trim_end(), "not run     0.0 s  advisories: no network");
        assert_eq!(report.finish(), Outcome::Passed);
    }

    #[cfg(unix)]
    #[test]
    fn a_background_step_fails_like_any_other() {
        let mut report = Report::default();
        let background = Background::start(std::process::Command::new("false"));
        report.background_step("background", background, |finished| {
            finished.failure().map_or(Step::Passed, Step::Failed)
        });
        assert_eq!(report.steps[0].1, Step::Failed("see above".to_owned()));
        assert_eq!(report.finish(), Outcome::Failed);
    }
}
