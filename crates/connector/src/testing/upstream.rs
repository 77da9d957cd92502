//! [`MockUpstream`]: an app with prepared replies.

mod book;
mod exchange;
mod file;
mod pairs;
mod received;
mod reply;
mod scheme;
mod serve;
mod stream;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

pub(super) use book::Book;
pub use exchange::Exchange;
pub use received::Received;
pub use reply::Reply;
use serve::Running;

use super::failures::{Failures, unwrap_or_panic};
use super::fill::UPSTREAM;

/// An upstream over real HTTP, on a free port of `127.0.0.1`, with replies for the calls that it expects.
///
/// An unexpected call gets a 501 and fails the test, and so does an expected call that doesn't arrive. The test fails when
/// you call [`verify`](Self::verify), or when the mock upstream is dropped. It runs in its own thread, so both blocking
/// and async clients can call it.
///
/// ```
/// use connector::testing::{Exchange, MockUpstream};
/// use serde_json::json;
///
/// let upstream = MockUpstream::expecting([
///     Exchange::get("/users?page=1").answers(json!({ "users": ["ada"], "next": "{{upstream}}/users?page=2" })),
///     Exchange::get("/users?page=2").answers(json!({ "users": [] })),
/// ]);
/// // … call the connector, with `upstream.url()` in its settings …
/// # use std::io::{Read, Write};
/// # for page in [1, 2] {
/// #     let address = upstream.url().trim_start_matches("http://").to_owned();
/// #     let mut stream = std::net::TcpStream::connect(&address)?;
/// #     write!(stream, "GET /users?page={page} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
/// #     let mut answer = String::new();
/// #     stream.read_to_string(&mut answer)?;
/// #     assert!(answer.contains("users") && !answer.contains("{{"), "{answer}");
/// # }
/// upstream.verify();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MockUpstream {
    book: Arc<Book>,
    address: SocketAddr,
    verified: bool,
    _running: Running,
}

impl MockUpstream {
    /// Expects these calls in any order. If several match a call, the first one that hasn't arrived yet is used. That way,
    /// a call can fail first and then succeed.
    ///
    /// # Panics
    /// If the server can't be started.
    #[track_caller]
    #[must_use]
    pub fn expecting(exchanges: impl IntoIterator<Item = Exchange>) -> Self {
        Self::start(exchanges, false)
    }

    /// Expects these calls in this order.
    ///
    /// # Panics
    /// If the server can't be started.
    #[track_caller]
    #[must_use]
    pub fn in_order(exchanges: impl IntoIterator<Item = Exchange>) -> Self {
        Self::start(exchanges, true)
    }

    #[track_caller]
    fn start(exchanges: impl IntoIterator<Item = Exchange>, in_order: bool) -> Self {
        let book = Arc::new(Book::new(in_order));
        let started = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| {
            let address = listener.local_addr()?;
            Ok((address, Running::start(listener, Arc::clone(&book))?))
        });
        let (address, running) = match started {
            Ok(started) => started,
            Err(error) => panic!("the mock upstream can't be started: {error}"),
        };
        let upstream = Self { book, address, verified: false, _running: running };
        exchanges.into_iter().for_each(|exchange| upstream.expect(exchange));
        upstream
    }

    /// The base URL, without a trailing slash: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Expects another call.
    pub fn expect(&self, mut exchange: Exchange) {
        let url = self.url();
        exchange.fill(&|text| text.replace(UPSTREAM, &url));
        self.book.expect(exchange);
    }

    /// The calls that have arrived so far, including unexpected ones.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.book.received()
    }

    /// The largest number of calls that were in flight at once. A call is in flight from the head of its request to the
    /// end of its response. To check a connector's limit, [delay](Reply::delayed) the replies long enough to overlap.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        self.book.most_in_flight()
    }

    /// [`verify`](Self::verify) that returns the failures.
    ///
    /// # Errors
    /// If unexpected calls arrived, or expected calls didn't.
    pub fn try_verify(mut self) -> Result<(), Failures> {
        self.verified = true;
        self.check().into_result()
    }

    /// Shuts down the mock upstream and checks its calls.
    ///
    /// # Panics
    /// If unexpected calls arrived, or expected calls didn't.
    #[track_caller]
    pub fn verify(self) {
        unwrap_or_panic(self.try_verify());
    }

    fn check(&self) -> Failures {
        self.book.check().titled("the mock upstream received other calls than expected")
    }
}

impl Drop for MockUpstream {
    fn drop(&mut self) {
        if !self.verified && !std::thread::panicking() {
            unwrap_or_panic(self.check().into_result());
        }
    }
}
