//! [`MockUpstream`]: an app that answers as it is told.

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

use super::failures::{Failures, demand};
use super::fill::UPSTREAM;

/// An upstream over real HTTP, on a free port of `127.0.0.1`, which answers the calls that it is told to expect.
///
/// A call that it does not expect is answered with 501 and fails the test, and so does one that does not come: when
/// [`verify`](Self::verify) is called, or at the latest when the mock upstream is dropped. It runs on a thread of its
/// own, so that blocking clients may call it as well as async ones.
///
/// ```
/// use connector::testing::{Exchange, MockUpstream};
/// use serde_json::json;
///
/// let upstream = MockUpstream::expecting([
///     Exchange::get("/users?page=1").answers(json!({ "users": ["ada"], "next": "{{upstream}}/users?page=2" })),
///     Exchange::get("/users?page=2").answers(json!({ "users": [] })),
/// ]);
/// // … ask the connector, with `upstream.url()` in its settings …
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
    /// One that expects these calls, in whatever order they come. If several fit, the first that has not come yet is
    /// taken: so a call may fail at first and then succeed.
    ///
    /// # Panics
    /// If no server can be started.
    #[track_caller]
    #[must_use]
    pub fn expecting(exchanges: impl IntoIterator<Item = Exchange>) -> Self {
        Self::start(exchanges, false)
    }

    /// One that expects these calls in this order.
    ///
    /// # Panics
    /// If no server can be started.
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
            Err(error) => panic!("the mock upstream cannot be started: {error}"),
        };
        let upstream = Self { book, address, verified: false, _running: running };
        exchanges.into_iter().for_each(|exchange| upstream.expect(exchange));
        upstream
    }

    /// Its base URL, without a slash at the end: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Expects one more call.
    pub fn expect(&self, mut exchange: Exchange) {
        let url = self.url();
        exchange.fill(&|text| text.replace(UPSTREAM, &url));
        self.book.expect(exchange);
    }

    /// The calls that have come so far, the unexpected ones included.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.book.received()
    }

    /// How many calls were in flight at once at most: from the head of the request to the end of the answer. A
    /// connector that has a limit of four calls at a time shows four here, if the replies are
    /// [`delayed`](Reply::delayed) for long enough to overlap, and never five.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        self.book.most_in_flight()
    }

    /// [`verify`](Self::verify) as a result.
    ///
    /// # Errors
    /// If calls came that were not expected, or calls that were expected did not come.
    pub fn try_verify(mut self) -> Result<(), Failures> {
        self.verified = true;
        self.check().into_result()
    }

    /// Ends the mock upstream.
    ///
    /// # Panics
    /// If calls came that were not expected, or calls that were expected did not come.
    #[track_caller]
    pub fn verify(self) {
        demand(self.try_verify());
    }

    fn check(&self) -> Failures {
        self.book.check().titled("the mock upstream was called in other ways than expected")
    }
}

impl Drop for MockUpstream {
    fn drop(&mut self) {
        if !self.verified && !std::thread::panicking() {
            demand(self.check().into_result());
        }
    }
}
