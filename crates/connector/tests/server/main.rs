//! The HTTP server, over real connections.

#![cfg(feature = "server")]

mod calls;
mod docs;
mod document;
mod ids;
mod limits;
mod metrics;
mod odd;
mod security;
mod several;
mod shutdown;
mod support;
