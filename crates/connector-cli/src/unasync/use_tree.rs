//! `use` declarations, taken apart into the names that they bring in, and put together again.

use syn::UseTree;
use syn::spanned::Spanned as _;

use super::edit::Bytes;

/// One name that a `use` brings in, or one glob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    /// What stands behind `as`.
    pub(crate) alias: Option<String>,
    pub(crate) is_glob: bool,
    pub(crate) place: Bytes,
}

impl Leaf {
    /// The name that is brought in. Empty for a glob.
    pub(crate) fn name(&self) -> &str {
        if self.is_glob {
            return "";
        }
        self.alias.as_deref().or(self.path.last().map(String::as_str)).unwrap_or_default()
    }

    /// Whether it brings in nothing that could be named: a glob, or a trait `as _`.
    pub(crate) fn is_nameless(&self) -> bool {
        self.is_glob || self.name() == "_"
    }
}

/// All that a `use` brings in, in order.
pub(crate) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    take_apart(tree, &mut Vec::new(), &mut leaves);
    leaves
}

fn take_apart(tree: &UseTree, prefix: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let mut push = |name: Option<String>, alias: Option<String>, is_glob: bool| {
        // `a::{self}` is `a`.
        let name = name.filter(|name| name != "self" || prefix.is_empty());
        let path = prefix.iter().cloned().chain(name).collect();
        leaves.push(Leaf { path, alias, is_glob, place: tree.span().byte_range() });
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            take_apart(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Name(name) => push(Some(name.ident.to_string()), None, false),
        UseTree::Rename(rename) => {
            push(Some(rename.ident.to_string()), Some(rename.rename.to_string()), false)
        }
        UseTree::Glob(_) => push(None, None, true),
        UseTree::Group(group) => group.items.iter().for_each(|tree| take_apart(tree, prefix, leaves)),
    }
}

/// One or more `use` declarations that bring in `leaves`: one for each crate. `head` is what stands before the tree,
/// visibility and all; `indent` is what stands before a line.
pub(crate) fn declarations(leaves: &[Leaf], head: &str, indent: &str) -> String {
    let mut roots: Vec<Node> = Vec::new();
    for leaf in leaves {
        insert(&mut roots, leaf, 0);
    }
    let declarations: Vec<String> = roots.iter().map(|root| format!("{head}{};", root.text())).collect();
    declarations.join(&format!("\n{indent}"))
}

/// A name in a tree of paths, with what is below it.
struct Node {
    name: String,
    /// How the path that ends here is brought in: `a`, `a as b`, `a::*`.
    ends: Vec<End>,
    below: Vec<Self>,
}

enum End {
    Plain,
    As(String),
    Glob,
}

fn insert(nodes: &mut Vec<Node>, leaf: &Leaf, depth: usize) {
    let Some(name) = leaf.path.get(depth) else { return };
    let at = nodes.iter().position(|node| node.name == *name).unwrap_or_else(|| {
        nodes.push(Node { name: name.clone(), ends: Vec::new(), below: Vec::new() });
        nodes.len() - 1
    });
    if depth + 1 == leaf.path.len() {
        nodes[at].ends.push(match &leaf.alias {
            _ if leaf.is_glob => End::Glob,
            Some(alias) if alias != name => End::As(alias.clone()),
            _ => End::Plain,
        });
    } else {
        insert(&mut nodes[at].below, leaf, depth + 1);
    }
}

impl Node {
    fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let is_alone = self.ends.len() == 1 && self.below.is_empty();
        for end in &self.ends {
            match end {
                End::Plain if is_alone => return self.name.clone(),
                End::As(alias) if is_alone => return format!("{} as {alias}", self.name),
                End::Plain => parts.push("self".to_owned()),
                End::As(alias) => parts.push(format!("self as {alias}")),
                End::Glob => parts.push("*".to_owned()),
            }
        }
        let mut below: Vec<&Self> = self.below.iter().collect();
        below.sort_by_key(|node| &node.name);
        parts.extend(below.into_iter().flat_map(Self::texts));
        match parts.as_slice() {
            [part] if !part.starts_with("self") => format!("{}::{part}", self.name),
            _ => format!("{}::{{{}}}", self.name, parts.join(", ")),
        }
    }

    /// One text, or one for each way in which a name with nothing below it is brought in.
    fn texts(&self) -> Vec<String> {
        if !self.below.is_empty() {
            return vec![self.text()];
        }
        let text = |end: &End| match end {
            End::Plain => self.name.clone(),
            End::As(alias) => format!("{} as {alias}", self.name),
            End::Glob => format!("{}::*", self.name),
        };
        self.ends.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        let item: syn::ItemUse = syn::parse_str(text).unwrap();
        declarations(&leaves(&item.tree), "use ", "")
    }

    #[test]
    fn a_tree_is_put_together_as_it_was() {
        for text in [
            "use a;",
            "use a::b as c;",
            "use a::*;",
            "use a::b::{self, G as _, c, d::{F, e}};",
            "use a::{self as b, *};",
            "use crate::a::b;",
        ] {
            assert_eq!(round_trip(text), text);
        }
    }

    #[test]
    fn each_crate_has_a_declaration_of_its_own() {
        let leaf = |path: &str| Leaf {
            path: path.split("::").map(str::to_owned).collect(),
            alias: None,
            is_glob: false,
            place: 0..0,
        };
        let leaves =
            [leaf("std::fs"), leaf("tokio::sync::A"), leaf("std::thread::sleep"), leaf("std::time::B")];
        assert_eq!(
            declarations(&leaves, "pub use ", "    "),
            "pub use std::{fs, thread::sleep, time::B};\n    pub use tokio::sync::A;"
        );
    }
}
