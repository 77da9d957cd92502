//! Class-style connectors.
#![cfg(feature = "macros")]

mod calls;
mod errors;
mod hub;
mod marks;
mod names;
