//! Accounts, groups and sudo rights of a Unix machine, read from its files and changed by its own tools.
//!
//! The connector:
//!
//! | what | where |
//! |---|---|
//! | the connector as a whole | [`integration()`] |
//! | which machine, and what of it | [`Settings`] |
//! | which machines may be changed | [`WritableRoots`] |
//! | the handlers, a family each | `capabilities` |
//! | pages of a listing that may change between them | `pagination` |
//! | what an answer says of gaps and failures | `partial`, `error` |
//!
//! The machine, which knows nothing of connectors:
//!
//! | noun | where |
//! |---|---|
//! | the directory below which every file lies | [`root`] |
//! | what a file gave, and what it did not | [`reading`] |
//! | `passwd`, `shadow`, `group`, `gshadow`, `login.defs` | [`files`] |
//! | `sudoers` and what it includes | [`sudoers`] |
//! | `wtmp`, `lastlog` and their successors | [`activity`] |
//! | the listings that a connector answers with | [`machine`] |
//! | the changes that a connector makes | [`mod@write`] |
//!
//! Nothing here is cached: each call reads the files as they are. All calls block.

pub mod activity;
pub mod day;
pub mod files;
pub mod machine;
pub mod reading;
pub mod root;
pub mod sudoers;
pub mod write;

mod capabilities;
mod error;
mod integration;
mod pagination;
mod partial;
mod settings;
mod writable;

pub use integration::{integration, integration_with};
pub use settings::Settings;
pub use writable::WritableRoots;

/// What every handler gets.
type Request<P> = connector::Request<P, Settings>;
