//! Clients that no HTTP library would be: slow ones, stalled ones, and those who go away.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HALF_BODY, UNANSWERED, Worker, pause, request};
use crate::socket::{answer, head};

/// The server lets nobody hold a connection for longer with half a head; see its `HEAD`.
const STALL: Duration = Duration::from_secs(60);

/// Sends a valid request in small pieces, and is answered like anyone.
pub(super) async fn slow(worker: Worker) -> Result<()> {
    let body = request("{}", r#","page":{"size":3}"#);
    let text = head("/list_accounts", body.len(), "") + &body;
    while worker.goes_on() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.set_nodelay(true)?;
        for piece in text.as_bytes().chunks(text.len() / 12) {
            stream.write_all(piece).await?;
            pause(50).await;
        }
        let answer = answer(&mut stream).await?;
        let body = worker.expect("list_accounts", answer, 200)?;
        let accounts = body["response"]["accounts"].as_array().map(Vec::len);
        ensure!(accounts == Some(3), "a slow client gets {accounts:?} accounts");
    }
    Ok(())
}

/// Sends half a head and waits: the server must close the connection.
pub(super) async fn stalled_head(worker: Worker) -> Result<()> {
    while worker.goes_on() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.write_all(b"POST /list_accounts HTTP/1.1\r\nHost: local").await?;
        let mut rest = Vec::new();
        tokio::select! {
            () = worker.stopped() => break,
            closed = tokio::time::timeout(STALL, stream.read_to_end(&mut rest)) => {
                // Closed or reset, with or without a word: the connection is free again.
                let _ = closed.context("a client that sends half a head keeps its connection")?;
            }
        }
    }
    Ok(())
}

/// Sends half a body and waits: the server must answer that it did not arrive.
pub(super) async fn stalled_body(worker: Worker) -> Result<()> {
    while worker.goes_on() {
        let mut stream = TcpStream::connect(&worker.address).await?;
        stream.write_all((head(&format!("/{HALF_BODY}"), 100, "") + "{").as_bytes()).await?;
        let answer = tokio::time::timeout(STALL, answer(&mut stream));
        let answer = answer.await.context("a client that sends half a body keeps its connection")??;
        worker.expect(HALF_BODY, answer, 408)?;
    }
    Ok(())
}

/// Goes away in the middle of its request, or while it is answered.
pub(super) async fn gone(worker: Worker) -> Result<()> {
    let body = request(r#"{"account_ids":["1"]}"#, r#","settings":{"delay_ms":200}"#);
    let text = head(&format!("/{UNANSWERED}"), body.len(), "") + &body;
    while worker.goes_on() {
        for length in [text.len() - body.len() / 2, text.len()] {
            let mut stream = TcpStream::connect(&worker.address).await?;
            stream.write_all(&text.as_bytes()[..length]).await?;
            pause(20).await;
            drop(stream);
        }
    }
    Ok(())
}
