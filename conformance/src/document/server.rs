//! The mock connector's server, run as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// Environment variable that contains the token.
pub(super) const TOKEN_VARIABLE: &str = "CONFORMANCE_TOKEN";
/// The token that the server requires, if enabled.
pub(super) const TOKEN: &str = "a-token-for-conformance";

/// A server that runs until it is dropped.
pub(super) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts `program serve` on a free port.
    pub(super) fn start(program: &Path, wire: &str, args: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--port", "0", "--no-access-log", "--wire", wire])
            .args(args)
            .env(TOKEN_VARIABLE, TOKEN)
            // Panics of the mock connector are intended here, so don't log them.
            .env("CONNECTOR_LOG", "off")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().context("no pipe")?);
        let mut server = Self { child, address: String::new() };
        lines.read_line(&mut server.address).context("the server does not print its address")?;
        // Keep reading, otherwise a server that logs more would block.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::stderr()));
        anyhow::ensure!(
            server.address().starts_with("http://"),
            "unexpected first line of the server: {}",
            server.address
        );
        Ok(server)
    }

    /// The server's URL.
    pub(super) fn address(&self) -> &str {
        self.address.trim()
    }

    /// The OpenAPI document.
    pub(super) fn document(&self) -> Result<Vec<u8>> {
        let host = self.address().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).context("cannot connect to the server")?;
        write!(stream, "GET /openapi.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).context("the server does not respond")?;
        let head = response
            .windows(4)
            .position(|end| end == b"\r\n\r\n")
            .context("the response has no end of its head")?;
        Ok(response.split_off(head + 4))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
