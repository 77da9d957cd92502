//! What the tests of several packages share: programs of the workspace, connectors that serve as processes, and HTTP as
//! it goes over the wire.
//!
//! It depends on no other package here, so that the tests of all of them can use it. Everything panics on failure.

#![expect(clippy::must_use_candidate, reason = "some tests ask only for what a server logs of it")]

mod programs;
mod reply;
mod serving;

pub use programs::program;
pub use reply::{Reply, ask};
pub use serving::{Serving, answer};
