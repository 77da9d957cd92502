//! `connector scaffold`.

mod builds;
mod docker;
mod force;
mod input;
mod output;
mod support;
mod workspace;
