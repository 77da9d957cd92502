//! Finds the node that is to blame where serde hides it.
//!
//! Derived code reads the content of internally tagged and untagged enums and of flattened structs into a buffer
//! first, and reads its types from there: an error then has no place but that of the whole. What happens inside can
//! still be watched from outside, by reading variants of the document and seeing what becomes of the error:
//!
//! - A *poisoned* node is of a type that nothing takes, and the error that it causes names it. So what is read in
//!   which order comes to light, and the node that was read last before the error is where it happened.
//! - A field that is said to be missing is put in, poisoned, into one object after the other, until it is read.
//! - What can be removed without a change of the error is not its reason.

use std::cell::Cell;

use super::fault::{Fault, Found, What};
use super::tree::{Id, Kind, ROOT, Tree};

/// Reads a tree as the section's type.
pub(super) type Read<'a> = dyn Fn(&Tree) -> Result<(), Fault> + 'a;

/// How many nodes are read at the most, over all variants: some milliseconds' worth. A document that is too large for
/// that keeps the place that is known.
const NODES: usize = 100_000;
/// How many variants are read at the most: an author's types may do costly things.
const VARIANTS: usize = 500;
/// The same for finding out which keys on a path may be shown, where the document is too large for more.
const NODES_FOR_NAMES: usize = 400_000;
const NAMES: usize = 8;
/// A key that no type has.
const STRANGE: &str = "\u{fffd}strange";

pub(super) struct Search<'a> {
    tree: &'a Tree,
    read: &'a Read<'a>,
    fault: &'a Fault,
    left: Cell<usize>,
    left_for_names: Cell<usize>,
}

/// What a variant came to. `None` in its place stands for an exhausted search.
type Outcome = Result<(), Fault>;

impl<'a> Search<'a> {
    /// A search for the reason of `fault`, which is what `read` says of `tree`.
    pub(super) fn new(tree: &'a Tree, read: &'a Read<'a>, fault: &'a Fault) -> Self {
        let size = tree.len().max(1);
        let left = (NODES / size).min(VARIANTS);
        let left_for_names = left.max((NODES_FOR_NAMES / size).min(NAMES));
        Self { tree, read, fault, left: Cell::new(left), left_for_names: Cell::new(left_for_names) }
    }

    /// The node where the fault is: below the one where it came to light, or that one. `None` if it was not found.
    pub(super) fn place(&self) -> Option<Id> {
        let top = self.fault.at.unwrap_or(ROOT);
        match &self.fault.what {
            What::Missing(field) => self.lacking(top, field),
            What::Unknown { key, .. } => self.holding(top, key),
            What::Twice(field) => self.holding(top, field),
            What::Key { .. } => Some(top),
            What::Length { items, .. } => {
                let last = self.walk(top, self.tree.clone())?.last;
                // Its last item is what was read last: the array is above it.
                let is_array =
                    |id: &Id| matches!(self.tree.kind(*id), Kind::Array(below) if below.len() == *items);
                self.tree.lineage(last).take_while(|id| self.is_within(top, *id)).filter(is_array).last()
            }
            What::Type { .. } | What::Name { .. } => match self.fault.found() {
                Some(found) => {
                    let last = self.walk(top, self.tree.clone())?.last;
                    self.is_found(last, &found).then_some(last)
                }
                None => self.between(top),
            },
            What::NoVariant(_) | What::Own(_) => self.between(top),
        }
    }

    /// Whether the node's key is a name that the type has, and none that a caller made up.
    pub(super) fn is_known(&self, id: Id) -> bool {
        if self.tree.get(id).is_none_or(|entry| entry.known.get()) {
            return true;
        }
        // A name that only the type can know does not do the same under another.
        let mut strange = self.tree.clone();
        strange.rename(id, STRANGE);
        if self.is_missed(&strange, |fault| fault == self.fault) {
            return true;
        }
        // The fault may have a twin behind it, that shows when the node is not read.
        let mut spoilt = self.tree.clone();
        spoilt.poison(id);
        let is_poison = |fault: &Fault| fault.poison() == Some(id);
        let is_read =
            self.name_outcome(&spoilt).is_some_and(|outcome| outcome.is_err_and(|fault| is_poison(&fault)));
        strange.poison(id);
        is_read && self.is_missed(&strange, is_poison)
    }

    /// Whether a variant in which a key is replaced by a strange one comes to something else, and not because the
    /// key lacks a form that keys have there.
    fn is_missed(&self, strange: &Tree, is_as_before: impl Fn(&Fault) -> bool) -> bool {
        match self.name_outcome(strange) {
            Some(Err(fault)) => {
                let is_of_form = match &fault.what {
                    What::Own(_) | What::Key { .. } => false,
                    What::NoVariant(_) => fault.what == self.fault.what,
                    What::Type { found: Found::Text(text), .. } => text != STRANGE,
                    _ => true,
                };
                is_of_form && !is_as_before(&fault)
            }
            Some(Ok(())) => true,
            None => false,
        }
    }

    fn name_outcome(&self, tree: &Tree) -> Option<Outcome> {
        self.left_for_names.set(self.left_for_names.get().checked_sub(1)?);
        Some((self.read)(tree))
    }

    /// What is read of `tree`; `None` if the search has gone on for too long.
    fn outcome(&self, tree: &Tree) -> Option<Outcome> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some((self.read)(tree))
    }

    fn is_same(&self, tree: &Tree) -> Option<bool> {
        Some(self.outcome(tree)?.is_err_and(|fault| fault == *self.fault))
    }

    fn is_within(&self, top: Id, id: Id) -> bool {
        self.tree.lineage(id).any(|above| above == top)
    }

    fn is_found(&self, id: Id, found: &Found) -> bool {
        let kind = self.tree.kind(id);
        match (kind, found) {
            // A variant's name may be the key of its content.
            (Kind::Object(fields), Found::Text(name)) if fields.len() == 1 => {
                fields.iter().any(|field| self.tree.key(*field) == Some(name))
            }
            _ => Found::of(kind) == *found,
        }
    }

    /// The object that lacks a field.
    fn lacking(&self, top: Id, field: &str) -> Option<Id> {
        let is_lacking =
            |id: &Id| matches!(self.tree.kind(*id), Kind::Object(_)) && self.tree.field(*id, field).is_none();
        for id in self.tree.hidden(top).into_iter().filter(is_lacking) {
            let is_read = |key: &str| {
                let mut with = self.tree.clone();
                let poison = with.add_poison(id, Some(key));
                Some(self.outcome(&with)?.is_err_and(|fault| fault.poison() == Some(poison)))
            };
            // The other two are an object that need not have the field, and one that takes any.
            if is_read(field)? && !self.is_same_with_null(id, field)? && !is_read(STRANGE)? {
                return Some(id);
            }
        }
        None
    }

    fn is_same_with_null(&self, object: Id, field: &str) -> Option<bool> {
        let mut with = self.tree.clone();
        with.add(object, Some(field), Kind::Null);
        self.is_same(&with)
    }

    /// The object that has a field too many, or under two names.
    fn holding(&self, top: Id, key: &str) -> Option<Id> {
        let fields = self.tree.hidden(top).into_iter().filter_map(|id| self.tree.field(id, key));
        self.removable(fields.collect()).map(|field| self.tree.get(field).map_or(top, |entry| entry.above))
    }

    /// The first of `nodes` that the fault needs, when all after it are gone.
    fn removable(&self, nodes: Vec<Id>) -> Option<Id> {
        let mut less = self.tree.clone();
        for id in nodes.into_iter().rev() {
            less.remove(id);
            if !self.is_same(&less)? {
                return Some(id);
            }
        }
        None
    }

    /// The place of a fault that does not tell what it found. It comes of the node that was read last before it, or
    /// of one above when that was complete: objects turned around and arrays made longer bring that to light.
    fn between(&self, top: Id) -> Option<Id> {
        let mut spoilt = self.tree.clone();
        spoilt.poison(top);
        // Of an untagged enum nothing is seen but that no form fits, poisoned or not.
        if self.is_same(&spoilt)? {
            return Some(top);
        }
        let there = self.walk(top, self.tree.clone())?;
        if let Some(id) = self.removable(there.unread) {
            return Some(id);
        }
        let mut around = self.tree.clone();
        for id in self.tree.hidden(top) {
            match self.tree.kind(id) {
                Kind::Object(_) => around.reverse(id),
                Kind::Array(_) => _ = around.add(id, None, Kind::Null),
                _ => {}
            }
        }
        let back = self.walk(top, around)?;
        Some(self.tree.common(there.last, back.last))
    }

    /// Reads `tree` node by node: all below `top` is poisoned, and each node is made good when the poison shows that
    /// it is read, until the fault itself shows.
    fn walk(&self, top: Id, mut tree: Tree) -> Option<Walk> {
        let full = tree.clone();
        let mut last = top;
        self.open(&mut tree, &full, top);
        loop {
            let fault = match self.outcome(&tree)? {
                Err(fault) if fault == *self.fault => break,
                Err(fault) => fault,
                Ok(()) => return None,
            };
            last = match fault.poison() {
                Some(id) if tree.is_poisoned(id) => {
                    self.open(&mut tree, &full, id);
                    id
                }
                Some(_) => return None,
                None => self.swallowed(&mut tree, &full, top, &fault)?,
            };
            if last >= self.tree.len() {
                // An item that was added: all of its array has been read.
                tree.remove(last);
                last = full.get(last)?.above;
            }
        }
        let unread = self.tree.hidden(top).into_iter().filter(|id| tree.is_poisoned(*id)).collect();
        Some(Walk { last, unread })
    }

    /// Makes a node good, and poisons what is hidden in it.
    fn open(&self, tree: &mut Tree, full: &Tree, id: Id) {
        tree.set(id, full.kind(id).clone());
        for child in full.children(id).iter().filter(|child| self.tree.is_hidden(**child)) {
            tree.poison(*child);
        }
    }

    /// Makes the poisoned node good that `fault` comes of without naming it, with all below it.
    fn swallowed(&self, tree: &mut Tree, full: &Tree, top: Id, fault: &Fault) -> Option<Id> {
        for id in self.tree.hidden(top).into_iter().filter(|id| tree.is_poisoned(*id)) {
            let mut good = tree.clone();
            good.set(id, full.kind(id).clone());
            if self.outcome(&good)?.err().as_ref() != Some(fault) {
                *tree = good;
                return Some(id);
            }
        }
        None
    }
}

struct Walk {
    /// The node that was read last before the fault.
    last: Id,
    /// Nodes that were not seen to be read.
    unread: Vec<Id>,
}
