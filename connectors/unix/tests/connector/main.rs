//! Calls of the connector, about machines that consist of a few files. Needs no special rights.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]

mod activity;
mod administrators;
mod associations;
mod cancellation;
mod cases;
mod contract;
mod directory;
mod image;
mod info;
mod limits;
mod linked;
mod listing;
mod locking;
mod openapi;
mod paging;
mod partial;
mod protection;
mod readers;
mod secrets;
mod settings;
mod support;
mod writes;
