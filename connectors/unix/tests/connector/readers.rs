//! What is read from the files of a machine.

mod listing;
mod properties;
mod sudo;
