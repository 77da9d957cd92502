//! Converts paths, `use` declarations and attributes.

use syn::visit::Visit as _;
use syn::{Attribute, ItemUse, Meta, PathArguments};

use super::super::edit::Bytes;
use super::super::rules::PathRule;
use super::super::scope::{after, rejection};
use super::super::source::range;
use super::super::use_tree::{self, Leaf};
use super::Converter;

/// A name in a path, its range, and whether it has type arguments.
pub(super) type Segment = (String, Bytes, bool);

impl Converter<'_> {
    pub(super) fn path(&mut self, path: &syn::Path) {
        let segments: Vec<Segment> = path
            .segments
            .iter()
            .map(|segment| {
                let has_arguments = !matches!(segment.arguments, PathArguments::None);
                (segment.ident.to_string(), range(&segment.ident), has_arguments)
            })
            .collect();
        self.convert_path(&segments);
    }

    pub(super) fn convert_path(&mut self, segments: &[Segment]) {
        let Some((first, place, _)) = segments.first() else { return };
        let names: Vec<String> = segments.iter().map(|(name, ..)| name.clone()).collect();
        let resolved = self.scopes.resolve(&names);
        let import = self.scopes.import(first).cloned();
        let rules = self.rules;
        let Some((length, rule)) = rules.path(&resolved) else { return };
        // A single name that no `use` imports is a variable or an item of this module, not a crate.
        if resolved.len() == 1 && import.is_none() && !matches!(rule, PathRule::To(_)) {
            return;
        }
        let to = match rule {
            PathRule::Drop(reason) | PathRule::Refuse(reason) => {
                return self.reject(place.start, rejection(&resolved, reason));
            }
            PathRule::To(to) => to,
        };
        // Names after those that the rule covers stay in place.
        let kept = resolved.len() - length;
        let Some(replaced) = names.len().checked_sub(kept).filter(|&replaced| replaced > 0) else {
            return; // the rule only affects the import
        };
        if segments[..replaced - 1].iter().any(|(_, _, has_arguments)| *has_arguments) {
            return self
                .reject(place.start, format!("{}: type arguments inside the path", resolved.join("::")));
        }
        let text = match import.and_then(|import| import.after) {
            Some((path, name)) if to.starts_with(&path) => {
                [std::slice::from_ref(&name), &to[path.len()..]].concat().join("::")
            }
            _ => to.join("::"),
        };
        if text != names[..replaced].join("::") {
            self.edits.replace(place.start..segments[replaced - 1].1.end, text);
        }
    }

    pub(super) fn use_item(&mut self, item: &ItemUse) {
        item.attrs.iter().for_each(|attr| self.visit_attribute(attr));
        let leaves = use_tree::leaves(&item.tree);
        let mut kept: Vec<Leaf> = Vec::new();
        for leaf in &leaves {
            match after(leaf, self.rules, &self.survey.modules) {
                Ok(Some(after)) => {
                    if !self.is_already_imported(leaf, &after, !item.attrs.is_empty()) {
                        kept.push(after);
                    }
                }
                Ok(None) => {}
                Err(reason) => self.reject(leaf.place.start, reason),
            }
        }
        let place = range(item);
        if kept.is_empty() && !leaves.is_empty() {
            self.edits.delete(self.source.whole_lines(place));
        } else if leaves.len() != kept.len()
            || leaves.iter().any(|leaf| self.rules.path(&leaf.path).is_some())
        {
            let head = &self.source.text[place.start..range(&item.tree).start];
            let text = use_tree::declarations(&kept, head, self.source.line_before(place.start));
            let tree = range(&item.tree).start;
            // Comments are kept before the replacement, which is before the declaration unless its head contains some.
            if self.source.has_comment(&(place.start..tree)) {
                self.edits.replace(tree..place.end, text.strip_prefix(head).unwrap_or(&text));
            } else {
                self.edits.replace(place, text);
            }
        }
        // Otherwise only names change, and they are renamed in place.
    }

    /// Records an imported name. Returns whether the same path was already imported.
    fn is_already_imported(&mut self, before: &Leaf, after: &Leaf, is_conditional: bool) -> bool {
        if after.is_nameless() || is_conditional {
            return false;
        }
        let has_changed = before.path != after.path || before.name() != after.name();
        let Some(scope) = self.imported.last_mut() else { return false };
        let name = after.name().to_owned();
        match scope.get(&name) {
            Some((path, _)) if *path == after.path => return true,
            Some((path, changed)) if has_changed || *changed => {
                let reason =
                    format!("both {} and {} become {name} here", path.join("::"), after.path.join("::"));
                self.reject(before.place.start, reason);
            }
            _ => {
                scope.insert(name, (after.path.clone(), has_changed));
            }
        }
        false
    }

    pub(super) fn attribute(&mut self, attribute: &Attribute) {
        let path = attribute.path();
        let resolved = self.resolve(path);
        let place = range(attribute);
        let Some(rule) = self.rules.attribute(&resolved) else {
            if resolved.len() > 1
                && let Some((_, PathRule::Refuse(reason) | PathRule::Drop(reason))) =
                    self.rules.path(&resolved)
            {
                self.reject(place.start, rejection(&resolved, reason));
            }
            let conditional = path.is_ident("cfg_attr");
            let contains = |name: &str| conditional && self.rules.has_attribute_of(name);
            if let Some(name) = self
                .source
                .tokens_in(&place)
                .iter()
                .filter_map(|token| token.ident())
                .find(|name| contains(name))
            {
                let reason = format!("{name} in a cfg_attr: write the attribute directly");
                self.reject(place.start, reason);
            }
            return;
        };
        let arguments = match &attribute.meta {
            Meta::List(list) => {
                self.source.tokens_in(&range(list)).iter().filter_map(|token| token.ident()).collect()
            }
            _ => Vec::new(),
        };
        if let Some(argument) =
            arguments.iter().find(|argument| rule.refuse.iter().any(|name| name == **argument))
        {
            let reason = format!("{}: {argument} has no counterpart", resolved.join("::"));
            return self.reject(place.start, reason);
        }
        match &rule.to {
            Some(to) => self.edits.replace(range(&attribute.meta), to.clone()),
            None => {
                let end = self.source.space_after(place.end);
                self.edits.delete(place.start..end);
            }
        }
    }
}
