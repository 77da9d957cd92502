//! The testing kit for connectors: a mock upstream, tables of test cases, and more.
//!
//! It needs the feature `testing`, which belongs in the dev-dependencies:
//! `lumos-connector = { version = "…", features = ["testing"] }`. The functions panic if a test fails, and the message
//! says what was expected and what was found, without secrets. Functions that begin with `try_` return the same message
//! as an error.
//!
//! - [`Cases`]: requests, the calls that the upstream receives for them and its replies, and the expected responses; in
//!   Rust or in JSON files. [`assert_every_capability_has_a_case`] keeps them complete.
//! - [`MockUpstream`]: an upstream over real HTTP. Calls that it doesn't expect fail the test, and so do expected calls
//!   that don't arrive.
//! - [`TestClient`]: calls an integration the way the command line and the server do, and walks through listings.
//! - `paused`, with the feature `paused`: runs a test on a paused clock, so that polling, backoff and timeouts take no
//!   time.
//! - [`Canary`]: a secret that is detected wherever it leaks.
//! - `contract!`, with the feature `contract`: checks the rules that every connector must honor, in one line.
//! - [`snapshot`]: compares responses with files. [`Fake`]: generated people and groups, the same in every run.
//!
//! The guide's page on testing shows all of them.

mod canary;
mod case;
mod cases;
#[cfg(feature = "contract")]
pub mod contract;
mod diff;
mod envelope;
mod failures;
mod fake;
mod fill;
mod mask;
#[cfg(feature = "paused")]
mod paused;
mod snapshot;
mod test_client;
mod upstream;

#[cfg(feature = "contract")]
#[doc(inline)]
pub use crate::__contract as contract;
pub use canary::Canary;
pub use case::Case;
pub use cases::{Cases, assert_every_capability_has_a_case};
pub use envelope::{CallError, CapabilityName};
pub use failures::Failures;
pub use fake::Fake;
#[cfg(feature = "paused")]
pub use paused::paused;
pub use snapshot::snapshot;
pub use test_client::{Pages, TestClient};
pub use upstream::{Exchange, MockUpstream, Received, Reply};
