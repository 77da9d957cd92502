//! A connector's server, run as a process.

use std::io::{BufRead as _, BufReader, sink};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    host: String,
}

impl Server {
    /// Starts a command that serves, and waits until it prints its URL to stderr.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut lines = BufReader::new(child.stderr.take().context("no pipe")?);
        let mut server = Self { child, host: String::new() };
        let mut log = String::new();
        while server.host.is_empty() {
            let start = log.len();
            ensure!(
                lines.read_line(&mut log).context("the server's log")? > 0,
                "the server does not print its address: {log}"
            );
            server.host = host(&log[start..]).unwrap_or_default().to_owned();
        }
        // Keep reading, otherwise a server that logs more would block.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut sink()));
        Ok(server)
    }

    /// The address and port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

/// The address and port of the URL in a line of a log.
fn host(line: &str) -> Option<&str> {
    let (_, url) = line.split_once("http://")?;
    url.split(|end: char| end.is_whitespace() || end == '/').next()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(script: &str) -> Result<Server> {
        Server::start(Command::new("/bin/sh").args(["-c", script]))
    }

    #[test]
    fn the_address_is_found_in_the_log() {
        let log =
            "echo starting >&2; echo 'INFO: running on http://127.0.0.1:81 (press ^C)' >&2; exec sleep 60";
        assert_eq!(start(log).unwrap().host(), "127.0.0.1:81");
        assert_eq!(host("http://127.0.0.1:82/docs\n"), Some("127.0.0.1:82"));
    }

    #[test]
    fn a_server_that_ends_is_an_error_with_its_log() {
        let error = start("echo 'no port' >&2").unwrap_err().to_string();
        assert!(error.contains("no port"), "{error}");
    }
}
