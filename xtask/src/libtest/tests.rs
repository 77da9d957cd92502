//! The output is that of cargo 1.95, with shortened paths.

use super::*;

fn read(output: &str) -> Tally {
    let mut tally = Tally::default();
    output.lines().for_each(|line| tally.line(line));
    tally.close();
    tally
}

const UNIT_TESTS: &str = "
   Compiling sample v0.1.0
    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.92s
     Running unittests src/lib.rs (target/debug/deps/sample_kit-672d623937cce4f3)

running 5 tests
test tests::creates_a_user ... ignored, needs root: cargo xtask test --system
test tests::ok_one ... ok
test tests::plain_ignored ... ignored
test tests::panics - should panic ... ok
test tests::wrong ... FAILED

failures:

---- tests::wrong stdout ----
said this

thread 'tests::wrong' (6535) panicked at src/lib.rs:22:47:
assertion `left == right` failed
  left: 1
 right: 2


failures:
    tests::wrong

test result: FAILED. 2 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.13s

error: test failed, to rerun pass `-p sample --lib`
     Running tests/area/main.rs (target/debug/deps/area-e3687a2bb620dd39)

running 2 tests
test dies ... ok
test leaks ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.00s

error: 1 target failed:
    `-p sample --lib`
";

const DOC_TESTS: &str = "
   Doc-tests sample_kit

running 3 tests
test src/lib.rs - (line 2) ... ok
test src/lib.rs - (line 8) - compile ... ok
test src/lib.rs - (line 11) - should panic ... ok

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.09s


running 2 tests
test src/lib.rs - (line 5) ... ignored
test src/lib.rs - (line 14) - compile fail ... ok

test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.04s

all doctests ran in 0.35s; merged doctests compilation took 0.22s
";

const ABORTED: &str = "
     Running tests/area/main.rs (target/debug/deps/area-e3687a2bb620dd39)

running 2 tests
error: test failed, to rerun pass `-p sample --test area`

Caused by:
  process didn't exit successfully: `target/debug/deps/area-e3687a2bb620dd39` (signal: 6, SIGABRT: process abort signal)
     Running unittests src/main.rs (target/debug/deps/other-cd79a39dbbb082b7)

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

#[test]
fn counts_are_summed_over_test_programs() {
    let tally = read(UNIT_TESTS);
    assert_eq!((tally.passed, tally.failed, tally.skipped, tally.filtered), (4, 1, 2, 3));
    assert_eq!(tally.to_string(), "4 passed, 1 failed, 2 skipped");
    assert!(tally.unfinished.is_empty(), "{:?}", tally.unfinished);
}

#[test]
fn a_skipped_test_is_named_with_its_reason() {
    let tally = read(UNIT_TESTS);
    let shown: Vec<String> = tally.skips.iter().map(Named::to_string).collect();
    assert_eq!(
        shown,
        [
            "sample_kit: tests::creates_a_user (needs root: cargo xtask test --system)",
            "sample_kit: tests::plain_ignored",
        ]
    );
}

#[test]
fn a_failed_test_is_named() {
    let tally = read(UNIT_TESTS);
    assert_eq!(tally.failures.len(), 1);
    assert_eq!(tally.failures[0].to_string(), "sample_kit: tests::wrong");
}

#[test]
fn both_result_lines_of_doc_tests_count() {
    let tally = read(DOC_TESTS);
    assert_eq!((tally.passed, tally.failed, tally.skipped), (4, 0, 1));
    assert_eq!(tally.skips[0].to_string(), "docs of sample_kit: src/lib.rs - (line 5)");
    assert!(tally.unfinished.is_empty(), "{:?}", tally.unfinished);
}

#[test]
fn a_crashed_test_program_is_named_and_counts_as_a_failure() {
    let tally = read(ABORTED);
    assert_eq!(tally.unfinished, ["tests/area/main.rs"]);
    assert_eq!(tally.to_string(), "0 passed, 1 failed, 0 skipped");
    let last = read(ABORTED.split("     Running unittests").next().unwrap());
    assert_eq!(last.unfinished, ["tests/area/main.rs"]);
}

#[test]
fn a_run_in_the_background_is_added() {
    let mut tally = read("test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out");
    tally.add(read(UNIT_TESTS.split("error: test failed").next().unwrap()));
    assert_eq!((tally.passed, tally.failed, tally.skipped, tally.filtered), (4, 1, 3, 1));
    assert_eq!((tally.failures.len(), tally.skips.len()), (1, 2));
}

#[test]
fn colors_do_not_hide_a_line() {
    let tally = read(
        "\u{1b}[1m\u{1b}[92m     Running\u{1b}[0m unittests src/lib.rs (target/debug/deps/kit-672d623937cce4f3)\n\
         test one ... \u{1b}[33mignored, later\u{1b}(B\u{1b}[m\n\
         test result: \u{1b}[32mok\u{1b}[m. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n",
    );
    assert_eq!(tally.to_string(), "1 passed, 0 failed, 1 skipped");
    assert_eq!(tally.skips[0].program, "kit");
}

#[test]
fn text_that_resembles_a_result_is_not_counted() {
    let tally =
        read("he said: test result: ok. 7 passed\ntest tests/ui/a.rs ... mismatch\nRunning late (again)\n");
    assert_eq!(tally.to_string(), "0 passed, 0 failed, 0 skipped");
    assert!(tally.failures.is_empty() && tally.skips.is_empty() && tally.unfinished.is_empty());
}
