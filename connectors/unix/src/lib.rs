//! Reads the accounts, groups and sudo rights of a Unix machine from its files, and changes them with its own tools.
//!
//! The connector:
//!
//! | what | where |
//! |---|---|
//! | the connector as a whole | [`integration()`] |
//! | which machine to use, and what to list | [`Settings`] |
//! | which machines may be changed | [`WritableRoots`] |
//! | the handlers, one module per family | `capabilities` |
//! | pages of a listing whose files may change in between | `pagination` |
//! | how responses report gaps and failures | `partial`, `error` |
//!
//! The machine, independent of connectors:
//!
//! | noun | where |
//! |---|---|
//! | the directory that contains all files | [`root`] |
//! | what was read from a file, and what could not be | [`reading`] |
//! | `passwd`, `shadow`, `group`, `gshadow`, `login.defs` | [`files`] |
//! | `sudoers` and what it includes | [`sudoers`] |
//! | `wtmp`, `lastlog` and their successors | [`activity`] |
//! | the listings that a connector returns | [`machine`] |
//! | the changes that a connector makes | [`mod@write`] |
//!
//! Nothing is cached: each call reads the files again. All calls block.

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

/// The request that every handler receives.
type Request<P> = connector::Request<P, Settings>;
