//! [`Program`]: a connector as a program, one process a call.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use connector::Wire;
use connector::testing::contract::{Came, Transport};

/// How the programs of both SDKs end after a mistake in the command line.
const USAGE: i32 = 2;

/// A connector as a program: `<words> list-accounts --json-file -`, with the request on stdin, where other users of
/// the machine do not see it; or with `--json` if the program does not know that.
pub(super) struct Program {
    words: Vec<OsString>,
    wire: Option<Wire>,
    timeout: Duration,
    by_argument: Cell<bool>,
}

impl Program {
    pub(super) fn new(words: &[OsString], wire: Option<Wire>, timeout: Duration) -> Self {
        Self { words: words.to_vec(), wire, timeout, by_argument: Cell::new(false) }
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

    fn on_stdin(&self, capability: &str, request: &[u8]) -> io::Result<Ran> {
        let mut command = self.command(capability);
        command.args(["--json-file", "-"]);
        self.run(command, request)
    }

    fn as_argument(&self, capability: &str, request: &[u8]) -> io::Result<Ran> {
        let mut command = self.command(capability);
        command.arg("--json").arg(String::from_utf8_lossy(request).as_ref());
        self.run(command, b"")
    }

    fn run(&self, mut command: Command, stdin: &[u8]) -> io::Result<Ran> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            let program = command.get_program().display();
            io::Error::new(error.kind(), format!("{program} cannot be started: {error}"))
        })?;
        let until = Instant::now() + self.timeout;
        if let Some(mut pipe) = child.stdin.take() {
            let stdin = stdin.to_vec();
            // A program that does not read its request may end before it is written.
            thread::spawn(move || drop(pipe.write_all(&stdin)));
        }
        let (stdout, stderr) = (reading(child.stdout.take()), reading(child.stderr.take()));
        let rest =
            |pipe: &Receiver<Vec<u8>>| pipe.recv_timeout(until.saturating_duration_since(Instant::now()));
        if let (Ok(stdout), Ok(stderr)) = (rest(&stdout), rest(&stderr))
            && let Some(status) = ended(&mut child, until)?
        {
            return Ok(Ran { stdout, stderr, status: Some(status) });
        }
        // It may have ended by itself a moment ago.
        let _ = child.kill();
        child.wait()?;
        Ok(Ran { stdout: Vec::new(), stderr: Vec::new(), status: None })
    }
}

/// What a run has written and ended with; no status if it took too long.
struct Ran {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: Option<ExitStatus>,
}

impl Ran {
    /// Whether the program did not get as far as to read its request.
    fn is_usage(&self) -> bool {
        self.stdout.is_empty() && self.status.is_some_and(|status| status.code() == Some(USAGE))
    }

    fn came(self, timeout: Duration) -> Came {
        let came = Came::new(self.stdout).besides(self.stderr);
        match self.status {
            Some(status) if status.success() => came,
            Some(status) => came.ended(status.to_string().replace("exit status: ", "exit status ")),
            None => came.ended(format!("no end within {timeout:?}")),
        }
    }
}

/// Reads to the end, on a thread of its own.
fn reading(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What cannot be read any more has not been said.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        let _ = sender.send(bytes);
    });
    receiver
}

/// Waits for a program that has closed its output.
fn ended(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
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
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
        if request.is_empty() {
            return Ok(self.run(self.command(capability), b"")?.came(self.timeout));
        }
        if self.by_argument.get() {
            return Ok(self.as_argument(capability, request)?.came(self.timeout));
        }
        let ran = self.on_stdin(capability, request)?;
        if !ran.is_usage() {
            return Ok(ran.came(self.timeout));
        }
        // Nothing has been done yet, so nothing is done twice.
        let again = self.as_argument(capability, request)?;
        self.by_argument.set(!again.is_usage());
        Ok(again.came(self.timeout))
    }
}
