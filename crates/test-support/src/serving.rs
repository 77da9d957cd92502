//! A server as a process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::reply::ask;

/// A connector that serves on a free port, until it is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    /// `127.0.0.1:` and the port.
    pub address: String,
    log: Option<BufReader<ChildStderr>>,
}

impl Serving {
    /// Starts a command that serves on a free port, and reads the two lines that it begins with.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = || {
            let mut line = String::new();
            log.read_line(&mut line).expect("a line");
            line
        };
        let (first, second) = (line(), line());
        let address =
            first.trim().strip_prefix("http://").unwrap_or_else(|| panic!("no address: {first}{second}"));
        assert_eq!(second, format!("http://{address}/docs\n"));
        Self { child, address: address.to_owned(), log: Some(log) }
    }

    /// Reads what the server logs, so that it never waits for a reader, and keeps none of it.
    #[must_use]
    pub fn without_log(mut self) -> Self {
        if let Some(mut log) = self.log.take() {
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        }
        self
    }

    /// Where it is, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Posts `body` and returns head and body of the answer.
    pub fn post(&self, path: &str, body: &str) -> String {
        self.post_with(path, "", body)
    }

    /// Posts with more headers, each of which ends with a line break.
    pub fn post_with(&self, path: &str, headers: &str, body: &str) -> String {
        answer(self.begin(&format!("POST {path}"), headers, body))
    }

    /// Head and body of what the server has at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// Gets with more headers, each of which ends with a line break.
    #[must_use]
    pub fn get_with(&self, path: &str, headers: &str) -> String {
        answer(self.begin(&format!("GET {path}"), headers, ""))
    }

    /// Sends a request. Its answer is left to be read, by [`answer`] for example.
    #[must_use]
    pub fn begin(&self, request: &str, headers: &str, body: &str) -> TcpStream {
        let head = format!("{request} HTTP/1.1\r\n{headers}");
        ask(&self.address, head.trim_end(), body.as_bytes())
    }

    fn kill(&self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Tells the server to stop and returns its exit status. Its log is not read.
    #[must_use]
    pub fn stop_unread(mut self, signal: &str) -> Option<i32> {
        self.kill(signal);
        self.child.wait().expect("it ends").code()
    }

    /// Tells the server to stop and returns its exit status and what it logged.
    pub fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.kill(signal);
        let mut text = String::new();
        if let Some(log) = &mut self.log {
            log.read_to_string(&mut text).expect("the log");
        }
        (self.child.wait().expect("it ends").code(), text)
    }

    /// Stops the server and returns the lines of its log.
    #[must_use]
    pub fn log(self) -> Vec<Value> {
        let (_, log) = self.stop("-TERM");
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        log.lines().map(read).collect()
    }

    /// Ends the server at once.
    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}

/// Head and body of an answer.
#[must_use]
pub fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}
