//! Compiler errors for authors' mistakes.
//!
//! The expected messages are from rustc 1.95; see `CONTRIBUTING.md` for how to refresh them.
#![cfg(feature = "macros")]

#[test]
fn compiler_errors_are_helpful() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/cases/*.rs");
}
