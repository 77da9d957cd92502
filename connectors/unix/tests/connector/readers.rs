//! What is read from the files of a machine.

mod granted;
mod listing;
mod properties;
mod sudo;
