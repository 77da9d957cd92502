//! Helpers that the tests of several packages share: the workspace's programs, connectors that serve in their own
//! process, and HTTP as it is sent over the wire.
//!
//! It depends on no other package of the workspace, which is why all of them can use it. Everything panics on failure.

#![expect(clippy::must_use_candidate, reason = "some tests send a request only to see what the server logs")]

mod programs;
mod reply;
mod serving;

pub use programs::program;
pub use reply::{Reply, ask};
pub use serving::{Serving, response};
