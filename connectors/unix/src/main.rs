//! The `unix-connector` program.

fn main() {}
