//! A server to benchmark, run as a process.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Time limit for starting a server. On a busy machine, a Python server needs seconds for its imports.
const START_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct Server {
    child: Child,
    /// `127.0.0.1:8000`
    pub(super) address: String,
}

impl Server {
    /// Starts a server that chooses a free port and prints `http://…` on its first line.
    pub(super) fn on_any_port(mut command: Command) -> Result<Self> {
        let path = log_file(&command);
        let child = command.stderr(File::create(&path)?).spawn()?;
        let mut server = Self { child, address: String::new() };
        let start = Instant::now();
        loop {
            let log = std::fs::read_to_string(&path)?;
            if let Some((line, _)) = log.split_once('\n') {
                line.strip_prefix("http://")
                    .context("the server did not start")?
                    .clone_into(&mut server.address);
                return Ok(server);
            }
            ensure!(start.elapsed() < START_TIMEOUT, "the server did not start, see {}", path.display());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts a server on the port given with `-p`, and waits until it listens.
    pub(super) fn on_given_port(mut command: Command) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let path = log_file(&command);
        let log = File::create(&path)?;
        command.args(["-p", &address.port().to_string()]).stdout(log.try_clone()?).stderr(log);
        let mut server = Self { child: command.spawn()?, address: address.to_string() };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server did not start ({status}), see {}", path.display());
            }
            ensure!(start.elapsed() < START_TIMEOUT, "the server is not listening, see {}", path.display());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// The body of the response to a request for a list of accounts.
    pub(super) fn response_body(&self, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        let (address, length) = (&self.address, body.len());
        // HTTP/1.0, so that servers don't send chunked responses.
        let head = format!("POST /list_accounts HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}");
        write!(stream, "{head}\r\nContent-Type: application/json\r\n\r\n{body}")?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let (head, body) = reply.split_once("\r\n\r\n").context("no response")?;
        ensure!(head.split(' ').nth(1) == Some("200"), "{head}\n{body}");
        Ok(body.to_owned())
    }

    pub(super) fn json(&self, body: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.response_body(body)?)?)
    }

    pub(super) fn peak_kib(&self) -> Result<u64> {
        crate::memory::peak_kib(&self.child.id().to_string())
    }
}

/// The access log goes to a file, as in production.
fn log_file(command: &Command) -> PathBuf {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().display();
    std::env::temp_dir().join(format!("bench-{program}.log"))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
