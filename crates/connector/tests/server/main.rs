//! The HTTP server, over real connections.

#![cfg(feature = "server")]

mod calls;
mod ids;
mod limits;
mod metrics;
mod security;
mod several;
mod shutdown;
mod support;
