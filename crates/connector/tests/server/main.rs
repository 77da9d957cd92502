//! The HTTP server, over real connections.

#![cfg(feature = "server")]

mod bad_input;
mod calls;
mod cancellation;
mod compression;
mod connections;
mod cors;
mod docs;
mod document;
mod heads;
mod host;
#[cfg(feature = "http2")]
mod http2;
mod ids;
mod limits;
mod load;
mod metrics;
mod odd;
mod paths;
#[cfg(unix)]
mod proxies;
mod resources;
mod security;
mod several;
mod shutdown;
mod support;
