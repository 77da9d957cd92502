//! Rules of this repository that no other tool checks. They read the files as text.

mod layers;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The maximum length of a source file in lines, not counting its tests. Most files have 100 to 350.
const MOST_LINES: usize = 420;

/// The reason of every ignored test contains this command, so that readers know how to run the test.
const SYSTEM_TESTS: &str = "cargo xtask test --system";

/// Folders without files written by hand.
const SKIPPED_FOLDERS: [&str; 2] = ["target", "node_modules"];

/// Every violation of the rules under `root`, as `path:line: message`.
///
/// # Errors
/// If a folder or file cannot be read.
pub(crate) fn violations(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    collect(root, &mut files)?;
    files.sort();
    let checkout = checkout_path(root);
    let page = fs::read_to_string(root.join(layers::PAGE))
        .with_context(|| format!("{} cannot be read", layers::PAGE))?;
    let layers = layers::Layers::read(&page);
    let mut found = Vec::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let path = file.strip_prefix(root).unwrap_or(&file);
        if let Some(checkout) = &checkout {
            found.extend(machine_paths(path, text, checkout));
        }
        if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(length(path, text));
            found.extend(silent_skips(path, text));
            found.extend(layers.violations(path, text));
        }
    }
    Ok(found)
}

/// Collects all files below `folder`, except those in hidden folders other than `.ci` and `.cargo`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_file() {
            files.push(entry.path());
        } else if kind.is_dir()
            && !SKIPPED_FOLDERS.contains(&&*name)
            && (!name.starts_with('.') || name == ".ci" || name == ".cargo")
        {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// The path of this checkout, unless it is so short that it may appear in other text.
fn checkout_path(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    (root.components().count() > 2).then(|| root.to_str().map(String::from)).flatten()
}

/// Finds lines that contain the path of this checkout, which exists on no other machine.
fn machine_paths(path: &Path, text: &str, checkout: &str) -> Vec<String> {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let holds = |line: &str| line.match_indices(checkout).any(|(at, _)| ends(&line[at + checkout.len()..]));
    violations_in(path, text, holds, "contains the path of this checkout")
}

/// Finds source files that are too long.
fn length(path: &Path, text: &str) -> Option<String> {
    let in_source = path.components().any(|part| part.as_os_str() == "src");
    let is_tests =
        path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs");
    let lines = lines_before_tests(text);
    (in_source && !is_tests && lines > MOST_LINES)
        .then(|| format!("{}:{lines}: more than {MOST_LINES} lines; split it", path.display()))
}

/// The number of lines before a trailing `mod tests { … }`.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests =
        lines.windows(2).position(|pair| pair[0].starts_with("#[cfg(") && pair[1].starts_with("mod tests {"));
    tests.unwrap_or(lines.len())
}

/// Finds tests that are ignored without the command that runs them, and doc examples that never run.
fn silent_skips(path: &Path, text: &str) -> Vec<String> {
    let ignores = |line: &str| line.trim_start().starts_with("#[ignore") && !line.contains(SYSTEM_TESTS);
    let mut found = violations_in(
        path,
        text,
        ignores,
        &format!("give the reason: #[ignore = \"needs …: {SYSTEM_TESTS}\"]"),
    );
    let ignored_example = |line: &str| {
        let line = line.trim_start();
        let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        text.is_some_and(|text| text.trim_start().starts_with("```") && text.contains("ignore"))
    };
    found.extend(violations_in(path, text, ignored_example, "an example must compile: use no_run, or text"));
    found
}

fn violations_in(path: &Path, text: &str, is_violation: impl Fn(&str) -> bool, what: &str) -> Vec<String> {
    let lines = text.lines().enumerate().filter(|(_, line)| is_violation(line));
    lines.map(|(index, _)| format!("{}:{}: {what}", path.display(), index + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_count_toward_the_length_of_a_file() {
        let path = Path::new("crates/connector/src/page.rs");
        let body = "fn f() {}\n".repeat(MOST_LINES);
        assert_eq!(length(path, &body), None);
        let with_tests = format!("{body}#[cfg(test)]\nmod tests {{\n{}}}\n", "    // a test\n".repeat(300));
        assert_eq!(length(path, &with_tests), None);
        let too_long = format!("{body}fn g() {{}}\n");
        assert!(length(path, &too_long).unwrap().starts_with("crates/connector/src/page.rs:421: "));
        assert_eq!(length(Path::new("crates/connector/src/page/tests.rs"), &too_long), None);
        assert_eq!(length(Path::new("crates/connector/tests/page/main.rs"), &too_long), None);
    }

    #[test]
    fn an_ignored_test_must_name_the_command_that_runs_it() {
        let path = Path::new("tests/users/main.rs");
        let text = [
            "    #[ignore]",
            "#[ignore = \"slow\"]",
            "#[ignore = \"needs root: cargo xtask test --system\"]",
        ];
        let found = silent_skips(path, &text.join("\n"));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].starts_with("tests/users/main.rs:2: give the reason"), "{found:?}");
    }

    #[test]
    fn an_example_that_is_never_compiled_is_rejected() {
        let text = ["/// ```ignore", "//! ```rust,ignore", "/// ```no_run", "/// Lines to ignore", "/// ```"];
        assert_eq!(silent_skips(Path::new("src/lib.rs"), &text.join("\n")).len(), 2);
    }

    #[test]
    fn the_path_of_the_checkout_is_found_but_not_a_longer_one() {
        let path = Path::new("docs/guide.md");
        let found = machine_paths(path, "see /home/me/sdk/docs\nand /home/me/sdk-two\n", "/home/me/sdk");
        assert_eq!(found, ["docs/guide.md:1: contains the path of this checkout"]);
    }

    #[test]
    fn this_repository_can_be_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        violations(root).unwrap();
    }
}
