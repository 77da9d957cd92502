//! Runs a command, showing its output as it comes while also reading it.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::workspace::typed;

/// How long output may stay open after the command has ended. Only a process that it left behind can hold it.
const GRACE: Duration = Duration::from_secs(10);

/// How a streamed command ended.
#[derive(Debug)]
pub(crate) struct Streamed {
    pub(crate) status: ExitStatus,
    /// A process that the command started lives on and still holds its output.
    pub(crate) left_a_process: bool,
}

/// Runs `command`, copies both its outputs to `screen` in the order of their writing, and gives each line to `each`.
///
/// # Errors
/// When the command cannot be started, or `screen` cannot be written to.
pub(crate) fn stream(
    mut command: Command,
    screen: &mut impl Write,
    mut each: impl FnMut(&str),
) -> anyhow::Result<Streamed> {
    if io::stdout().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let name = typed(&command);
    // One pipe for both: cargo names a test program on stderr, and the program's results follow on stdout.
    let (reader, writer) = io::pipe().context("no pipe could be made")?;
    command.stdout(writer.try_clone().context("no pipe could be made")?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("`{name}` could not be started"))?;
    drop(command); // it holds the writing ends, and the reader would wait for them for ever

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
    let left_a_process = !show_until_end(&mut child, &lines, screen, &mut each)?;
    Ok(Streamed { status: child.wait()?, left_a_process })
}

/// Shows lines until all output is closed (true), or the child has ended and output stays open (false).
fn show_until_end(
    child: &mut Child,
    lines: &Receiver<Vec<u8>>,
    screen: &mut impl Write,
    each: &mut impl FnMut(&str),
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
                if ended.is_some_and(|since| since.elapsed() > GRACE) {
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

    fn shell(script: &str) -> (Streamed, Vec<String>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut lines = Vec::new();
        let mut screen = Vec::new();
        let streamed = stream(command, &mut screen, |line| lines.push(line.trim_end().to_owned())).unwrap();
        assert_eq!(String::from_utf8(screen).unwrap().lines().collect::<Vec<_>>(), lines);
        (streamed, lines)
    }

    #[test]
    fn lines_of_both_outputs_come_in_the_order_of_their_writing() {
        let (streamed, lines) = shell("echo one; echo two >&2; echo three; exit 3");
        assert_eq!(lines, ["one", "two", "three"]);
        assert_eq!(streamed.status.code(), Some(3));
        assert!(!streamed.left_a_process);
    }

    #[test]
    fn a_process_left_behind_is_noticed_and_not_waited_for() {
        let begun = Instant::now();
        let (streamed, lines) = shell("echo before; sleep 60 & ");
        assert!(streamed.left_a_process);
        assert_eq!(lines, ["before"]);
        assert!(begun.elapsed() < Duration::from_secs(40));
    }
}
