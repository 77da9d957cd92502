//! The HTTP server, over real connections.

#![cfg(feature = "server")]

mod calls;
mod docs;
mod limits;
mod security;
mod several;
mod shutdown;
mod support;
