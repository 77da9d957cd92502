//! Runs a command, and shows its output while reading it.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::workspace::typed;

/// How long output may stay open after the command has ended. Only a process that it left behind keeps it open.
const GRACE: Duration = Duration::from_secs(10);

/// How a streamed command ended.
#[derive(Debug)]
pub(crate) struct Streamed {
    pub(crate) status: ExitStatus,
    /// A process that the command started is still running and holds the output open.
    pub(crate) left_a_process: bool,
}

/// Runs `command`, copies both its outputs to `screen` in the order they were written, and passes each line to `each`.
///
/// # Errors
/// If the command cannot be started, or `screen` cannot be written to.
pub(crate) fn stream(
    command: Command,
    screen: &mut impl Write,
    each: impl FnMut(&str),
) -> anyhow::Result<Streamed> {
    stream_with_grace(command, screen, each, GRACE)
}

fn stream_with_grace(
    mut command: Command,
    screen: &mut impl Write,
    mut each: impl FnMut(&str),
    grace: Duration,
) -> anyhow::Result<Streamed> {
    if io::stdout().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let name = typed(&command);
    // One pipe for both keeps the order: cargo names a test program on stderr, and its results follow on stdout.
    let (reader, writer) = io::pipe().context("no pipe could be created")?;
    command.stdout(writer.try_clone().context("no pipe could be created")?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("`{name}` could not be started"))?;
    drop(command); // it holds the writing ends, and the reader would wait for them forever

    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(length) if length > 0 && sender.send(line).is_ok() => {}
                _ => break,
            }
        }
    });
    let left_a_process = !show_until_end(&mut child, &lines, screen, &mut each, grace)?;
    Ok(Streamed { status: child.wait()?, left_a_process })
}

/// Shows lines until all output is closed. Returns false if it stays open for `grace` after the child has ended.
fn show_until_end(
    child: &mut Child,
    lines: &Receiver<Vec<u8>>,
    screen: &mut impl Write,
    each: &mut impl FnMut(&str),
    grace: Duration,
) -> anyhow::Result<bool> {
    let mut ended: Option<Instant> = None;
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                screen.write_all(&line)?;
                screen.flush()?;
                each(&String::from_utf8_lossy(&line));
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(true),
            Err(RecvTimeoutError::Timeout) => {
                if ended.is_none() && child.try_wait()?.is_some() {
                    ended = Some(Instant::now());
                }
                if ended.is_some_and(|since| since.elapsed() > grace) {
                    return Ok(false);
                }
            }
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, grace: Duration) -> (Streamed, Vec<String>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut lines = Vec::new();
        let mut screen = Vec::new();
        let each = |line: &str| lines.push(line.trim_end().to_owned());
        let streamed = stream_with_grace(command, &mut screen, each, grace).unwrap();
        assert_eq!(String::from_utf8(screen).unwrap().lines().collect::<Vec<_>>(), lines);
        (streamed, lines)
    }

    #[test]
    fn lines_of_both_outputs_keep_their_order() {
        let (streamed, lines) = shell("echo one; echo two >&2; echo three; exit 3", GRACE);
        assert_eq!(lines, ["one", "two", "three"]);
        assert_eq!(streamed.status.code(), Some(3));
        assert!(!streamed.left_a_process);
    }

    #[test]
    fn a_process_left_behind_is_reported() {
        let (streamed, lines) = shell("echo before; sleep 60 & ", Duration::ZERO);
        assert!(streamed.left_a_process);
        assert_eq!(lines, ["before"]);
    }
}
