//! Splits `use` declarations into the names that they import, and joins them again.

use syn::UseTree;
use syn::spanned::Spanned as _;

use super::edit::Bytes;

/// One name that a `use` imports, or one glob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    /// The name after `as`.
    pub(crate) alias: Option<String>,
    pub(crate) is_glob: bool,
    pub(crate) place: Bytes,
}

impl Leaf {
    /// The imported name. Empty for a glob.
    pub(crate) fn name(&self) -> &str {
        if self.is_glob {
            return "";
        }
        self.alias.as_deref().or(self.path.last().map(String::as_str)).unwrap_or_default()
    }

    /// Whether it imports no name: a glob, or a trait `as _`.
    pub(crate) fn is_nameless(&self) -> bool {
        self.is_glob || self.name() == "_"
    }
}

/// Everything that a `use` imports, in order.
pub(crate) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect_leaves(tree, &mut Vec::new(), &mut leaves);
    leaves
}

fn collect_leaves(tree: &UseTree, prefix: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let mut push = |name: Option<String>, alias: Option<String>, is_glob: bool| {
        // `a::{self}` is `a`.
        let name = name.filter(|name| name != "self" || prefix.is_empty());
        let path = prefix.iter().cloned().chain(name).collect();
        leaves.push(Leaf { path, alias, is_glob, place: tree.span().byte_range() });
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            collect_leaves(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Name(name) => push(Some(name.ident.to_string()), None, false),
        UseTree::Rename(rename) => {
            push(Some(rename.ident.to_string()), Some(rename.rename.to_string()), false)
        }
        UseTree::Glob(_) => push(None, None, true),
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect_leaves(tree, prefix, leaves)),
    }
}

/// Writes one `use` declaration per crate that together import `leaves`. `head` is the text before the tree, including
/// the visibility; `indent` is the indentation of a line.
pub(crate) fn declarations(leaves: &[Leaf], head: &str, indent: &str) -> String {
    let mut roots: Vec<Node> = Vec::new();
    for leaf in leaves {
        insert(&mut roots, leaf, 0);
    }
    let declarations: Vec<String> = roots.iter().map(|root| format!("{head}{};", root.text())).collect();
    declarations.join(&format!("\n{indent}"))
}

/// A name in a tree of paths, with its children.
struct Node {
    name: String,
    /// How the path that ends here is imported: `a`, `a as b`, `a::*`.
    ends: Vec<End>,
    children: Vec<Self>,
}

enum End {
    Plain,
    As(String),
    Glob,
}

fn insert(nodes: &mut Vec<Node>, leaf: &Leaf, depth: usize) {
    let Some(name) = leaf.path.get(depth) else { return };
    let at = nodes.iter().position(|node| node.name == *name).unwrap_or_else(|| {
        nodes.push(Node { name: name.clone(), ends: Vec::new(), children: Vec::new() });
        nodes.len() - 1
    });
    if depth + 1 == leaf.path.len() {
        nodes[at].ends.push(match &leaf.alias {
            _ if leaf.is_glob => End::Glob,
            Some(alias) if alias != name => End::As(alias.clone()),
            _ => End::Plain,
        });
    } else {
        insert(&mut nodes[at].children, leaf, depth + 1);
    }
}

impl Node {
    fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let is_alone = self.ends.len() == 1 && self.children.is_empty();
        for end in &self.ends {
            match end {
                End::Plain if is_alone => return self.name.clone(),
                End::As(alias) if is_alone => return format!("{} as {alias}", self.name),
                End::Plain => parts.push("self".to_owned()),
                End::As(alias) => parts.push(format!("self as {alias}")),
                End::Glob => parts.push("*".to_owned()),
            }
        }
        let mut children: Vec<&Self> = self.children.iter().collect();
        children.sort_by_key(|node| &node.name);
        parts.extend(children.into_iter().flat_map(Self::texts));
        match parts.as_slice() {
            [part] if !part.starts_with("self") => format!("{}::{part}", self.name),
            _ => format!("{}::{{{}}}", self.name, parts.join(", ")),
        }
    }

    /// One text, or for a name without children, one per way it is imported.
    fn texts(&self) -> Vec<String> {
        if !self.children.is_empty() {
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
    fn round_trip_keeps_the_tree() {
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
    fn each_crate_gets_its_own_declaration() {
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
