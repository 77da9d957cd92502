//! Running a program of the system.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use connector::Cancellation;
use rustix::process::{Pid, Signal, kill_process_group};

use super::arguments::Arguments;
use super::error::WriteError;
use crate::root::is_program;

const SYSTEM_FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

const TIMEOUT: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// How often a running tool is checked: the shadow tools take a few milliseconds.
const POLL: Duration = Duration::from_millis(3);

/// How long to wait for the last output of a tool that has ended: a process that it left behind may hold the pipe open.
/// On a busy machine the output can take a while, and without it an error has no message.
const LAST_OUTPUT: Duration = Duration::from_secs(5);

/// The most output that is kept, in bytes: the numbers of 65 536 groups fit.
const MAX_OUTPUT: u64 = 1 << 20;

/// The most of a message that is repeated, in characters.
const MAX_MESSAGE: usize = 400;

/// Where the tools are and how they are run.
#[derive(Debug, Clone)]
pub(super) struct Toolbox {
    pub(super) folders: Vec<PathBuf>,
    pub(super) timeout: Duration,
    pub(super) patience: Duration,
    pub(super) cancellation: Cancellation,
    /// Whether a tool may have changed something in the current change. Then the cancellation no longer counts.
    begun: Arc<AtomicBool>,
}

/// How a tool ended that was run to change something.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) tool: &'static str,
    pub(super) exit: Option<i32>,
    /// The beginning of what it wrote to stderr, on one line.
    pub(super) message: String,
}

/// What a tool replied that has ended.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) exit: Option<i32>,
    /// The beginning of what it wrote to stdout.
    pub(super) stdout: Vec<u8>,
    /// The beginning of what it wrote to stderr.
    stderr: Vec<u8>,
}

impl Reply {
    /// The beginning of what it wrote to stderr, on one line.
    pub(super) fn message(&self) -> String {
        one_line(&self.stderr)
    }
}

impl Toolbox {
    /// `PATH`, then the system's folders, which are often missing from a service's `PATH`. Relative folders are ignored.
    pub(super) fn from_environment() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(SYSTEM_FOLDERS.map(PathBuf::from));
        Self {
            folders: folders.filter(|folder| folder.is_absolute()).collect(),
            timeout: TIMEOUT,
            patience: PATIENCE,
            cancellation: Cancellation::new(),
            begun: Arc::default(),
        }
    }

    /// Begins a change. Nothing has been changed yet.
    pub(super) fn begin(&self) {
        self.begun.store(false, Ordering::Relaxed);
    }

    /// # Errors
    /// [`WriteError::Cancelled`] if the call was cancelled.
    pub(super) fn check_cancelled(&self) -> Result<(), WriteError> {
        self.cancellation.check().map_err(|_| WriteError::Cancelled)
    }

    /// Runs a tool to its end. If it finds the account files locked, it is retried for a while. If the call is cancelled
    /// before its first tool starts, no tool starts.
    pub(super) fn run(&self, tool: &'static str, args: &Arguments) -> Result<Outcome, WriteError> {
        let start = Instant::now();
        loop {
            let begun = self.begun.load(Ordering::Relaxed);
            if !begun {
                self.check_cancelled()?;
            }
            let result = self.run_once(tool, args);
            // A tool that was killed may have changed something.
            let is_locked_out = result.as_ref().is_ok_and(Outcome::is_locked_out);
            self.begun.store(begun || !is_locked_out, Ordering::Relaxed);
            let outcome = result?;
            if !outcome.is_locked_out() || start.elapsed() >= self.patience {
                return Ok(outcome);
            }
            thread::sleep(BETWEEN_TRIES);
        }
    }

    /// Runs a tool that changes nothing.
    pub(super) fn query(&self, tool: &'static str, args: &Arguments) -> Result<Reply, WriteError> {
        self.start(tool, args, true)
    }

    /// Whether a tool is installed.
    pub(super) fn has(&self, tool: &'static str) -> bool {
        self.find(tool).is_ok()
    }

    fn run_once(&self, tool: &'static str, args: &Arguments) -> Result<Outcome, WriteError> {
        let reply = self.start(tool, args, false)?;
        Ok(Outcome { tool, exit: reply.exit, message: reply.message() })
    }

    /// Runs a tool to its end. Its stdout is kept only if requested.
    fn start(&self, tool: &'static str, args: &Arguments, keep_stdout: bool) -> Result<Reply, WriteError> {
        let program = self.find(tool)?;
        let not_run = |source| WriteError::ToolBroken { tool, source };
        let path =
            std::env::join_paths(&self.folders).unwrap_or_else(|_| OsString::from("/usr/sbin:/usr/bin"));
        let mut child = Command::new(program)
            .args(args.as_slice())
            .env_clear()
            .env("PATH", path)
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(if keep_stdout { Stdio::piped() } else { Stdio::null() })
            .stderr(Stdio::piped())
            // Ctrl-C in the connector must not interrupt a change.
            .process_group(0)
            .spawn()
            .map_err(not_run)?;
        let stdout = listen(child.stdout.take());
        let stderr = listen(child.stderr.take());
        match wait(&mut child, self.timeout).map_err(not_run)? {
            Some(status) => {
                let rest =
                    |stream: mpsc::Receiver<Vec<u8>>| stream.recv_timeout(LAST_OUTPUT).unwrap_or_default();
                Ok(Reply { exit: status.code(), stdout: rest(stdout), stderr: rest(stderr) })
            }
            None => Err(WriteError::TimedOut { tool, after: self.timeout }),
        }
    }

    fn find(&self, tool: &'static str) -> Result<PathBuf, WriteError> {
        let mut candidates = self.folders.iter().map(|folder| folder.join(tool));
        candidates.find(|path| is_program(path)).ok_or(WriteError::ToolMissing { tool })
    }
}

impl Outcome {
    /// Succeeds if the files show the change. Otherwise the error is as specific as possible.
    pub(super) fn conclude(self, applied: bool) -> Result<(), WriteError> {
        if applied { Ok(()) } else { Err(self.into_error()) }
    }

    pub(super) fn into_error(self) -> WriteError {
        let Self { tool, exit, ref message } = self;
        if exit == Some(0) {
            return WriteError::NotApplied { tool, message: self.message };
        }
        if self.is_denied() {
            return WriteError::PermissionDenied { reason: self.message };
        }
        if self.is_locked_out() {
            return WriteError::Busy { message: self.message };
        }
        WriteError::ToolFailed { tool, exit, message: message.clone() }
    }

    /// The tools have no exit code for it, only the C library's message.
    fn is_denied(&self) -> bool {
        ["Permission denied", "Operation not permitted"].iter().any(|words| self.message.contains(words))
    }

    /// Whether the tool failed before it could change anything.
    pub(super) fn was_kept_out(&self) -> bool {
        self.is_denied() || self.is_locked_out()
    }

    fn is_locked_out(&self) -> bool {
        self.exit != Some(0) && !self.is_denied() && self.message.contains("cannot lock")
    }
}

/// Collects the beginning of a stream, and reads the rest so that the writer never blocks.
fn listen(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut stream) = stream {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // A broken pipe only ends the message.
            let _ = (&mut stream).take(MAX_OUTPUT).read_to_end(&mut bytes);
            if bytes.len() as u64 == MAX_OUTPUT {
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            }
            let _ = sender.send(bytes);
        });
    }
    receiver
}

/// Waits for the end. `None` if the program took too long and was killed.
fn wait(child: &mut Child, timeout: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= timeout {
            // With everything that it started.
            kill_process_group(Pid::from_child(child), Signal::KILL)?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("; ").replace(char::is_control, "").chars().take(MAX_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn toolbox(script: &str) -> (tempfile::TempDir, Toolbox) {
        let dir = tempfile::tempdir().unwrap();
        // Written by another process: while one here has the file open, a fork of another test keeps it busy.
        let write = "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\"; chmod +x \"$0\"";
        let path = dir.path().join("usermod");
        assert!(Command::new("sh").args(["-c", write]).arg(path).arg(script).status().unwrap().success());
        let folders = vec![dir.path().to_owned(), PathBuf::from("/bin")];
        (dir, Toolbox { folders, patience: Duration::ZERO, ..Toolbox::from_environment() })
    }

    fn run(script: &str) -> Outcome {
        let (_dir, tools) = toolbox(script);
        tools.run("usermod", &Arguments::new()).unwrap()
    }

    #[test]
    fn arguments_are_passed_unchanged() {
        let (_dir, tools) = toolbox("printf '%s|' \"$@\" >&2; exit 3");
        let args =
            Arguments::new().flag("--lock").option("--comment", "$(id); a b").option("--home-dir", "*");
        let outcome = tools.run("usermod", &args).unwrap();
        let expected = "--lock|--comment=$(id); a b|--home-dir=*|";
        assert_eq!((outcome.exit, outcome.message.as_str()), (Some(3), expected));
    }

    #[test]
    fn the_environment_is_minimal() {
        let outcome = run("env | cut -d= -f1 | sort | tr '\\n' ' ' >&2; pwd >&2");
        assert_eq!(outcome.message, "LC_ALL PATH PWD /");
    }

    #[test]
    fn long_output_is_cut() {
        let outcome = run("head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1");
        assert_eq!((outcome.exit, outcome.message.len()), (Some(1), MAX_MESSAGE));
    }

    #[test]
    fn a_hanging_tool_is_killed() {
        let (_dir, mut tools) = toolbox("exec sleep 60");
        tools.timeout = Duration::from_millis(100);
        let start = Instant::now();
        assert!(matches!(
            tools.run("usermod", &Arguments::new()),
            Err(WriteError::TimedOut { tool: "usermod", .. })
        ));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_a_hanging_tool_started_is_killed_too() {
        let (dir, mut tools) = toolbox("sleep 60 & echo $! > \"$0.child\"; wait");
        tools.timeout = Duration::from_secs(2);
        assert!(matches!(tools.run("usermod", &Arguments::new()), Err(WriteError::TimedOut { .. })));
        let child = fs::read_to_string(dir.path().join("usermod.child")).unwrap();
        // A process that was killed, but not yet collected, has no program.
        let program = format!("/proc/{}/exe", child.trim());
        let start = Instant::now();
        while fs::read_link(&program).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(30), "it is still running");
            thread::sleep(POLL);
        }
    }

    #[test]
    fn a_process_left_behind_does_not_delay_the_response() {
        let start = Instant::now();
        assert_eq!(run("sleep 60 & exit 0").exit, Some(0));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_missing_tool_is_named() {
        let (dir, mut tools) = toolbox("");
        tools.folders = vec![dir.path().to_owned()];
        assert!(matches!(
            tools.run("gpasswd", &Arguments::new()),
            Err(WriteError::ToolMissing { tool: "gpasswd" })
        ));
    }

    #[test]
    fn a_locked_database_is_retried() {
        let (dir, mut tools) = toolbox(
            "echo try >> \"$0.tries\"; [ $(wc -l < \"$0.tries\") -gt 2 ] || { echo 'usermod: cannot lock /etc/passwd; try again later.' >&2; exit 1; }",
        );
        tools.patience = Duration::from_secs(20);
        assert_eq!(tools.run("usermod", &Arguments::new()).unwrap().exit, Some(0));
        assert_eq!(fs::read_to_string(dir.path().join("usermod.tries")).unwrap().lines().count(), 3);
    }

    #[test]
    fn the_message_decides_the_error() {
        let error = |exit, message: &str| {
            Outcome { tool: "usermod", exit: Some(exit), message: message.to_owned() }.into_error()
        };
        let denied =
            error(1, "usermod: Permission denied.; usermod: cannot lock /etc/passwd; try again later.");
        assert!(matches!(denied, WriteError::PermissionDenied { .. }));
        assert!(matches!(error(1, "usermod: cannot lock /etc/passwd"), WriteError::Busy { .. }));
        assert!(matches!(error(0, "unlocking"), WriteError::NotApplied { .. }));
        assert!(matches!(error(12, "other"), WriteError::ToolFailed { exit: Some(12), .. }));
    }
}
