//! The contract: a connector that honors it passes every check, and each check fails a connector that violates it.

#![cfg(feature = "contract")]
#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]
#![expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]

#[cfg(feature = "macros")]
mod by_id;
mod fixtures;
mod hub;
mod listed;
mod openapi;
mod reports;
mod tampered;
mod violations;

// One line, as an author writes it.
connector::testing::contract!(hub::integration(), hub::fixture());
