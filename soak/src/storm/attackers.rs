//! Hostile clients. Each one runs until it is aborted.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::{Request, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::bodies::{Bodies, Body};
use crate::load::pause;
use crate::socket::{connect_narrow, head, status_of};

/// The behavior of an attacker.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attack {
    Credentials,
    Keys,
    Nested,
    Strings,
    Bombs,
    Slow,
    /// Sends a body except for its last byte.
    HalfBody,
    HalfHead,
    /// Connects and sends nothing.
    Silent,
    /// Requests a large listing and reads nothing of the response.
    Unread,
    /// Requests this many large listings on one HTTP/2 connection, with a flow-control window of 0.
    UnreadHttp2(usize),
    /// Requests a large listing and reads it a few bytes at a time.
    Drip,
    /// Opens an HTTP/2 connection and leaves it idle.
    IdleHttp2,
}

/// The environment of an attacker.
#[derive(Clone, Debug)]
pub(super) struct Attacker {
    pub(super) address: String,
    pub(super) bodies: Arc<Bodies>,
    pub(super) body_limit: usize,
    pub(super) responses: Arc<Responses>,
}

/// Number of responses by status. Requests without a response count as 0.
#[derive(Debug, Default)]
pub(super) struct Responses(Mutex<BTreeMap<u16, u64>>);

impl Responses {
    fn add(&self, status: u16) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(status).or_default() += 1;
    }
}

impl fmt::Display for Responses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts: Vec<String> = counts.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        f.write_str(&counts.join(", "))
    }
}

impl Attacker {
    pub(super) async fn run(self, attack: Attack) {
        loop {
            // Attackers ignore errors and start again.
            let _ = self.once(attack).await;
            pause(10).await;
        }
    }

    async fn once(&self, attack: Attack) -> Result<()> {
        let bodies = &self.bodies;
        match attack {
            Attack::Credentials => self.send_each(&bodies.credentials).await,
            Attack::Keys => self.send_each(&bodies.keys).await,
            Attack::Nested => self.send_each(&bodies.nested).await,
            Attack::Strings => self.send_each(&bodies.strings).await,
            Attack::Bombs => self.send_each(&bodies.bombs).await,
            Attack::Slow => self.send_each(&bodies.slow).await,
            Attack::HalfBody => {
                let head = head("/list_entitlements", self.body_limit, "");
                self.send_and_wait(&head, &vec![b' '; self.body_limit - 1]).await?;
            }
            Attack::HalfHead => {
                let half =
                    format!("POST /list_accounts HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(4000));
                self.send_and_wait(&half, &[]).await?;
            }
            Attack::Silent => self.send_and_wait("", &[]).await?,
            Attack::Unread => {
                let _stream = self.listing().await?;
                pending::<()>().await;
            }
            Attack::UnreadHttp2(streams) => self.unread_http2(streams).await?,
            Attack::Drip => {
                let mut stream = self.listing().await?;
                let mut few = [0; 64];
                while stream.read(&mut few).await? > 0 {
                    pause(100).await;
                }
            }
            Attack::IdleHttp2 => {
                let _connection = self.connect_http2().await?;
                pending::<()>().await;
            }
        }
        Ok(())
    }

    async fn send_each(&self, bodies: &[Body]) {
        for body in bodies {
            let head = head(body.path, body.bytes.len(), body.head);
            let status = status_of(&self.address, &head, &body.bytes).await.unwrap_or(0);
            self.responses.add(status);
        }
    }

    /// Sends bytes, and waits until the server closes the connection.
    async fn send_and_wait(&self, head: &str, body: &[u8]) -> Result<()> {
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        stream.read_to_end(&mut Vec::new()).await?;
        Ok(())
    }

    async fn listing(&self) -> Result<TcpStream> {
        let listing = &self.bodies.listing;
        let mut stream = connect_narrow(&self.address).await?;
        stream.write_all(head(listing.path, listing.bytes.len(), listing.head).as_bytes()).await?;
        stream.write_all(&listing.bytes).await?;
        Ok(stream)
    }

    async fn unread_http2(&self, streams: usize) -> Result<()> {
        let listing = &self.bodies.listing;
        let mut connection = self.connect_http2().await?;
        let mut responses = Vec::new();
        for _ in 0..streams {
            let request = Request::post(format!("http://{}{}", self.address, listing.path))
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(Bytes::from(listing.bytes.clone())))?;
            connection.ready().await?;
            responses.push(connection.send_request(request));
        }
        let mut unread = Vec::new();
        for response in responses {
            let response = response.await?;
            self.responses.add(response.status().as_u16());
            unread.push(response);
        }
        pending().await
    }

    async fn connect_http2(&self) -> Result<http2::SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(&self.address).await?;
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.initial_stream_window_size(0);
        let (sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }
}

/// Longer than the server needs to disconnect a client that doesn't read; see `--timeout` and its limit of 30 s.
pub(super) const STALL: Duration = Duration::from_secs(32);
