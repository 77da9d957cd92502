//! The HTTP server, over real connections.

#![cfg(feature = "server")]

mod bad_input;
mod calls;
mod compression;
mod connections;
mod cors;
mod http2;
mod limits;
mod load;
mod security;
mod several;
mod shutdown;
mod support;
