//! `connector check`: on the mock connector, as a program and as a server; on scripts that stand in for broken
//! connectors; and on one that is written with a published Python release.

#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]

mod mock;
mod proxy;
#[cfg(unix)]
mod python;
#[cfg(unix)]
mod scripts;
mod support;
// Elsewhere the system itself verifies, and reads no SSL_CERT_FILE.
#[cfg(all(unix, not(target_vendor = "apple")))]
mod tls;
mod usage;
