//! `connector add`, mostly with a stub of the SDK that compiles quickly.

mod block;
mod chain;
mod real;
mod rejected;
mod state;
mod support;
mod undone;
