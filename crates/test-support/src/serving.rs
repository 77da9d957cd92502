//! A server in its own process.

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
    /// Starts a command that serves on a free port, and reads the two lines that it prints first.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        // From here on, the process is killed if an assertion fails.
        let mut serving = Self { child, address: String::new(), log: None };
        let mut line = || {
            let mut line = String::new();
            log.read_line(&mut line).expect("a line");
            line
        };
        let (first, second) = (line(), line());
        let address =
            first.trim().strip_prefix("http://").unwrap_or_else(|| panic!("no address: {first}{second}"));
        assert_eq!(second, format!("http://{address}/docs\n"));
        serving.address = address.to_owned();
        serving.log = Some(log);
        serving
    }

    /// Discards the server's log, so that the server never has to wait for a reader.
    #[must_use]
    pub fn without_log(mut self) -> Self {
        if let Some(mut log) = self.log.take() {
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        }
        self
    }

    /// The base URL, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Posts `body` and returns the head and body of the response.
    pub fn post(&self, path: &str, body: &str) -> String {
        self.post_with(path, "", body)
    }

    /// Posts with additional headers, each of which ends with a line break.
    pub fn post_with(&self, path: &str, headers: &str, body: &str) -> String {
        response(self.begin(&format!("POST {path}"), headers, body))
    }

    /// Gets `path` and returns the head and body of the response.
    #[must_use]
    pub fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// Gets with additional headers, each of which ends with a line break.
    #[must_use]
    pub fn get_with(&self, path: &str, headers: &str) -> String {
        response(self.begin(&format!("GET {path}"), headers, ""))
    }

    /// Sends a request. The caller reads the response, for example with [`response`].
    #[must_use]
    pub fn begin(&self, request: &str, headers: &str, body: &str) -> TcpStream {
        let head = format!("{request} HTTP/1.1\r\n{headers}");
        ask(&self.address, head.trim_end(), body.as_bytes())
    }

    fn kill(&self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Sends the server a signal to stop and returns its exit status. The log is not read.
    #[must_use]
    pub fn stop_unread(mut self, signal: &str) -> Option<i32> {
        self.kill(signal);
        self.child.wait().expect("it ends").code()
    }

    /// Sends the server a signal to stop and returns its exit status and its log.
    pub fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.kill(signal);
        let mut text = String::new();
        if let Some(log) = &mut self.log {
            log.read_to_string(&mut text).expect("the log");
        }
        (self.child.wait().expect("it ends").code(), text)
    }

    /// Stops the server and returns the entries of its log.
    #[must_use]
    pub fn log(self) -> Vec<Value> {
        let (_, log) = self.stop("-TERM");
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        log.lines().map(read).collect()
    }

    /// Kills the server.
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

/// Reads the head and body of a response.
#[must_use]
pub fn response(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("a response");
    text
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_process_that_does_not_serve_is_killed() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo pid $$ >&2; echo >&2; exec sleep 600"]);
        let panic = catch_unwind(AssertUnwindSafe(|| drop(Serving::start(command)))).expect_err("it panics");
        let message = panic.downcast::<String>().expect("a message");
        let pid = message.trim().strip_prefix("no address: pid ").expect("the process's id");
        let alive = Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status();
        assert!(!alive.expect("kill runs").success(), "the process {pid} is still running");
    }
}
