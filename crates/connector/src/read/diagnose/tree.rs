//! [`Tree`]: a section's document, taken apart so that variants of it can be read.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// A node, by its place in [`Tree`]. It keeps its id in every variant of the tree.
pub(super) type Id = usize;

/// The id of a section's own value.
pub(super) const ROOT: Id = 0;

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Rc<str>),
    Array(Vec<Id>),
    Object(Vec<Id>),
    /// Bytes, which JSON does not have: no type takes them, and the error that comes of it shows which node they are.
    Poison(Rc<[u8]>),
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) above: Id,
    /// In an object.
    pub(super) key: Option<Rc<str>>,
    /// Whether `key` is a name that a type was seen to have.
    pub(super) known: Cell<bool>,
    /// Whether a type was seen to read the node itself, and not by way of a buffer of whatever comes. Of such a node
    /// an error has its exact place.
    pub(super) typed: Cell<bool>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    entries: Vec<Entry>,
}

impl Tree {
    /// Takes a text apart.
    ///
    /// # Errors
    /// The node where that is not possible, in a tree that goes as far as that, and why.
    pub(super) fn parse(text: &str) -> Result<Self, (Self, Id, serde_json::Error)> {
        let mut tree = Self::default();
        let mut open = Vec::new();
        let mut reader = serde_json::Deserializer::from_str(text);
        let grown = Grow { tree: &mut tree, open: &mut open, above: ROOT, key: None }
            .deserialize(&mut reader)
            .and_then(|()| reader.end());
        match grown {
            Ok(()) => Ok(tree),
            Err(error) => Err((tree, open.last().copied().unwrap_or(ROOT), error)),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, id: Id) -> Option<&Entry> {
        self.entries.get(id)
    }

    pub(super) fn kind(&self, id: Id) -> &Kind {
        self.get(id).map_or(&Kind::Null, |entry| &entry.kind)
    }

    pub(super) fn children(&self, id: Id) -> &[Id] {
        match self.kind(id) {
            Kind::Array(below) | Kind::Object(below) => below,
            _ => &[],
        }
    }

    /// The node and all above it, the innermost first.
    pub(super) fn lineage(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(id), |id| (*id != ROOT).then(|| self.get(*id).map(|node| node.above))?)
    }

    /// Whether what is wrong with the node may come to light only above it.
    pub(super) fn is_hidden(&self, id: Id) -> bool {
        self.get(id).is_none_or(|entry| !entry.typed.get())
    }

    /// The node and all that are hidden below it, in the order of the document.
    pub(super) fn hidden(&self, id: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            found.push(id);
            next.extend(self.children(id).iter().rev().filter(|child| self.is_hidden(**child)));
        }
        found
    }

    /// The innermost node that has both below it or is one of them.
    pub(super) fn common(&self, one: Id, other: Id) -> Id {
        let above: HashSet<Id> = self.lineage(other).collect();
        self.lineage(one).find(|id| above.contains(id)).unwrap_or(ROOT)
    }

    pub(super) fn key(&self, id: Id) -> Option<&str> {
        self.get(id)?.key.as_deref()
    }

    /// The field of an object.
    pub(super) fn field(&self, object: Id, key: &str) -> Option<Id> {
        self.children(object).iter().copied().find(|id| self.key(*id) == Some(key))
    }

    /// The node's place in its array.
    pub(super) fn index(&self, id: Id) -> Option<usize> {
        self.children(self.get(id)?.above).iter().position(|child| *child == id)
    }

    /// As serde_json's own value.
    pub(super) fn value(&self, id: Id) -> Value {
        match self.kind(id) {
            Kind::Null | Kind::Poison(_) => Value::Null,
            Kind::Bool(flag) => Value::Bool(*flag),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Text(text) => Value::String(text.as_ref().to_owned()),
            Kind::Array(items) => items.iter().map(|item| self.value(*item)).collect(),
            Kind::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|id| (self.key(*id).unwrap_or_default().to_owned(), self.value(*id)))
                    .collect(),
            ),
        }
    }
}

/// What is changed to make a variant.
impl Tree {
    pub(super) fn set(&mut self, id: Id, kind: Kind) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.kind = kind;
        }
    }

    pub(super) fn poison(&mut self, id: Id) {
        self.set(id, poison(id));
    }

    pub(super) fn is_poisoned(&self, id: Id) -> bool {
        matches!(self.kind(id), Kind::Poison(_))
    }

    pub(super) fn remove(&mut self, id: Id) {
        let Some(above) = self.get(id).map(|entry| entry.above) else { return };
        if let Some(Entry { kind: Kind::Array(below) | Kind::Object(below), .. }) =
            self.entries.get_mut(above)
        {
            below.retain(|child| *child != id);
        }
    }

    pub(super) fn rename(&mut self, id: Id, key: &str) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.key = Some(key.into());
        }
    }

    /// Adds a node at the end of an array or, with a key, of an object.
    pub(super) fn add(&mut self, above: Id, key: Option<&str>, kind: Kind) -> Id {
        let id = self.push(above, key.map(Rc::from), kind);
        if let Some(Entry { kind: Kind::Array(below) | Kind::Object(below), .. }) =
            self.entries.get_mut(above)
        {
            below.push(id);
        }
        id
    }

    /// Adds poison at the end.
    pub(super) fn add_poison(&mut self, above: Id, key: Option<&str>) -> Id {
        self.add(above, key, poison(self.len()))
    }

    pub(super) fn reverse(&mut self, id: Id) {
        if let Some(Entry { kind: Kind::Object(fields), .. }) = self.entries.get_mut(id) {
            fields.reverse();
        }
    }

    fn push(&mut self, above: Id, key: Option<Rc<str>>, kind: Kind) -> Id {
        self.entries.push(Entry { kind, above, key, known: Cell::new(false), typed: Cell::new(false) });
        self.len() - 1
    }
}

fn poison(id: Id) -> Kind {
    // No UTF-8, since text is taken where bytes are expected to be it.
    Kind::Poison([b"\xff", id.to_string().as_bytes()].concat().into())
}

/// The node that the bytes of [`Kind::Poison`] are.
pub(super) fn poisoned(bytes: &[u8]) -> Option<Id> {
    std::str::from_utf8(bytes.strip_prefix(b"\xff")?).ok()?.parse().ok()
}

/// The same, after the bytes were taken for text.
pub(super) fn poisoned_text(text: &str) -> Option<Id> {
    text.strip_prefix(char::REPLACEMENT_CHARACTER)?.parse().ok()
}

/// Reads a value into the tree.
struct Grow<'t> {
    tree: &'t mut Tree,
    /// The nodes that are being read: on an error, where it happened.
    open: &'t mut Vec<Id>,
    above: Id,
    key: Option<String>,
}

impl<'de> DeserializeSeed<'de> for Grow<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { tree, open, above, key } = self;
        let id = match tree.len() {
            ROOT => tree.push(ROOT, None, Kind::Null),
            _ => tree.add(above, key.as_deref(), Kind::Null),
        };
        open.push(id);
        deserializer.deserialize_any(GrowAt { tree, open, id })?;
        open.pop();
        Ok(())
    }
}

/// Reads what a node is.
struct GrowAt<'t> {
    tree: &'t mut Tree,
    open: &'t mut Vec<Id>,
    id: Id,
}

impl GrowAt<'_> {
    fn is<E>(self, kind: Kind) -> Result<(), E> {
        self.tree.set(self.id, kind);
        Ok(())
    }

    fn below(&mut self, key: Option<String>) -> Grow<'_> {
        Grow { tree: self.tree, open: self.open, above: self.id, key }
    }
}

impl<'de> Visitor<'de> for GrowAt<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.is(Kind::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.is(Kind::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.is(Kind::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.is(Kind::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.is(Number::from_f64(number).map_or(Kind::Null, Kind::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.is(Kind::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        self.tree.set(self.id, Kind::Array(Vec::new()));
        while access.next_element_seed(self.below(None))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        self.tree.set(self.id, Kind::Object(Vec::new()));
        while let Some(key) = access.next_key::<String>()? {
            access.next_value_seed(self.below(Some(key)))?;
        }
        Ok(())
    }
}
