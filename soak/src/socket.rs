//! HTTP/1.1 by hand, for clients that no HTTP library would be.

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::Answer;

/// The smallest receive buffer: what a client with it does not read stays with the server.
const SMALL_BUFFER: u32 = 4096;

/// The head of a request whose connection ends with the answer. `more` is further lines, each with its line break.
pub(crate) fn head(path: &str, length: usize, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{more}\r\n"
    )
}

/// Connects with a receive buffer of a few kilobytes.
pub(crate) async fn connect_narrow(address: &str) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(SMALL_BUFFER)?;
    Ok(socket.connect(address.parse()?).await?)
}

/// Reads the answer up to the end of the connection.
pub(crate) async fn answer(stream: &mut TcpStream) -> Result<Answer> {
    let mut text = String::new();
    if stream.read_to_string(&mut text).await? == 0 {
        // Like a reset, as it may come when the server is told to stop.
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)).context("no answer");
    }
    let (_, body) = text.split_once("\r\n\r\n").context("no answer")?;
    let status = status(text.as_bytes()).context("no status")?;
    Ok(Answer { status, body: serde_json::from_str(body).context("no JSON")? })
}

/// Sends a whole request and returns the status of its answer. The server may answer and close before it has read
/// everything.
pub(crate) async fn status_of(address: &str, head: &str, body: &[u8]) -> Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let (mut reader, mut writer) = stream.split();
    let send = async {
        writer.write_all(head.as_bytes()).await?;
        writer.write_all(body).await
    };
    let mut received = Vec::new();
    let (_, read) = tokio::join!(send, reader.read_to_end(&mut received));
    // A connection that is reset after the answer has still delivered it.
    status(&received).map_or_else(|| read.map_err(Into::into).and(Err(anyhow::anyhow!("no answer"))), Ok)
}

fn status(answer: &[u8]) -> Option<u16> {
    std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()
}
