//! [`Server`]: a connector as an HTTP server.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use connector::testing::contract::{Came, Transport};
use ureq::http::Response;
use ureq::{Agent, Body};

/// The most bytes of an answer that are read.
const MOST: u64 = 1 << 30;

/// A connector as an HTTP server: `POST <base>/list-accounts`, `GET <base>/info`.
pub(super) struct Server {
    base: String,
    agent: Agent,
    timeout: Duration,
}

impl Server {
    pub(super) fn new(base: &str, timeout: Duration) -> Self {
        let config = Agent::config_builder()
            // A status says less than the answer, which is there in any case.
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .build();
        Self { base: base.trim_end_matches('/').to_owned(), agent: config.into(), timeout }
    }

    fn late(&self) -> Came {
        Came::default().ended(format!("no answer within {:?}", self.timeout))
    }
}

impl Transport for Server {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
        let url = format!("{}/{capability}", self.base);
        let sent = if request.is_empty() {
            self.agent.get(&url).call()
        } else {
            self.agent.post(&url).header("Content-Type", "application/json").send(request)
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(ureq::Error::Timeout(_)) => return Ok(self.late()),
            // It is there, and breaks down.
            Err(ureq::Error::Protocol(_)) => return Ok(Came::default().ended("what is no HTTP")),
            Err(ureq::Error::Io(error))
                if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) =>
            {
                return Ok(Came::default().ended("the connection broke off"));
            }
            Err(error) => return Err(io::Error::other(format!("{url} cannot be reached: {error}"))),
        };
        let status = response.status();
        let headers = headers(&response);
        let body = match response.body_mut().with_config().limit(MOST).read_to_vec() {
            Ok(body) => body,
            Err(ureq::Error::Timeout(_)) => return Ok(self.late()),
            Err(_) => return Ok(Came::default().besides(headers).ended("an answer that breaks off")),
        };
        let came = Came::new(body).besides(headers);
        Ok(if status.is_success() { came } else { came.ended(format!("HTTP status {}", status.as_u16())) })
    }
}

fn headers(response: &Response<Body>) -> String {
    let mut headers = String::new();
    for (name, value) in response.headers() {
        // Writing to a string cannot fail.
        let _ = writeln!(headers, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    headers
}
