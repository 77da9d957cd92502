//! Resolves the first name of a path through the `use` declarations around it.

use std::collections::HashMap;

use syn::visit::{self, Visit};

use super::rules::{PathRule, Rules};
use super::source::names;
use super::use_tree::{self, Leaf};

/// A name that a `use` imports, before and after the conversion.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    /// The new path and name. `None` if it is not converted.
    pub(super) after: Option<(Vec<String>, String)>,
}

/// The names in scope, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    scopes: Vec<(HashMap<String, Import>, bool)>,
}

impl Scopes {
    /// Enters a block or a module that contains these `use` declarations.
    pub(super) fn enter<'a>(
        &mut self,
        uses: impl Iterator<Item = &'a syn::ItemUse>,
        is_module: bool,
        rules: &Rules,
        modules: &[String],
    ) {
        let mut names = HashMap::new();
        let mut inherits = !is_module;
        for item in uses {
            for leaf in use_tree::leaves(&item.tree) {
                inherits |= leaf.is_glob && leaf.path == ["super"];
                if !leaf.is_nameless() {
                    let after = after(&leaf, rules, modules).ok().flatten();
                    let after = after.map(|leaf| (leaf.path.clone(), leaf.name().to_owned()));
                    names.insert(leaf.name().to_owned(), Import { path: leaf.path, after });
                }
            }
        }
        self.scopes.push((names, inherits));
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    pub(super) fn import(&self, name: &str) -> Option<&Import> {
        for (names, inherits) in self.scopes.iter().rev() {
            if let Some(import) = names.get(name) {
                return Some(import);
            }
            if !inherits {
                break;
            }
        }
        None
    }

    /// The full path, starting with the crate, as far as it is known.
    pub(super) fn resolve(&self, path: &[String]) -> Vec<String> {
        let Some(first) = path.first() else { return Vec::new() };
        match self.import(first) {
            Some(import) => [&import.path, &path[1..]].concat(),
            // Both are in the prelude.
            None if path.len() == 1 && (first == "Future" || first == "IntoFuture") => {
                ["std", "future", first].map(str::to_owned).into()
            }
            None => path.to_vec(),
        }
    }
}

/// Converts an import. Returns `Ok(None)` if it is removed. `modules` are the folder's own modules.
///
/// # Errors
/// Why it cannot be converted.
pub(super) fn after(leaf: &Leaf, rules: &Rules, modules: &[String]) -> Result<Option<Leaf>, String> {
    let renamed = |name: &String| rules.name(name).unwrap_or_else(|| name.clone());
    let path = match rules.path(&leaf.path) {
        Some((_, PathRule::Drop(_))) => return Ok(None),
        Some((_, PathRule::Refuse(reason))) => return Err(rejection(&leaf.path, reason)),
        Some((_, PathRule::To(_))) if leaf.is_glob => {
            return Err("the names that the glob imports are unknown: list them".to_owned());
        }
        Some((length, PathRule::To(to))) => {
            to.iter().cloned().chain(leaf.path[length..].iter().map(renamed)).collect()
        }
        None => {
            if let Some(first) = leaf.path.first()
                && rules.name(first).is_some()
                && !modules.contains(first)
            {
                return Err(unknown_crate(first));
            }
            leaf.path.iter().map(renamed).collect()
        }
    };
    let alias = leaf.alias.as_ref().map(renamed);
    Ok(Some(Leaf { path, alias, is_glob: leaf.is_glob, place: leaf.place.clone() }))
}

/// The message for a path that a rule rejects.
pub(super) fn rejection(path: &[String], reason: &str) -> String {
    format!("{}: {reason}", path.join("::"))
}

/// The message for a path in an unknown crate, whose names must not be changed.
pub(super) fn unknown_crate(name: &str) -> String {
    format!("there is no rule for the crate {name}: add one for its paths")
}

/// What the files of a folder define, and which paths they use.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// All paths of two or more names, starting with the crate.
    paths: Vec<String>,
    /// Functions and methods that return a future, and those that don't.
    pub(super) futures: Functions,
    pub(super) values: Functions,
    /// Type aliases of futures.
    pub(super) aliases: Vec<String>,
    /// Modules.
    pub(super) modules: Vec<String>,
    /// Names that a `use` imports.
    pub(super) imports: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Functions {
    pub(super) free: Vec<String>,
    pub(super) methods: Vec<String>,
}

impl Survey {
    /// Adds a file.
    pub(super) fn add(&mut self, file: &syn::File, rules: &Rules) {
        let mut surveyor = Surveyor { survey: self, rules, names: HashMap::new(), found: Vec::new() };
        surveyor.visit_file(file);
        let Surveyor { names, found, survey, .. } = surveyor;
        survey.imports.extend(names.keys().cloned());
        for path in names.values().cloned().chain(found) {
            let path = match path.first().and_then(|first| names.get(first)) {
                Some(known) => known.iter().chain(&path[1..]).cloned().collect(),
                None => path,
            };
            survey.paths.push(rules.canonical(&path).join("::"));
        }
    }

    /// Whether a file uses `path` or a path below it.
    pub(super) fn uses(&self, path: &str) -> bool {
        self.paths
            .iter()
            .any(|used| used.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
    }
}

struct Surveyor<'a> {
    survey: &'a mut Survey,
    rules: &'a Rules,
    /// Names and the paths that they refer to.
    names: HashMap<String, Vec<String>>,
    found: Vec<Vec<String>>,
}

impl Surveyor<'_> {
    fn function(&mut self, sig: &syn::Signature, is_free: bool) {
        let returns_future = sig.asyncness.is_some()
            || matches!(&sig.output, syn::ReturnType::Type(_, ty) if looks_like_future(ty, self.rules));
        let functions = if returns_future { &mut self.survey.futures } else { &mut self.survey.values };
        let names = if is_free { &mut functions.free } else { &mut functions.methods };
        names.push(sig.ident.to_string());
    }
}

impl<'ast> Visit<'ast> for Surveyor<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for leaf in use_tree::leaves(&item.tree) {
            if leaf.is_nameless() {
                self.found.push(leaf.path);
            } else {
                self.names.insert(leaf.name().to_owned(), leaf.path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.found.push(names(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, true);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, false);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.sig, false);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        if looks_like_future(&item.ty, self.rules) {
            self.survey.aliases.push(item.ident.to_string());
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.survey.modules.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
    }
}

/// Compares only the last names, because the survey doesn't resolve paths.
fn looks_like_future(ty: &syn::Type, rules: &Rules) -> bool {
    super::future::output(ty, &|path| match path.last().map(String::as_str) {
        Some(name @ ("Future" | "Pin" | "BoxFuture" | "LocalBoxFuture")) => {
            let module = match name {
                "Pin" => ["std", "pin"],
                "Future" => ["std", "future"],
                _ => ["futures", "future"],
            };
            module.into_iter().chain([name]).map(str::to_owned).collect()
        }
        _ => rules.canonical(path),
    })
    .is_some()
}
