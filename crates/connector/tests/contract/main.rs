//! The contract: that a connector which keeps it passes every check, and that each check fails one which does not.

#![cfg(feature = "contract")]
#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]
#![expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]

mod fixtures;
mod hub;
mod reports;
mod tampered;
mod violations;

// One line, as an author writes it.
connector::testing::contract!(hub::integration(), hub::fixture());
