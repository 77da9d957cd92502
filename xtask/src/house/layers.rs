//! The SDK's modules import only from the layers below their own. The table in `docs/architecture.md` has the layers.

use std::collections::HashMap;
use std::path::Path;

/// The page with the table, and the heading above it.
pub(super) const PAGE: &str = "docs/architecture.md";
const HEADING: &str = "## Layers";

/// The folder whose modules have layers.
const SOURCE: &str = "crates/connector/src";

/// The modules of the SDK, with the numbers of their layers from the bottom up.
pub(super) struct Layers(HashMap<String, usize>);

impl Layers {
    /// Reads the table: one row per layer, the lowest first. The first column has the modules in backticks.
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

    /// Finds imports that don't lead down, and modules that are missing from the table.
    pub(super) fn violations(&self, path: &Path, text: &str) -> Vec<String> {
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

/// The module that a file of the SDK belongs to. `None` for other files and the crate's root.
fn module_of(path: &Path) -> Option<&str> {
    let first = path.strip_prefix(SOURCE).ok()?.iter().next()?.to_str()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (module != "lib").then_some(module)
}

/// Every `crate::…` outside comments and tests, with its line.
fn imports(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().take(super::lines_before_tests(text));
    let code = lines.map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()));
    code.flat_map(|(number, line)| {
        line.match_indices("crate::").filter_map(move |(at, found)| {
            let is_path =
                !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_$".contains(before));
            let name =
                line[at + found.len()..].split(|end: char| !end.is_alphanumeric() && end != '_').next()?;
            // Exported macros are at the root. Those that start with two underscores are private.
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
        let violations = |file: &str, text: &str| layers.violations(&Path::new(SOURCE).join(file), text);
        assert!(violations("error/any.rs", "use crate::model::Page;\nuse crate::error::Error;\n").is_empty());
        assert!(violations("lib.rs", "use crate::cli;\n").is_empty());
        let up = violations("model.rs", "use super::x;\nuse crate::error::Error;\n");
        assert_eq!(up.len(), 1);
        assert!(
            up[0].ends_with("model.rs:2: `model` imports `error`, which is not in a layer below"),
            "{up:?}"
        );
        assert_eq!(
            violations("secret.rs", "fn f() { crate::schema::of() }\n").len(),
            1,
            "not from the same layer either"
        );
        assert!(
            violations("error.rs", "use crate::Secret;\n")[0].contains("import from where it is defined")
        );
        assert!(violations("cli.rs", "")[0].contains("has no layer"));
    }

    #[test]
    fn comments_tests_and_exported_macros_are_not_imports() {
        let layers = Layers::read(TABLE);
        let text = "/// [`x`](crate::error)\nuse crate::__macro;\n#[cfg(test)]\nmod tests {\n    use crate::error;\n}\n";
        assert!(layers.violations(&Path::new(SOURCE).join("model.rs"), text).is_empty());
    }
}
