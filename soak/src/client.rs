//! An HTTP client with one connection, which is kept as long as the server keeps it.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::{http1, http2};
use hyper::{Request, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::net::TcpStream;

/// Time limit for a response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The HTTP version, without TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    Http1,
    /// With prior knowledge (RFC 9113, 3.3).
    Http2,
}

pub(crate) struct Client {
    address: String,
    protocol: Protocol,
    connection: Option<Connection>,
}

enum Connection {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(address: &str, protocol: Protocol) -> Self {
        Self { address: address.to_owned(), protocol, connection: None }
    }

    /// Sends a JSON document.
    pub(crate) async fn post(&mut self, path: &str, body: String) -> Result<Response> {
        self.send("POST", path, "application/json", body).await
    }

    /// Sends a request. Opens a new connection if there is none or it was closed.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: String,
    ) -> Result<Response> {
        let (status, bytes) = self.exchange(method, path, kind, body).await?;
        let body = serde_json::from_slice(&bytes).with_context(|| format!("{status}, not JSON"))?;
        Ok(Response { status, body })
    }

    /// Returns the text at `path`.
    pub(crate) async fn get(&mut self, path: &str) -> Result<String> {
        let (status, bytes) = self.exchange("GET", path, "text/plain", String::new()).await?;
        ensure!(status == 200, "{path}: {status}");
        Ok(String::from_utf8(bytes.into())?)
    }

    async fn exchange(&mut self, method: &str, path: &str, kind: &str, body: String) -> Result<(u16, Bytes)> {
        let exchange = self.exchange_without_timeout(method, path, kind, body);
        tokio::time::timeout(TIMEOUT, exchange).await.context("no response within 30 s")?
    }

    async fn exchange_without_timeout(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: String,
    ) -> Result<(u16, Bytes)> {
        // HTTP/2 has the authority in its URI, HTTP/1 in the header Host.
        let uri = match self.protocol {
            Protocol::Http1 => path.to_owned(),
            Protocol::Http2 => format!("http://{}{path}", self.address),
        };
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header(header::HOST, &self.address)
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(Bytes::from(body)))?;
        self.connect().await?;
        let response = match self.connection.as_mut().context("a connection")? {
            Connection::Http1(sender) => sender.send_request(request).await?,
            Connection::Http2(sender) => sender.send_request(request).await?,
        };
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.context("the body is incomplete")?.to_bytes();
        Ok((status, bytes))
    }

    async fn connect(&mut self) -> Result<()> {
        let is_open = match &mut self.connection {
            None => false,
            Some(Connection::Http1(sender)) => sender.ready().await.is_ok(),
            Some(Connection::Http2(sender)) => sender.ready().await.is_ok(),
        };
        if is_open {
            return Ok(());
        }
        let stream = TcpStream::connect(&self.address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let io = TokioIo::new(stream);
        self.connection = Some(match self.protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(io).await?;
                tokio::spawn(connection);
                Connection::Http1(sender)
            }
            Protocol::Http2 => {
                let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
                tokio::spawn(connection);
                Connection::Http2(sender)
            }
        });
        Ok(())
    }
}
