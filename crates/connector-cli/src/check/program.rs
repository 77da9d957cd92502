//! [`Program`]: a connector that runs as a program, with one process per call.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use connector::Wire;
use connector::testing::contract::{CallOutput, Transport};

/// Exit status that the programs of both SDKs use for an invalid command line.
const USAGE_STATUS: i32 = 2;

/// A connector that runs as a program: `<words> list-accounts --json-file -`. The request goes to stdin, where other
/// users of the machine can't see it. If the program doesn't support that, the request is passed with `--json`.
pub(super) struct Program {
    words: Vec<OsString>,
    wire: Option<Wire>,
    timeout: Duration,
    uses_json_flag: Cell<bool>,
}

impl Program {
    pub(super) fn new(words: &[OsString], wire: Option<Wire>, timeout: Duration) -> Self {
        Self { words: words.to_vec(), wire, timeout, uses_json_flag: Cell::new(false) }
    }

    fn command(&self, capability: &str) -> Command {
        let mut words = self.words.iter();
        let mut command = Command::new(words.next().map_or_else(OsString::new, OsString::clone));
        command.args(words).arg(capability);
        if let Some(wire) = self.wire {
            command.env("CONNECTOR_WIRE", wire.as_str());
        }
        command
    }

    fn run_with_stdin(&self, capability: &str, request: &[u8]) -> io::Result<Output> {
        let mut command = self.command(capability);
        command.args(["--json-file", "-"]);
        self.run(command, request)
    }

    fn run_with_json_flag(&self, capability: &str, request: &[u8]) -> io::Result<Output> {
        let mut command = self.command(capability);
        command.arg("--json").arg(String::from_utf8_lossy(request).as_ref());
        self.run(command, b"")
    }

    fn run(&self, mut command: Command, stdin: &[u8]) -> io::Result<Output> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            let program = command.get_program().display();
            io::Error::new(error.kind(), format!("{program} cannot be started: {error}"))
        })?;
        let until = Instant::now() + self.timeout;
        if let Some(mut pipe) = child.stdin.take() {
            let stdin = stdin.to_vec();
            // The program may exit without reading its whole request.
            thread::spawn(move || drop(pipe.write_all(&stdin)));
        }
        let (stdout, stderr) =
            (read_in_background(child.stdout.take()), read_in_background(child.stderr.take()));
        let receive =
            |pipe: &Receiver<Vec<u8>>| pipe.recv_timeout(until.saturating_duration_since(Instant::now()));
        if let (Ok(stdout), Ok(stderr)) = (receive(&stdout), receive(&stderr))
            && let Some(status) = wait(&mut child, until)?
        {
            return Ok(Output { stdout, stderr, status: Some(status) });
        }
        // The program may have exited in the meantime.
        let _ = child.kill();
        child.wait()?;
        Ok(Output { stdout: Vec::new(), stderr: Vec::new(), status: None })
    }
}

/// Output and exit status of a program; no status if it timed out.
struct Output {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: Option<ExitStatus>,
}

impl Output {
    /// Whether the program rejected its command line without reading the request.
    fn is_usage_error(&self) -> bool {
        self.stdout.is_empty() && self.status.is_some_and(|status| status.code() == Some(USAGE_STATUS))
    }

    fn into_call_output(self, timeout: Duration) -> CallOutput {
        let output = CallOutput::new(self.stdout).other_output(self.stderr);
        match self.status {
            Some(status) if status.success() => output,
            Some(status) => output.ended(status.to_string().replace("exit status: ", "exit status ")),
            None => output.ended(format!("still running after {timeout:?}")),
        }
    }
}

/// Reads a pipe to its end on a separate thread.
fn read_in_background(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // If reading fails, keep what was read so far.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        let _ = sender.send(bytes);
    });
    receiver
}

/// Waits for a program that has closed its output, until the deadline.
fn wait(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

impl Transport for Program {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput> {
        if request.is_empty() {
            return Ok(self.run(self.command(capability), b"")?.into_call_output(self.timeout));
        }
        if self.uses_json_flag.get() {
            return Ok(self.run_with_json_flag(capability, request)?.into_call_output(self.timeout));
        }
        let output = self.run_with_stdin(capability, request)?;
        if !output.is_usage_error() {
            return Ok(output.into_call_output(self.timeout));
        }
        // The program hasn't read the request, so nothing runs twice.
        let output = self.run_with_json_flag(capability, request)?;
        self.uses_json_flag.set(!output.is_usage_error());
        Ok(output.into_call_output(self.timeout))
    }
}
