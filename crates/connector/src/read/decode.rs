//! Reading a part of a request into its type.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::place::Place;
use super::problem::Problem;
use super::reader::read;
use super::section::Section;

/// Reads a section into its type.
pub(crate) fn section<T: DeserializeOwned>(section: Section, text: &str) -> Result<T, Problem> {
    part(section.into(), text)
}

/// Reads a part of a request into its type.
pub(crate) fn part<'a, T: Deserialize<'a>>(place: Place, text: &'a str) -> Result<T, Problem> {
    read(text).map_err(|fault| fault.problem(place.steps(), place.is_secret()))
}

/// Reads a text whose structs must be objects.
#[cfg(feature = "conformance")]
pub(crate) fn strict<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    read(text).map_err(serde::de::Error::custom)
}

/// What serde_json says of a text that is not JSON. Its words for syntax errors never quote the text.
pub(super) fn broken(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let why = said.split(" at line ").next().unwrap_or_default();
    Problem::broken(format_args!(" at line {} column {}: {why}", error.line(), error.column()))
}

/// Reads what a type can do without and a wire format requires: for serde's `deserialize_with`.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
