//! Removes imports that are unused after the conversion.

use std::collections::HashSet;

use syn::Item;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::edit::Edits;
use super::not_rust::NotRust;
use super::source::{Kind, Source, range};
use super::use_tree::{self, Leaf};

/// Removes the imports from `converted` whose names `source` used and `converted` doesn't. Imports that were unused
/// before are kept.
///
/// # Errors
/// If `converted` is not Rust.
pub(super) fn tidy(source: &Source, converted: String) -> Result<String, NotRust> {
    let after = Source::parse_converted(converted)?;
    let used_before = used(source);
    let used_after = used(&after);
    let mut tidier = Tidier { source: &after, used_before, used_after, edits: Edits::default() };
    tidier.visit_file(&after.file);
    let edits = tidier.edits;
    let tidied = edits.apply(&after.text, &after.comments).unwrap_or(after.text);
    // If imports at the start of the file were removed, don't leave empty lines there.
    let has_leading_newline = source.text.starts_with(['\r', '\n']);
    Ok(if has_leading_newline { tidied } else { tidied.trim_start_matches(['\r', '\n']).to_owned() })
}

/// The names outside of `use` declarations that start a path or stand alone.
fn used(source: &Source) -> HashSet<String> {
    struct Uses(Vec<super::edit::Bytes>);
    impl<'ast> Visit<'ast> for Uses {
        fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
            self.0.push(range(item));
        }
    }
    let mut uses = Uses(Vec::new());
    uses.visit_file(&source.file);
    let mut names = HashSet::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let follows = |punct: char| at > 0 && source.tokens[at - 1].is_punct(punct);
        if let Kind::Ident(name) = &token.kind
            && !(follows(':') && at > 1 && source.tokens[at - 2].is_punct(':'))
            && !follows('.')
            && !uses.0.iter().any(|place| place.contains(&token.range.start))
        {
            names.insert(name.clone());
        }
    }
    names
}

struct Tidier<'a> {
    source: &'a Source,
    used_before: HashSet<String>,
    used_after: HashSet<String>,
    edits: Edits,
}

impl Tidier<'_> {
    fn is_unused_now(&self, leaf: &Leaf) -> bool {
        !leaf.is_nameless()
            && self.used_before.contains(leaf.name())
            && !self.used_after.contains(leaf.name())
    }
}

impl<'ast> Visit<'ast> for Tidier<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let Item::Use(item) = item else { return visit::visit_item(self, item) };
        if !matches!(item.vis, syn::Visibility::Inherited) {
            return;
        }
        let leaves = use_tree::leaves(&item.tree);
        let kept: Vec<Leaf> = leaves.iter().filter(|leaf| !self.is_unused_now(leaf)).cloned().collect();
        if kept.len() == leaves.len() {
            return;
        }
        let place = range(item);
        if kept.is_empty() {
            self.edits.delete(self.source.whole_lines(place));
        } else {
            let tree = item.tree.span().byte_range();
            let head = &self.source.text[place.start..tree.start];
            let text = use_tree::declarations(&kept, head, "");
            self.edits.replace(tree.start..place.end, text.strip_prefix(head).unwrap_or(&text));
        }
    }
}
