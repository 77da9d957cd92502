//! The part of a compiler's message that is the same on every machine, and stays when other files change.

use std::path::Path;

/// The workspace's root from the package, and back. Cargo compiles the package with paths below the root.
pub(crate) const WORKSPACE: &str = "../..";
const FROM_WORKSPACE: &str = "crates/connector/";

/// The width of the column of line numbers. The compiler's depends on the largest number, which may be left out here.
const WIDTH: usize = 4;

/// Lines that only count or point to other help.
const DROPPED: [&str; 3] =
    ["error: aborting due to ", "For more information about ", "Some errors have detailed explanations: "];

/// What the headings within a message start with. The further lines of a heading are indented by as much.
const HEADINGS: [&str; 2] = ["help: ", "note: "];
const HEADING_INDENT: &str = "      ";

/// How a list of a trait's implementations starts, and how its lines are indented, at least.
const LIST: &str = "the following other types implement trait ";
const LIST_INDENT: &str = "          ";
/// How many implementations are shown. The others change whenever a capability is added.
const LISTED: usize = 8;

/// Makes paths relative to `package`, and removes the line numbers of every file but `case`.
///
/// Normalized text stays as it is when it is normalized again.
pub(crate) fn normalize(message: &str, package: &Path, case: &str) -> String {
    let package = format!("{}/", package.display());
    let mut normalized = String::new();
    let mut width = None;
    let mut is_case = true;
    let mut in_heading = false;
    for line in shortened(message).lines() {
        if line.is_empty() {
            width = None; // the next message has a column of its own
        }
        let mut text = line.to_owned();
        if let Some((arrow, path)) = location(line) {
            let path = path.strip_prefix(&package).or(path.strip_prefix(FROM_WORKSPACE)).unwrap_or(path);
            is_case = path.starts_with(case);
            let path = if is_case { path } else { without_numbers(path) };
            width.get_or_insert(arrow - "--> ".len());
            text = format!("{}{path}", &line[..arrow]);
        }
        text = text.replace(&package, "$DIR/");
        in_heading = HEADINGS.iter().any(|start| line.starts_with(start))
            || in_heading && line.starts_with(HEADING_INDENT) && location(line).is_none();
        if let Some(width) = width.filter(|_| !in_heading) {
            text = with_column(&text, width, is_case);
        }
        normalized.push_str(&text);
        normalized.push('\n');
    }
    format!("{}\n", normalized.trim_end())
}

/// `message` without the lines that are dropped, and with [`LISTED`] implementations in each list.
fn shortened(message: &str) -> String {
    let mut kept = String::new();
    let mut lines =
        message.lines().filter(|line| !DROPPED.iter().any(|start| line.starts_with(start))).peekable();
    while let Some(line) = lines.next() {
        kept.push_str(line);
        kept.push('\n');
        if !line.contains(LIST) {
            continue;
        }
        let mut list = Vec::new();
        while let Some(item) = lines.next_if(|line| line.starts_with(LIST_INDENT)) {
            list.push(item.to_owned());
        }
        if let Some(last) = list.get(LISTED).filter(|_| list.len() > LISTED + 1) {
            let indent = last.len() - last.trim_start().len() - 2;
            list.truncate(LISTED);
            list.push(format!("{:indent$}and $N others", ""));
        }
        for item in list {
            kept.push_str(&item);
            kept.push('\n');
        }
    }
    kept
}

/// Splits `  --> path:1:2` and `  ::: path:1:2` before the path.
fn location(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start();
    let path = text.strip_prefix("--> ").or_else(|| text.strip_prefix("::: "))?;
    Some((line.len() - path.len(), path))
}

/// `path` without `:1:2` at its end.
fn without_numbers(path: &str) -> &str {
    path.trim_end_matches(|end: char| end.is_ascii_digit() || end == ':')
}

/// `line` with a column of [`WIDTH`] in place of one of `width`, and with its number only if `is_case`.
fn with_column(line: &str, width: usize, is_case: bool) -> String {
    let Some((column, rest)) = line.split_at_checked(width) else { return line.to_owned() };
    if !column.bytes().all(|byte| byte == b' ' || byte.is_ascii_digit()) {
        return line.to_owned(); // `...`, in place of lines that are left out
    }
    let number = if is_case { column.trim() } else { "" };
    format!("{number:>WIDTH$}{rest}")
}

#[test]
fn line_numbers_of_other_files_and_long_lists_are_removed() {
    let message = "\
error[E0277]: wrong
   --> /home/me/sdk/tests/cases/a.rs:9:44
    |
  9 |     register(\"/home/me/sdk/b.rs\");
    |     ^^^^^^^^
    = note: expected one
               found two
    = help: the following other types implement trait `Capability`:
              A1
              A2
              A3
              A4
              A5
              A6
              A7
              A8
              A9
              A10
help: not this
      but that
   --> crates/connector/src/builder.rs:126:9
    |
124 |     fn register();
    |        --------
...
126 |         Fut: Send,
    |              ^^^^

error: aborting due to 1 previous error

For more information about this error, try `rustc --explain E0277`.
";
    let expected = "\
error[E0277]: wrong
    --> tests/cases/a.rs:9:44
     |
   9 |     register(\"$DIR/b.rs\");
     |     ^^^^^^^^
     = note: expected one
                found two
     = help: the following other types implement trait `Capability`:
               A1
               A2
               A3
               A4
               A5
               A6
               A7
               A8
             and $N others
help: not this
      but that
    --> src/builder.rs
     |
     |     fn register();
     |        --------
...
     |         Fut: Send,
     |              ^^^^
";
    let normalized = normalize(message, Path::new("/home/me/sdk"), "tests/cases/a.rs");
    assert_eq!(normalized, expected);
    assert_eq!(normalize(&normalized, Path::new("/home/me/sdk"), "tests/cases/a.rs"), normalized);
}
