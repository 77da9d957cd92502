//! Connectors that are written as a type with methods.
#![cfg(feature = "macros")]

mod calls;
mod errors;
mod hub;
mod marks;
mod names;
