//! Deserializes parts of a request.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::place::Place;
use super::problem::Problem;
use super::reader::read;
use super::section::Section;

/// Deserializes a section.
pub(crate) fn section<T: DeserializeOwned>(section: Section, text: &str) -> Result<T, Problem> {
    part(section.into(), text)
}

/// Deserializes a part of a request.
pub(crate) fn part<'a, T: Deserialize<'a>>(place: Place, text: &'a str) -> Result<T, Problem> {
    read(text).map_err(|fault| fault.problem(place.steps(), place.is_secret()))
}

/// Deserializes a document, accepting only objects for structs.
#[cfg(feature = "conformance")]
pub(crate) fn strict<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    read(text).map_err(serde::de::Error::custom)
}

/// Describes a JSON syntax error. `serde_json` never quotes the input in these.
pub(super) fn malformed(error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    let why = message.split(" at line ").next().unwrap_or_default();
    Problem::malformed(format_args!(" at line {} column {}: {why}", error.line(), error.column()))
}

/// For serde's `deserialize_with`: reads a field that is optional in the model but required by a wire format.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Why a text isn't a `T`, with the path of the value, such as `items[3].id`. It quotes no values.
#[cfg(feature = "client")]
pub(crate) fn why_not<T: DeserializeOwned>(text: &str) -> Option<String> {
    read::<T>(text).err().map(|fault| fault.to_string())
}
