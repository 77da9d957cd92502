//! Accounts, groups and sudo rights of a Unix machine, read from its files and changed by its own tools.
//!
//! | noun | where |
//! |---|---|
//! | the directory below which every file lies | [`root`] |
//! | what a file gave, and what it did not | [`reading`] |
//! | `passwd`, `shadow`, `group`, `gshadow`, `login.defs` | [`files`] |
//! | `sudoers` and what it includes | [`sudoers`] |
//! | `wtmp`, `lastlog` | [`activity`] |
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
