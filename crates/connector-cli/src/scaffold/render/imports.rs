//! Formats imports like rustfmt.

/// The maximum line length.
const WIDTH: usize = 100;

/// A `use` declaration of `names` in `path`.
pub(super) fn use_list(path: &str, mut names: Vec<String>) -> String {
    names.sort();
    if let [name] = names.as_slice() {
        return format!("use {path}::{name};");
    }
    let line = format!("use {path}::{{{}}};", names.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let (mut text, mut line) = (format!("use {path}::{{\n"), String::from("   "));
    for name in &names {
        // rustfmt wraps a list one column earlier than other code.
        if line.len() + name.len() + 2 >= WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("   ");
        }
        line.push_str(&format!(" {name},"));
    }
    text + &line + "\n};"
}
