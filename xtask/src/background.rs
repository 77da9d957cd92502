//! A command that runs while other steps do.

use std::io::Write as _;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::group::Group;
use crate::stream::{Streamed, stream};
use crate::workspace::typed;

/// How long a run waits for a command when nothing else is left to do. It prints nothing meanwhile.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// A command that has been started. Its output is kept until it ends. Dropping it kills the command.
#[derive(Debug)]
pub(crate) struct Background {
    name: String,
    started: anyhow::Result<Running>,
}

#[derive(Debug)]
struct Running {
    group: Group,
    ended: Receiver<anyhow::Result<Finished>>,
}

/// A background command that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: Streamed,
    pub(crate) output: Vec<u8>,
    /// From the start to the end of the command, however long the caller waited for it.
    pub(crate) took: Duration,
    /// The limit after which the command was killed.
    pub(crate) killed_after: Option<Duration>,
}

impl Background {
    pub(crate) fn start(command: Command) -> Self {
        let name = typed(&command);
        println!("\nin the background: {name}");
        Self { name, started: Running::start(command) }
    }

    /// Waits for the end of the command and prints its output. Kills it if that takes longer than [`LIMIT`].
    ///
    /// # Errors
    /// If the command could not be started.
    pub(crate) fn finish(self) -> anyhow::Result<Finished> {
        self.finish_within(LIMIT)
    }

    fn finish_within(self, limit: Duration) -> anyhow::Result<Finished> {
        println!("{}", self.name);
        let finished = self.started?.finish_within(limit)?;
        std::io::stdout().write_all(&finished.output)?;
        Ok(finished)
    }
}

impl Running {
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let group = Group::start()?;
        group.add(&mut command);
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || {
            let begun = Instant::now();
            let mut output = Vec::new();
            let end = stream(command, &mut output, |_| {});
            let finished = end.map(|end| Finished { end, output, took: begun.elapsed(), killed_after: None });
            // Nobody receives it if the command was dropped.
            let _ = sender.send(finished);
        });
        Ok(Self { group, ended })
    }

    fn finish_within(self, limit: Duration) -> anyhow::Result<Finished> {
        let Self { group, ended } = self;
        match ended.recv_timeout(limit) {
            Err(RecvTimeoutError::Timeout) => {
                drop(group);
                let finished = ended.recv().context("the background thread panicked")??;
                Ok(Finished { killed_after: Some(limit), ..finished })
            }
            finished => finished.context("the background thread panicked")?,
        }
    }
}

impl Finished {
    /// Why the step failed, unless the command succeeded and left no process running.
    pub(crate) fn failure(&self) -> Option<String> {
        match self.killed_after {
            Some(limit) => {
                Some(format!("killed after {} minutes of waiting, see above", limit.as_secs() / 60))
            }
            None if self.end.status.success() && !self.end.left_a_process => None,
            None => Some("see above".to_owned()),
        }
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
    fn a_command_that_takes_too_long_is_killed_and_its_output_is_kept() {
        let fifo = std::env::temp_dir().join(format!("xtask-background-{}", std::process::id()));
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let mut command = Command::new("sh");
        command.args(["-c", "echo partial; : >\"$0\"; exec sleep 30"]).arg(&fifo);
        let background = Background::start(command);
        std::fs::read(&fifo).unwrap(); // waits for the command to print its line
        std::fs::remove_file(&fifo).unwrap();
        let finished = background.finish_within(Duration::ZERO).unwrap();
        assert_eq!(finished.output, b"partial\n");
        assert_eq!(finished.failure().unwrap(), "killed after 0 minutes of waiting, see above");
    }

    #[test]
    fn a_command_that_cannot_be_started_is_an_error() {
        assert!(Background::start(Command::new("/nowhere/program")).finish().is_err());
    }
}
