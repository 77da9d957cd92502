//! HTTP/1.1 on raw sockets, for clients that no HTTP library would implement.

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::Response;

/// The smallest receive buffer. Data that its client doesn't read stays with the server.
const SMALL_BUFFER: u32 = 4096;

/// The head of a request with `Connection: close`. `more` contains more header lines, each with its line break.
pub(crate) fn head(path: &str, length: usize, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{more}\r\n"
    )
}

/// Connects with a small receive buffer.
pub(crate) async fn connect_narrow(address: &str) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(SMALL_BUFFER)?;
    Ok(socket.connect(address.parse()?).await?)
}

/// Reads the response until the connection ends.
pub(crate) async fn read_response(stream: &mut TcpStream) -> Result<Response> {
    let mut text = String::new();
    if stream.read_to_string(&mut text).await? == 0 {
        // Treat it like a reset, which can happen when the server is stopped.
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)).context("no response");
    }
    let (_, body) = text.split_once("\r\n\r\n").context("no response")?;
    let status = status(text.as_bytes()).context("no status")?;
    Ok(Response { status, body: serde_json::from_str(body).context("not JSON")? })
}

/// Sends a whole request and returns the status of the response. The server may respond and close the connection before
/// it has read everything.
pub(crate) async fn status_of(address: &str, head: &str, body: &[u8]) -> Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let (mut reader, mut writer) = stream.split();
    let send = async {
        writer.write_all(head.as_bytes()).await?;
        writer.write_all(body).await
    };
    let mut received = Vec::new();
    let (_, read) = tokio::join!(send, reader.read_to_end(&mut received));
    // If the connection is reset after the response, the response has still arrived.
    status(&received).map_or_else(|| read.map_err(Into::into).and(Err(anyhow::anyhow!("no response"))), Ok)
}

fn status(response: &[u8]) -> Option<u16> {
    std::str::from_utf8(response.get(9..12)?).ok()?.parse().ok()
}
