//! Clients that no HTTP library would implement: slow ones, stalled ones, and ones that disconnect.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HALF_BODY, UNANSWERED, Worker, pause, request};
use crate::socket::{head, read_response};

/// The server closes connections with an incomplete head before this; see its `HEAD`.
const STALL: Duration = Duration::from_secs(60);

/// Sends a valid request in small pieces, and must get a normal response.
pub(super) async fn slow(worker: Worker) -> Result<()> {
    let body = request("{}", r#","page":{"size":3}"#);
    let text = head("/list_accounts", body.len(), "") + &body;
    while worker.continues() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.set_nodelay(true)?;
        for piece in text.as_bytes().chunks(text.len() / 12) {
            stream.write_all(piece).await?;
            pause(50).await;
        }
        let response = read_response(&mut stream).await?;
        let body = worker.expect("list_accounts", response, 200)?;
        let accounts = body["response"]["accounts"].as_array().map(Vec::len);
        ensure!(accounts == Some(3), "a slow client gets {accounts:?} accounts");
    }
    Ok(())
}

/// Sends an incomplete head and waits. The server must close the connection.
pub(super) async fn stalled_head(worker: Worker) -> Result<()> {
    while worker.continues() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.write_all(b"POST /list_accounts HTTP/1.1\r\nHost: local").await?;
        let mut rest = Vec::new();
        tokio::select! {
            () = worker.stopped() => break,
            closed = tokio::time::timeout(STALL, stream.read_to_end(&mut rest)) => {
                // The connection may be closed or reset, with or without a response.
                let _ = closed.context("the server keeps a connection with an incomplete head")?;
            }
        }
    }
    Ok(())
}

/// Sends an incomplete body and waits. The server must respond with a timeout.
pub(super) async fn stalled_body(worker: Worker) -> Result<()> {
    while worker.continues() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.write_all((head(&format!("/{HALF_BODY}"), 100, "") + "{").as_bytes()).await?;
        let response = tokio::time::timeout(STALL, read_response(&mut stream));
        let response = response.await.context("the server keeps a connection with an incomplete body")??;
        worker.expect(HALF_BODY, response, 408)?;
    }
    Ok(())
}

/// Disconnects in the middle of its request, or before the response.
pub(super) async fn disconnecting(worker: Worker) -> Result<()> {
    let body = request(r#"{"account_ids":["1"]}"#, r#","settings":{"delay_ms":200}"#);
    let text = head(&format!("/{UNANSWERED}"), body.len(), "") + &body;
    while worker.continues() {
        for length in [text.len() - body.len() / 2, text.len()] {
            let mut stream = TcpStream::connect(&worker.address).await?;
            stream.write_all(&text.as_bytes()[..length]).await?;
            pause(20).await;
            drop(stream);
        }
    }
    Ok(())
}
