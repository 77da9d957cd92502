//! A server as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

pub(crate) struct Serving {
    child: Child,
    port: u16,
    log: BufReader<ChildStderr>,
}

impl Serving {
    /// Runs a command that serves on a free port.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        log.read_line(&mut line).expect("a first line");
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        Self { child, port: port.unwrap_or_else(|| panic!("no address: {line}")), log }
    }

    /// Sends a request and leaves the answer to be read with [`answer`].
    pub(crate) fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{token}Content-Length: {length}\r\n\r\n"
        );
        stream.write_all((head + body).as_bytes()).expect("it is sent");
        stream
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> String {
        answer(self.ask("GET", path, token, ""))
    }

    /// How many requests are being answered.
    pub(crate) fn in_flight(&self, token: &str) -> u32 {
        let metrics = self.get("/metrics", Some(token));
        let lines = metrics.lines().filter(|line| line.starts_with("connector_requests_in_flight{"));
        lines.map(|line| line.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0_u32)).sum()
    }

    /// Sends SIGTERM; the exit status, and what was logged.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
        let mut log = String::new();
        self.log.read_to_string(&mut log).expect("the log");
        (self.child.wait().expect("it ends").code(), log)
    }
}

/// Head and body of an answer.
pub(crate) fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}
