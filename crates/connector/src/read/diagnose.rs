//! Finds out where and why a section could not be read.
//!
//! The section is read again, from a tree, by a deserializer that knows where it is and whose errors keep what went
//! wrong instead of a text that quotes values. Slow, and only ever used on the way to an error.

mod fault;
mod node;
mod search;
mod tree;

use serde::de::DeserializeOwned;

use self::fault::{Fault, What};
use self::search::{Read, Search};
use self::tree::{Id, Kind, ROOT, Tree};
use super::place::{self, Place};
use super::problem::Problem;

/// Why `text` is no `T`; `error` is what reading it said.
pub(crate) fn problem<T: DeserializeOwned>(from: Place, text: &str, error: &serde_json::Error) -> Problem {
    if crate::secret::is_collecting() {
        return Problem::at(from.to_string(), "invalid value");
    }
    // All that is the same for every type is compiled once.
    explain(from, text, error, &|tree| node::read::<T>(tree).map(drop))
}

fn explain(from: Place, text: &str, error: &serde_json::Error, read: &Read<'_>) -> Problem {
    let tree = match Tree::parse(text) {
        Ok(tree) => tree,
        Err((tree, id, error)) => return unreadable(from, tree, id, &error, read),
    };
    let Some(Err(fault)) = quietly(|| read(&tree)) else {
        let near = if from.is_secret() { String::new() } else { format!(" near column {}", error.column()) };
        return Problem::at(from.to_string(), format!("invalid value{near}"));
    };
    let top = fault.at.unwrap_or(ROOT);
    let (id, is_exact, path) = quietly(|| {
        let search = Search::new(&tree, read, &fault);
        let found = match tree.kind(top) {
            Kind::Array(_) | Kind::Object(_) => search.place(),
            _ => Some(top),
        };
        let id = found.unwrap_or(top);
        (id, found.is_some(), path(from, &tree, id, &search))
    })
    .unwrap_or_else(|| (top, false, from.steps()));
    say(from, &tree, &fault, id, is_exact, path)
}

fn say(from: Place, tree: &Tree, fault: &Fault, id: Id, is_exact: bool, mut path: Vec<String>) -> Problem {
    match &fault.what {
        What::Missing(field) | What::Twice(field) if is_exact => path.push(place::key(field)),
        What::Missing(field) => {
            return Problem::at(place::path(&path), format!("something in it lacks {field:?}"));
        }
        What::Twice(field) => {
            return Problem::at(place::path(&path), format!("something in it has {field:?} under two names"));
        }
        What::Unknown { key, .. } if !from.is_secret() && tree.field(id, key).is_some() => {
            path.push(place::key(key));
        }
        _ => {}
    }
    Problem::at(place::path(&path), fault.what.say(from.is_secret()))
}

/// The document as a whole is valid JSON, so what stops here is its depth, or a number or an escape beyond reach.
fn unreadable(from: Place, mut tree: Tree, id: Id, error: &serde_json::Error, read: &Read<'_>) -> Problem {
    // As a node that no type takes, so that reading the tree comes as far as that.
    tree.poison(id);
    let path = quietly(|| {
        let fault = read(&tree).err().unwrap_or_else(|| Fault::new(What::Own(String::new())));
        path(from, &tree, id, &Search::new(&tree, read, &fault))
    });
    let path = path.unwrap_or_else(|| from.steps());
    let said = error.to_string();
    Problem::at(place::path(&path), said.split(" at line ").next().unwrap_or_default())
}

/// The steps to a node. A key is not shown where no value is and it may be the caller's own text, as a value is.
fn path(from: Place, tree: &Tree, id: Id, search: &Search<'_>) -> Vec<String> {
    let mut lineage: Vec<Id> = tree.lineage(id).collect();
    lineage.reverse();
    let below = lineage.into_iter().filter(|id| *id != ROOT);
    let steps = below.map(|id| match (tree.key(id), tree.index(id)) {
        (Some(key), _) if !from.is_secret() || search.is_known(id) => place::key(key),
        (Some(_), _) => "*".to_owned(),
        (None, index) => format!("[{}]", index.unwrap_or_default()),
    });
    from.steps().into_iter().chain(steps).collect()
}

/// Runs code that reads an author's types again and again, whatever they log, collect or do about odd input.
fn quietly<T>(search: impl FnOnce() -> T) -> Option<T> {
    let mut found = None;
    crate::scrub::quietly(|| drop(crate::secret::collect(|| found = Some(search()))));
    found
}
