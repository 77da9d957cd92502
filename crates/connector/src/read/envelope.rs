//! Splits a request's envelope into sections, which are deserialized later by code that knows their types.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::value::RawValue;

use super::decode::{malformed, section};
use super::place::Place;
use super::problem::Problem;
use super::reader::read;
use super::section::Section;

/// A request's sections, each as unparsed JSON text if present. Unknown sections are ignored, and so are unknown fields
/// everywhere.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sections<'a> {
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) request: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) auth: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) credentials: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) settings: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) page: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) include_raw_data: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) request_id: Option<&'a str>,
    #[serde(borrow, deserialize_with = "text")]
    pub(crate) rate_limit: Option<&'a str>,
}

/// Returns the JSON text of a value, including `null`, which an `Option` would treat as absent.
fn text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a str>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(|value| Some(value.get()))
}

/// Splits a document into its sections.
pub(crate) fn split(bytes: &[u8]) -> Result<Sections<'_>, Problem> {
    check_mark(bytes)?;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::malformed(format_args!(": invalid UTF-8 after byte {}", error.valid_up_to()))
    })?;
    read(text).map_err(|fault| match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => fault.problem(Vec::new(), false),
        // A syntax error after the fault takes precedence.
        Err(error) => malformed(&error),
    })
}

/// Rejects a byte order mark, as RFC 8259 (section 8.1) allows. Editors add it invisibly.
fn check_mark(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Problem::malformed(": the document starts with a byte order mark; send it without one"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let why = ": the document is UTF-16; send it as UTF-8 without a byte order mark";
        return Err(Problem::malformed(why));
    }
    Ok(())
}

/// Rejects a document that isn't a JSON object.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Problem> {
    split(bytes).map(drop)
}

/// Returns a required section, which must be an object.
pub(crate) fn object(section: Section, text: Option<&str>) -> Result<&str, Problem> {
    let text = text.ok_or_else(|| Problem::required(section.name()))?;
    of_kind(section.into(), text, "an object")
}

/// Checks that a value is of a JSON type, named as in messages.
pub(crate) fn of_kind<'a>(place: Place, text: &'a str, expected: &str) -> Result<&'a str, Problem> {
    match kind(text) {
        found if found == expected => Ok(text),
        found => Err(Problem::at(place.to_string(), format!("expected {expected}, found {found}"))),
    }
}

/// Returns the settings section, or `{}` if it is absent or `null`.
pub(crate) fn settings(text: Option<&str>) -> Result<&str, Problem> {
    match text {
        Some(text) if text != "null" => object(Section::Settings, Some(text)),
        _ => Ok("{}"),
    }
}

/// Deserializes an optional section.
pub(crate) fn optional<T: DeserializeOwned + Default>(
    place: Section,
    text: Option<&str>,
) -> Result<T, Problem> {
    text.map_or_else(|| Ok(T::default()), |text| section(place, text))
}

/// Returns the type of a JSON text, as named in messages.
pub(super) fn kind(text: &str) -> &'static str {
    match text.trim_start_matches([' ', '\n', '\r', '\t']).bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
