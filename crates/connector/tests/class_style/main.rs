//! Connectors that are written as a type with methods.

mod calls;
mod errors;
mod hub;
mod marks;
mod names;
