//! The files of the account database, one a module.
//!
//! Lines are bytes: names must be UTF-8, everything else is taken with replacement characters. Blank lines
//! and comments are passed over as the C library does; a line that makes no sense, repeats a name (the first
//! one wins, as in every look-up) or belongs to NIS (`+…`, `-…`) is odd, skipped and counted.

pub mod group;
pub mod gshadow;
pub mod login_defs;
pub mod nsswitch;
pub mod passwd;
mod password;
pub mod shadow;
mod table;

pub use password::{Behind, Password};
