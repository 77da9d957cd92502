//! What a connector's tests use: a mock upstream, tables of cases, and what goes with them.
//!
//! Behind the feature `testing`, which belongs into the dev-dependencies:
//! `lumos-connector = { version = "…", features = ["testing"] }`. The functions here panic where a test has to fail,
//! with what was expected and what came, and without secrets; what begins with `try_` says the same as a result.
//!
//! - [`Cases`]: requests, what the upstream gets and answers for them, and what is answered in turn; in Rust or in JSON
//!   files. [`assert_every_capability_has_a_case`] keeps them complete.
//! - [`MockUpstream`]: an upstream over real HTTP that fails on calls that it does not expect, and on those that do not
//!   come.
//! - [`Caller`]: asks an integration as a door does, and walks through the pages of its listings.
//! - [`Canary`]: a secret that is recognised wherever it comes out.
//! - `contract!`, behind the feature `contract`: checks of what every connector has to keep, in one line.
//! - [`snapshot`]: answers that are kept in files. [`Fake`]: people and groups, made up and the same each time.
//!
//! The guide has a page on testing with the whole of a connector's tests.

mod caller;
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
mod snapshot;
mod upstream;

#[cfg(feature = "contract")]
#[doc(inline)]
pub use crate::__contract as contract;
pub use caller::{Caller, Pages};
pub use canary::Canary;
pub use case::Case;
pub use cases::{Cases, assert_every_capability_has_a_case};
pub use envelope::{CallError, CapabilityName};
pub use failures::Failures;
pub use fake::Fake;
pub use snapshot::snapshot;
pub use upstream::{Exchange, MockUpstream, Received, Reply};
