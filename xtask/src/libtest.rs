//! Counts tests by reading the output of `cargo test`.
//!
//! The counts come from the `test result:` lines, which libtest and rustdoc have kept stable; the names come from the
//! `test NAME ... OUTCOME` lines. A test that bypasses libtest's capture can garble a name, but never a count.

use std::fmt;
use std::time::{Duration, Instant};

/// The output of `cargo test` so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Tests that ran and passed.
    pub(crate) passed: u64,
    /// Tests that ran and failed.
    pub(crate) failed: u64,
    /// Tests that were built but not run: `#[ignore]`, and doc tests marked `ignore`.
    pub(crate) skipped: u64,
    /// Tests that a filter excluded.
    pub(crate) filtered: u64,
    pub(crate) failures: Vec<Named>,
    pub(crate) skips: Vec<Named>,
    /// Test programs that started but never printed a result: a crash, or `exit` in a test.
    pub(crate) unfinished: Vec<String>,
    /// How long each test program ran.
    pub(crate) times: Vec<(String, Duration)>,
    running: Option<Running>,
}

/// One test by name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The test program: a crate for unit tests, a path such as `tests/cli/main.rs` for the others.
    pub(crate) program: String,
    pub(crate) name: String,
    /// The text of `#[ignore = "…"]`, empty if there is none.
    pub(crate) reason: String,
}

#[derive(Debug)]
struct Running {
    program: String,
    has_result: bool,
    since: Instant,
}

impl Tally {
    /// Reads one line of output, with or without colors and line end.
    pub(crate) fn line(&mut self, line: &str) {
        let line = without_colors(line);
        let line = line.trim_end();
        if let Some(program) = program_of(line) {
            self.close();
            self.running = Some(Running { program, has_result: false, since: Instant::now() });
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.result(counts);
        } else if let Some((name, outcome)) =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        {
            self.test(name, outcome);
        }
    }

    /// Must be called once when the output has ended.
    pub(crate) fn close(&mut self) {
        let Some(running) = self.running.take() else { return };
        self.times.push((running.program.clone(), running.since.elapsed()));
        if !running.has_result {
            self.unfinished.push(running.program);
        }
    }

    /// Whether a test program is running.
    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Adds the counts of another run. Its tests no longer count as filtered out of this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.filtered = self.filtered.saturating_sub(other.passed + other.failed);
        self.failures.extend(other.failures);
        self.skips.extend(other.skips);
        self.unfinished.extend(other.unfinished);
    }

    fn result(&mut self, counts: &str) {
        // `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s`
        for part in counts.split(['.', ';']) {
            let Some((number, what)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                "filtered out" => self.filtered += number,
                _ => {}
            }
        }
        if let Some(running) = &mut self.running {
            running.has_result = true;
        }
    }

    fn test(&mut self, name: &str, outcome: &str) {
        let program = self.running.as_ref().map(|running| running.program.clone()).unwrap_or_default();
        let named = |reason: &str| Named { program, name: name.to_owned(), reason: reason.to_owned() };
        if outcome.starts_with("FAILED") {
            self.failures.push(named(""));
        } else if outcome == "ignored" {
            self.skips.push(named(""));
        } else if let Some(reason) = outcome.strip_prefix("ignored, ") {
            self.skips.push(named(reason));
        }
    }
}

/// The closing line, in a form that other tools read. A test program without a result counts as one failure.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failed + self.unfinished.len() as u64;
        write!(f, "{} passed, {failed} failed, {} skipped", self.passed, self.skipped)
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.program.is_empty() {
            write!(f, "{}: ", self.program)?;
        }
        f.write_str(&self.name)?;
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        Ok(())
    }
}

/// The test program that cargo announces in `line`, if any.
fn program_of(line: &str) -> Option<String> {
    if let Some(library) = line.strip_prefix("   Doc-tests ") {
        return Some(format!("docs of {library}"));
    }
    // `     Running unittests src/lib.rs (target/debug/deps/connector-672d623937cce4f3)`
    let (source, path) = line.strip_prefix("     Running ")?.strip_suffix(')')?.split_once(" (")?;
    if !source.starts_with("unittests ") {
        return Some(source.to_owned());
    }
    let file = path.rsplit(['/', '\\']).next()?;
    Some(file.rsplit_once('-').map_or(file, |(krate, _hash)| krate).to_owned())
}

/// `line` without terminal escape sequences of the forms `ESC [ … letter` and `ESC ( character`.
fn without_colors(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        text.push_str(before);
        rest = if let Some(charset) = escape.strip_prefix('(') {
            charset.get(1..).unwrap_or_default()
        } else {
            escape.find(|c: char| c.is_ascii_alphabetic()).map_or("", |end| &escape[end + 1..])
        };
    }
    text + rest
}

#[cfg(test)]
mod tests;
