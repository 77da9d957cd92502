//! A package in its own folder, built from scratch.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// Prefixes of environment variables that cargo sets or that would change the build.
const REMOVED_VARIABLES: &[&str] = &[
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PROFILE_",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

pub(super) struct Package {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    target: PathBuf,
    /// The file and the function that edits change.
    file: PathBuf,
    function: &'static str,
    edits: Cell<usize>,
}

impl Package {
    /// A package in `parent`, whose files don't exist yet.
    pub(super) fn new(parent: &Path, name: &str, file: &str, function: &'static str) -> Self {
        let folder = parent.join(name);
        Self {
            name: name.to_owned(),
            file: folder.join(file),
            folder,
            target: parent.join(format!("{name}-target")),
            function,
            edits: Cell::new(0),
        }
    }

    /// Fetches the dependencies, in the versions of the SDK's own workspace.
    pub(super) fn fetch(&self) -> Result<()> {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
        fs::copy(lock, self.folder.join("Cargo.lock")).context("cannot copy the workspace's lock file")?;
        timed(&format!("{}: cargo fetch", self.name), || {
            succeed(cargo(&self.folder).arg("fetch")).map(drop)
        })?;
        Ok(())
    }

    /// Cargo in the package's folder, without network access.
    pub(super) fn cargo(&self) -> Command {
        let mut command = cargo(&self.folder);
        self.isolate(&mut command);
        command
    }

    /// Makes a command that runs cargo work offline, with its own target folder.
    pub(super) fn isolate(&self, command: &mut Command) {
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_NET_OFFLINE", "true");
    }

    /// Runs cargo and returns its time, which is also printed.
    pub(super) fn timed(&self, args: &[&str], when: &str) -> Result<Duration> {
        let step = format!("{}: cargo {}, {when}", self.name, args.join(" "));
        timed(&step, || succeed(self.cargo().arg("--quiet").args(args)).map(drop))
    }

    /// Changes a line in the function. The first edit adds the line.
    pub(super) fn edit(&self) -> Result<()> {
        let path = &self.file;
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let number = self.edits.get() + 1;
        let text = edited(&text, self.function, number)
            .with_context(|| format!("no function {} in {}", self.function, path.display()))?;
        fs::write(path, text).with_context(|| path.display().to_string())?;
        self.edits.set(number);
        Ok(())
    }
}

/// Adds a message to the top of the function's body, replacing the message of the last edit.
fn edited(text: &str, function: &str, number: usize) -> Option<String> {
    let message = |number: usize| format!("    eprintln!(\"edit {number}\");\n");
    let signature = text.find(&format!("fn {function}("))?;
    let body = signature + text[signature..].find("{\n")? + 2;
    let (before, after) = text.split_at(body);
    let after = after.strip_prefix(&message(number - 1)).unwrap_or(after);
    Some(format!("{before}{}{after}", message(number)))
}

/// Cargo in a folder, with the environment of a user who has set nothing.
pub(super) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    plain(&mut command);
    command
}

/// Removes variables from a command's environment that are meant for the cargo that runs this program.
pub(super) fn plain(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if REMOVED_VARIABLES.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}

/// Runs a step, and prints and returns its time.
pub(super) fn timed(step: &str, run: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    run().with_context(|| step.to_owned())?;
    let time = start.elapsed();
    eprintln!("{step}: {:.1} s", time.as_secs_f64());
    Ok(time)
}

/// Runs a command. Its output is shown if it fails.
pub(super) fn succeed(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    let printed = [&output.stdout[..], &output.stderr].concat();
    ensure!(
        output.status.success(),
        "{} failed\n{}",
        command_line(command),
        String::from_utf8_lossy(&printed)
    );
    Ok(output)
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::edited;

    #[test]
    fn each_edit_replaces_the_previous_one() {
        let text = "fn other() {\n}\n\nasync fn it(\n    a: u8,\n) -> u8 {\n    a\n}\n";
        let once = edited(text, "it", 1).unwrap();
        assert!(once.ends_with("-> u8 {\n    eprintln!(\"edit 1\");\n    a\n}\n"), "{once}");
        let twice = edited(&once, "it", 2).unwrap();
        assert_eq!(twice, once.replace("edit 1", "edit 2"));
        assert_eq!(edited(text, "absent", 1), None);
    }
}
