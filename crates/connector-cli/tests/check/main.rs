//! `connector check`, run on the mock connector as a program and as a server, on scripts that act as faulty connectors,
//! and on a connector written with a published Python release.

#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]

mod mock;
mod proxy;
#[cfg(unix)]
mod python;
#[cfg(unix)]
mod scripts;
mod support;
// On other systems the operating system verifies certificates and ignores SSL_CERT_FILE.
#[cfg(all(unix, not(target_vendor = "apple")))]
mod tls;
mod usage;
