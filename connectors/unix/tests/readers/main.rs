//! What is read from the files of a machine. Needs no rights.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod image;
mod listing;
mod properties;
mod sudo;
