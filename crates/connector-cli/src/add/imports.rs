//! Adds imports to a module.

use syn::{Item, ItemUse};

use super::files::Module;
use crate::unasync::edit::Edits;
use crate::unasync::source::range;
use crate::unasync::use_tree::{Leaf, leaves};

/// A name to import.
#[derive(Clone, Debug)]
pub(super) struct Import {
    /// The path that it is imported from, such as `connector`, `capability`.
    pub(super) path: Vec<String>,
    pub(super) name: String,
}

impl Import {
    pub(super) fn new(path: impl IntoIterator<Item = impl Into<String>>, name: impl Into<String>) -> Self {
        Self { path: path.into_iter().map(Into::into).collect(), name: name.into() }
    }

    fn qualified(&self) -> String {
        format!("{}::{}", self.path.join("::"), self.name)
    }
}

/// Imports a name unless the module already has it. Returns how to write it: with its path if the name is taken.
pub(super) fn add(module: &Module, import: &Import, edits: &mut Edits) -> String {
    let [name] = add_all(module, &import.path, [&import.name], edits);
    name
}

/// Imports several names from one path.
pub(super) fn add_all<const N: usize>(
    module: &Module,
    path: &[String],
    names: [&str; N],
    edits: &mut Edits,
) -> [String; N] {
    let leaves: Vec<Leaf> = uses(module).flat_map(leaves_of).collect();
    let mut missing = Vec::new();
    let written = names.map(|name| {
        let import = Import::new(path.iter().cloned(), name);
        match existing(module, &import, &leaves) {
            Some(written) => written,
            None => {
                missing.push(name);
                import.name
            }
        }
    });
    if !missing.is_empty() {
        insert(module, path, &missing, &leaves, edits);
    }
    written
}

/// How to write a name without importing it; `None` if it must be imported.
fn existing(module: &Module, import: &Import, leaves: &[Leaf]) -> Option<String> {
    let name = || Some(import.name.clone());
    if is_of(module, import) {
        return name();
    }
    if let Some(leaf) = leaves.iter().find(|leaf| leaf.name() == import.name) {
        let is_it =
            leaf.path.split_last().is_some_and(|(last, path)| *last == import.name && path == import.path);
        return if is_it { name() } else { Some(import.qualified()) };
    }
    if module.source.file.items.iter().any(|item| is_named(item, &import.name)) {
        return Some(import.qualified());
    }
    if leaves.iter().any(|leaf| leaf.is_glob && leaf.path == import.path) { name() } else { None }
}

/// Adds `names` to an import from the same path, or in a new line.
fn insert(module: &Module, path: &[String], names: &[&str], leaves: &[Leaf], edits: &mut Edits) {
    let text = &module.source.text;
    let listed = names.join(", ");
    let is_sibling =
        |leaf: &&Leaf| !leaf.is_glob && leaf.path.split_last().is_some_and(|(_, above)| above == path);
    if let Some(leaf) = leaves.iter().find(is_sibling) {
        let place = leaf.place.clone();
        let is_alone = text[..place.start].trim_end().ends_with(':');
        if is_alone {
            edits.insert(place.start, "{");
            edits.insert(place.end, format!(", {listed}}}"));
        } else {
            edits.insert(place.start, format!("{listed}, "));
        }
        return;
    }
    let listed = if names.len() > 1 { format!("{{{listed}}}") } else { listed };
    let line = format!("use {}::{listed};", path.join("::"));
    let uses: Vec<&ItemUse> = uses(module).collect();
    let is_like = |item: &&&ItemUse| {
        let first = leaves_of(item).first().and_then(|leaf| leaf.path.first().cloned());
        first.as_ref() == path.first()
    };
    if let Some(last) = uses.iter().rfind(is_like) {
        edits.insert(range(*last).end, format!("\n{line}"));
    } else if let Some(last) = uses.last() {
        edits.insert(range(*last).end, format!("\n\n{line}"));
    } else {
        edits.insert(first_item(module), format!("{line}\n\n"));
    }
}

/// The full path of an imported name: `connector::model::BasicCredentials`.
pub(super) fn path_of(module: &Module, name: &str) -> Option<String> {
    let leaf = uses(module).flat_map(leaves_of).find(|leaf| leaf.name() == name)?;
    Some(absolute(module, &leaf.path))
}

/// The same for a name that the module neither imports by itself nor declares, if there is exactly one glob import.
pub(super) fn glob_path_of(module: &Module, name: &str) -> Option<String> {
    if module.source.file.items.iter().any(|item| is_named(item, name)) {
        return None;
    }
    let mut globs = uses(module).flat_map(leaves_of).filter(|leaf| leaf.is_glob);
    let (glob, None) = (globs.next()?, globs.next()) else { return None };
    Some(format!("{}::{name}", absolute(module, &glob.path)))
}

/// A path without `self` and `super`.
pub(super) fn absolute(module: &Module, path: &[String]) -> String {
    let mut here = module.names.clone();
    let mut rest = path;
    let is_relative = |first: Option<&String>| first.is_some_and(|first| first == "self" || first == "super");
    if !is_relative(rest.first()) {
        return path.join("::");
    }
    while let [first, further @ ..] = rest
        && is_relative(Some(first))
    {
        if first == "super" {
            here.pop();
        }
        rest = further;
    }
    let path: Vec<&str> = ["crate"].into_iter().chain(here.iter().chain(rest).map(String::as_str)).collect();
    path.join("::")
}

/// The full path of a name that the module declares.
pub(super) fn absolute_name(module: &Module, name: &str) -> String {
    absolute(module, &["self".to_owned(), name.to_owned()])
}

/// The start of the first item, including its documentation.
pub(super) fn first_item(module: &Module) -> usize {
    module.source.file.items.first().map_or(module.source.text.len(), |item| range(item).start)
}

/// Whether the name is declared in the module.
fn is_of(module: &Module, import: &Import) -> bool {
    import.path.split_first().is_some_and(|(first, path)| first == "crate" && path == module.names)
}

/// The imports without attributes, which could disable them.
fn uses(module: &Module) -> impl Iterator<Item = &ItemUse> {
    module.source.file.items.iter().filter_map(|item| match item {
        Item::Use(item) if item.attrs.is_empty() => Some(item),
        _ => None,
    })
}

fn leaves_of(item: &ItemUse) -> Vec<Leaf> {
    leaves(&item.tree)
}

fn is_named(item: &Item, name: &str) -> bool {
    match item {
        Item::Mod(item) => item.ident == name,
        Item::Struct(item) => item.ident == name,
        Item::Enum(item) => item.ident == name,
        Item::Type(item) => item.ident == name,
        Item::Trait(item) => item.ident == name,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add::files::tests::module;

    fn added(text: &str, path: &[&str], name: &str) -> (String, String) {
        let module = module(&["integration"], text);
        let mut edits = Edits::default();
        let written = add(&module, &Import::new(path.iter().copied(), name), &mut edits);
        (written, edits.apply(text, &[]).unwrap())
    }

    #[test]
    fn names_join_an_import_from_the_same_path() {
        let (written, text) = added("use a::b::{C, D}; // why\n", &["a", "b"], "B");
        assert_eq!((written.as_str(), text.as_str()), ("B", "use a::b::{B, C, D}; // why\n"));
        let (_, text) = added("use a::{E, b::C};\n", &["a", "b"], "B");
        assert_eq!(text, "use a::{E, b::{C, B}};\n");
        let (_, text) = added("use crate::Settings;\n", &["crate"], "write");
        assert_eq!(text, "use crate::{Settings, write};\n");
    }

    #[test]
    fn existing_names_are_kept_and_conflicts_avoided() {
        let (written, text) = added("use a::b::{B, C};\n", &["a", "b"], "B");
        assert_eq!((written.as_str(), text.as_str()), ("B", "use a::b::{B, C};\n"));
        let (written, text) = added("use x::B;\n", &["a", "b"], "B");
        assert_eq!((written.as_str(), text.as_str()), ("a::b::B", "use x::B;\n"));
        let (written, _) = added("struct B;\n", &["a", "b"], "B");
        assert_eq!(written, "a::b::B");
        let (written, text) = added("use a::b::*;\n", &["a", "b"], "B");
        assert_eq!((written.as_str(), text.as_str()), ("B", "use a::b::*;\n"));
        let (written, text) = added("mod c;\n", &["crate", "integration"], "c");
        assert_eq!((written.as_str(), text.as_str()), ("c", "mod c;\n"), "its own");
    }

    #[test]
    fn the_first_name_from_a_path_gets_a_line() {
        let (_, text) = added("//! D.\n\nuse a::C;\n\n/// F.\nfn f() {}\n", &["crate"], "x");
        assert_eq!(text, "//! D.\n\nuse a::C;\n\nuse crate::x;\n\n/// F.\nfn f() {}\n");
        let (_, text) = added("//! D.\n\n/// F.\nfn f() {}\n", &["a"], "X");
        assert_eq!(text, "//! D.\n\nuse a::X;\n\n/// F.\nfn f() {}\n");
    }

    #[test]
    fn several_names_are_imported_together() {
        for (text, expected) in [
            ("use a::C;\n", "use a::{C, B, D};\n"),
            ("use a::{C, E};\n", "use a::{B, D, C, E};\n"),
            ("use a::D;\n", "use a::{D, B};\n"),
            ("use x::Y;\n", "use x::Y;\n\nuse a::{B, D};\n"),
            ("use a::*;\nuse x::D;\n", "use a::*;\nuse x::D;\n"),
        ] {
            let module = module(&["integration"], text);
            let mut edits = Edits::default();
            let [first, second] = add_all(&module, &["a".to_owned()], ["B", "D"], &mut edits);
            assert_eq!(edits.apply(text, &[]).unwrap(), expected);
            assert_eq!(
                (first.as_str(), second.as_str()),
                ("B", if text.contains("x::D") { "a::D" } else { "D" })
            );
        }
    }

    #[test]
    fn relative_paths_become_absolute() {
        let module = module(&["a", "b"], "use super::c::D;\nuse self::e::F as G;\nuse h::I;\n");
        assert_eq!(path_of(&module, "D").as_deref(), Some("crate::a::c::D"));
        assert_eq!(path_of(&module, "G").as_deref(), Some("crate::a::b::e::F"));
        assert_eq!(path_of(&module, "I").as_deref(), Some("h::I"));
        assert_eq!(path_of(&module, "J"), None);
    }
}
