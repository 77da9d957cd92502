//! The SDK's modules import only from layers below their own. Which layer a module is in is said by the table in
//! `docs/architecture.md`.

use std::collections::HashMap;
use std::path::Path;

/// The page that has the table, under this heading.
pub(super) const PAGE: &str = "docs/architecture.md";
const HEADING: &str = "## Layers";

/// The folder whose modules have layers.
const SOURCE: &str = "crates/connector/src";

/// The modules of the SDK, each with the number of its layer, counted from the bottom.
pub(super) struct Layers(HashMap<String, usize>);

impl Layers {
    /// Reads the table: a row a layer, the lowest first, whose first column names the modules in backticks.
    pub(super) fn read(page: &str) -> Self {
        let section = page.split_once(HEADING).map_or("", |(_, rest)| rest);
        let section = section.split("\n## ").next().unwrap_or_default();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let modules = rows.enumerate().flat_map(|(layer, row)| {
            let column = row.split('|').nth(1).unwrap_or_default();
            column.split('`').skip(1).step_by(2).map(move |module| (module.to_owned(), layer))
        });
        Self(modules.collect())
    }

    /// The imports of a file that do not lead down, and a module that the table lacks.
    pub(super) fn breaches(&self, path: &Path, text: &str) -> Vec<String> {
        let Some(module) = module_of(path) else { return Vec::new() };
        let Some(layer) = self.0.get(module) else {
            return vec![format!("{}:1: `{module}` has no layer in {PAGE}", path.display())];
        };
        let mut found = Vec::new();
        for (line, imported) in imports(text) {
            let below = self.0.get(imported).is_some_and(|other| other < layer);
            if imported != module && !below {
                let why = match self.0.contains_key(imported) {
                    true => "which is not in a layer below",
                    false => "which is not a module of the SDK: import from where it is defined",
                };
                found.push(format!("{}:{line}: `{module}` imports `{imported}`, {why}", path.display()));
            }
        }
        found
    }
}

/// The module that a file of the SDK is part of; `None` for other files and for the crate's root.
fn module_of(path: &Path) -> Option<&str> {
    let first = path.strip_prefix(SOURCE).ok()?.iter().next()?.to_str()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (module != "lib").then_some(module)
}

/// What a file names as `crate::…` outside of comments and tests, with the line.
fn imports(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().take(super::lines_before_tests(text));
    let code = lines.map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()));
    code.flat_map(|(number, line)| {
        line.match_indices("crate::").filter_map(move |(at, found)| {
            let is_path =
                !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_$".contains(before));
            let name =
                line[at + found.len()..].split(|end: char| !end.is_alphanumeric() && end != '_').next()?;
            // A macro that is exported stands at the root, and is marked as nobody else's business.
            (is_path && !name.starts_with("__")).then_some((number, name))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# Page\n\n## Layers\n\n| modules | what |\n|---|---|\n| `secret`, `schema` | a |\n| `model` | \
                         b `error` |\n| `error` | c |\n\n## Where\n\n| `cli` | d |\n";

    #[test]
    fn an_import_leads_to_a_layer_below() {
        let layers = Layers::read(TABLE);
        let breaches = |file: &str, text: &str| layers.breaches(&Path::new(SOURCE).join(file), text);
        assert!(breaches("error/any.rs", "use crate::model::Page;\nuse crate::error::Error;\n").is_empty());
        assert!(breaches("lib.rs", "use crate::cli;\n").is_empty());
        let up = breaches("model.rs", "use super::x;\nuse crate::error::Error;\n");
        assert_eq!(up.len(), 1);
        assert!(
            up[0].ends_with("model.rs:2: `model` imports `error`, which is not in a layer below"),
            "{up:?}"
        );
        assert_eq!(breaches("secret.rs", "fn f() { crate::schema::of() }\n").len(), 1, "not beside either");
        assert!(breaches("error.rs", "use crate::Secret;\n")[0].contains("import from where it is defined"));
        assert!(breaches("cli.rs", "")[0].contains("has no layer"));
    }

    #[test]
    fn comments_tests_and_exported_macros_import_nothing() {
        let layers = Layers::read(TABLE);
        let text = "/// [`x`](crate::error)\nuse crate::__macro;\n#[cfg(test)]\nmod tests {\n    use crate::error;\n}\n";
        assert!(layers.breaches(&Path::new(SOURCE).join("model.rs"), text).is_empty());
    }
}
