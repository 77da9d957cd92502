//! Reading JSON straight into its type. Only when that fails is it read once more, to find out where and why (see
//! [`diagnose`](super::diagnose)).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::diagnose;
use super::place::Place;
use super::problem::Problem;
use super::section::Section;
use super::strict::Strict;

/// Reads a section into its type.
pub(crate) fn section<T: DeserializeOwned>(section: Section, text: &str) -> Result<T, Problem> {
    part(section.into(), text)
}

/// Reads a part of a request into its type.
pub(crate) fn part<T: DeserializeOwned>(place: Place, text: &str) -> Result<T, Problem> {
    strict(text).map_err(|error| diagnose::problem::<T>(place, text, &error))
}

/// Reads a text whose structs must be objects.
pub(crate) fn strict<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Strict::new(&mut reader))?;
    reader.end()?;
    Ok(value)
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
