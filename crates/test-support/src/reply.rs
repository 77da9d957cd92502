//! A request and its response.

use std::io::{ErrorKind, Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends a request to `address`. Returns the connection, to read the response from until it ends.
///
/// `head` has no `Content-Length`, no `Connection` and no final empty line. If it has no `Host`, the address is used.
#[must_use]
pub fn ask(address: &str, head: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout");
    let host = if head.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
    let head = format!("{head}\r\n{host}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // A short body is sent together with the head: the server in some tests doesn't wait for it.
    let request = [head.as_bytes(), body].concat();
    let (begin, rest) = request.split_at(request.len().min(head.len() + 4096));
    stream.write_all(begin).expect("the head is sent");
    // The server may reject a body before it has read it.
    let _ = stream.write_all(rest);
    stream
}

/// A response as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// 0 if the connection ended without a response.
    pub status: u16,
    /// In lower case.
    pub head: String,
    /// The body, without chunked framing.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub body: String,
}

impl Reply {
    /// Reads until the connection ends, which may be in the middle of a response.
    ///
    /// Panics if the connection neither ends nor sends anything until its read timeout.
    pub fn read(mut stream: impl Read) -> Self {
        let mut bytes = Vec::new();
        if let Err(error) = stream.read_to_end(&mut bytes)
            && matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
        {
            panic!("the connection is still open after {:?}", String::from_utf8_lossy(&bytes));
        }
        Self::parse(&bytes)
    }

    /// Parses a response, chunked or not.
    #[must_use]
    pub fn parse(response: &[u8]) -> Self {
        let end = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(response.len());
        let head = String::from_utf8_lossy(&response[..end]).to_ascii_lowercase();
        let mut bytes = response.get(end + 4..).unwrap_or_default().to_vec();
        if head.contains("transfer-encoding: chunked") {
            bytes = dechunk(&bytes);
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

    /// The code of the error in the body, or an empty string.
    #[must_use]
    pub fn error_code(&self) -> String {
        self.json()["error"]["error_code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Joins the chunks of a body.
fn dechunk(mut chunked: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = chunked.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&chunked[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        whole.extend(&chunked[end + 2..end + 2 + size]);
        chunked = &chunked[end + 4 + size..];
    }
    whole
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Sends some bytes, and then ends with an error.
    struct Connection(&'static [u8], ErrorKind);

    impl Read for Connection {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(self.1.into()),
                length => Ok(length),
            }
        }
    }

    #[test]
    fn a_connection_may_end_in_the_middle_of_a_response() {
        let reply = Reply::read(Connection(b"HTTP/1.1 200 OK\r\n\r\nha", ErrorKind::ConnectionReset));
        assert_eq!((reply.status, reply.body.as_str()), (200, "ha"));
    }

    #[test]
    #[should_panic(expected = "the connection is still open after \"HTTP/1.1\"")]
    fn a_read_timeout_is_not_the_end_of_a_response() {
        let _ = Reply::read(Connection(b"HTTP/1.1", ErrorKind::WouldBlock));
    }
}
