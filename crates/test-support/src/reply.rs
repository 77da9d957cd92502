//! A request and its answer.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends `head` (without length, `Connection` and the last empty line) and `body` to `address`. The answer can be read up
/// to the end of the connection. The address is the `Host` of a head that names none.
#[must_use]
pub fn ask(address: &str, head: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let host = if head.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
    let head = format!("{head}\r\n{host}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // A short body goes with the head: the server of some tests does not wait for it.
    let request = [head.as_bytes(), body].concat();
    let (begin, rest) = request.split_at(request.len().min(head.len() + 4096));
    stream.write_all(begin).expect("the head is sent");
    // The server may refuse a body before it has read it.
    let _ = stream.write_all(rest);
    stream
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// 0 if nothing came.
    pub status: u16,
    /// In lower case.
    pub head: String,
    /// The body, without the frame of chunks.
    pub bytes: Vec<u8>,
    /// The bytes as text.
    pub body: String,
}

impl Reply {
    /// Reads to the end of a connection, which may be in the middle of an answer.
    pub fn read(mut stream: impl Read) -> Self {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Self::parse(&bytes)
    }

    /// Reads an answer of known or unknown length, without the frame of the latter.
    #[must_use]
    pub fn parse(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let mut bytes = answer.get(end + 4..).unwrap_or_default().to_vec();
        if head.contains("transfer-encoding: chunked") {
            bytes = joined(&bytes);
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Self { status, head, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// The value of a header, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The body as a JSON document.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the error in the body, or an empty text.
    #[must_use]
    pub fn error_code(&self) -> String {
        self.json()["error"]["error_code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The chunks of a body as one.
fn joined(mut chunked: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = chunked.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&chunked[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        whole.extend(&chunked[end + 2..end + 2 + size]);
        chunked = &chunked[end + 4 + size..];
    }
    whole
}
