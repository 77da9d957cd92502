//! What the compiler says to an author who makes a mistake.
//!
//! The messages are those of rustc 1.95; see `CONTRIBUTING.md` for how to refresh them.
#![cfg(feature = "macros")]

#[test]
fn the_compiler_says_what_is_wrong() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/cases/*.rs");
}
