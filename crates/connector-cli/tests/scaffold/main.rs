//! `connector scaffold`: what it makes, and what it leaves alone.

mod builds;
mod force;
mod input;
mod output;
mod support;
mod workspace;
