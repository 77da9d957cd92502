//! A server as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::program;

pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
    log: BufReader<ChildStderr>,
}

/// Starts `mock-connector` with `args`, which begin with a command that serves.
pub(crate) fn serve(args: &[&str]) -> Serving {
    let mut command = program();
    command.args(args);
    Serving::start(command)
}

impl Serving {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        log.read_line(&mut line).expect("a first line");
        let address = line.trim().strip_prefix("http://").expect("the address").to_owned();
        let mut docs = String::new();
        log.read_line(&mut docs).expect("a second line");
        assert_eq!(docs, format!("http://{address}/docs\n"));
        Self { child, address, log }
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> String {
        self.post_with(path, "", body)
    }

    /// Posts with more heads, each of which ends with a line break.
    pub(crate) fn post_with(&self, path: &str, heads: &str, body: &str) -> String {
        self.send(&format!("POST {path}"), &self.address, heads, body)
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.get_as(&self.address, path)
    }

    /// Gets `path` of the server under the name of `host`.
    pub(crate) fn get_as(&self, host: &str, path: &str) -> String {
        self.send(&format!("GET {path}"), host, "", "")
    }

    fn send(&self, request: &str, host: &str, heads: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let head = format!("{request} HTTP/1.1\r\nHost: {host}\r\n{heads}Connection: close");
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("it is sent");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply");
        reply
    }

    fn kill(&self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Tells the server to stop and returns its exit status. Its log is not read.
    pub(crate) fn stop_unread(mut self, signal: &str) -> Option<i32> {
        self.kill(signal);
        self.child.wait().expect("it ends").code()
    }

    /// Tells the server to stop and returns its exit status and what it logged.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.kill(signal);
        let mut log = String::new();
        self.log.read_to_string(&mut log).expect("the log");
        (self.child.wait().expect("it ends").code(), log)
    }

    /// Stops the server and returns the lines of its log.
    pub(crate) fn log(self) -> Vec<Value> {
        let (_, log) = self.stop("-TERM");
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        log.lines().map(read).collect()
    }
}
