//! The files of the account database, one module per file.
//!
//! Lines are bytes: names must be UTF-8, and other invalid text gets replacement characters. Blank lines and comments are
//! ignored, as in the C library. A line counts as malformed if it can't be parsed, repeats a name (the first one counts,
//! as in every lookup) or belongs to NIS (`+…`, `-…`). Malformed lines are skipped and counted.

pub mod group;
pub mod gshadow;
pub mod login_defs;
pub mod nsswitch;
pub mod passwd;
mod password;
pub mod shadow;
mod table;

pub use password::{Password, PasswordValue};
