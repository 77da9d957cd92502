//! A command that runs while other steps do.

use std::io::Write as _;
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::stream::{Streamed, stream};
use crate::workspace::typed;

/// A command that has been started. Its output is kept until it ends.
#[derive(Debug)]
pub(crate) struct Background {
    name: String,
    thread: JoinHandle<anyhow::Result<Finished>>,
}

/// A background command that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: Streamed,
    pub(crate) output: Vec<u8>,
    /// From the start to the end of the command, however long the caller waited for it.
    pub(crate) took: Duration,
}

impl Background {
    pub(crate) fn start(command: Command) -> Self {
        let name = typed(&command);
        println!("\nin the background: {name}");
        let thread = thread::spawn(move || {
            let begun = Instant::now();
            let mut output = Vec::new();
            let end = stream(command, &mut output, |_| {})?;
            Ok(Finished { end, output, took: begun.elapsed() })
        });
        Self { name, thread }
    }

    /// Waits for the end of the command and prints its output.
    ///
    /// # Errors
    /// If the command could not be started.
    pub(crate) fn finish(self) -> anyhow::Result<Finished> {
        println!("{}", self.name);
        let finished = self.thread.join().map_err(|_| anyhow!("the background thread panicked"))??;
        std::io::stdout().write_all(&finished.output)?;
        Ok(finished)
    }
}

impl Finished {
    /// Whether the command succeeded and left no process running.
    pub(crate) fn succeeded(&self) -> bool {
        self.end.status.success() && !self.end.left_a_process
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_and_the_status_are_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let finished = Background::start(command).finish().unwrap();
        assert_eq!(finished.output, b"one\ntwo\n");
        assert_eq!(finished.end.status.code(), Some(3));
    }

    #[test]
    fn a_command_that_cannot_be_started_is_an_error() {
        assert!(Background::start(Command::new("/nowhere/program")).finish().is_err());
    }
}
