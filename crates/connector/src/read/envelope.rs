//! A request's envelope, split into sections that are each read by who knows their type.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::value::RawValue;

use super::decode::{broken, section};
use super::place::Place;
use super::problem::Problem;
use super::reader::read;
use super::section::Section;

/// A request, split into sections that are not read yet: the JSON text of each that is there. Unknown sections are
/// ignored, and so are unknown fields everywhere.
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

/// The text of a value. That of `null` too, which an `Option` would take for absent.
fn text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a str>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(|value| Some(value.get()))
}

/// Splits a document into its sections.
pub(crate) fn split(bytes: &[u8]) -> Result<Sections<'_>, Problem> {
    check_mark(bytes)?;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::broken(format_args!(": invalid UTF-8 after byte {}", error.valid_up_to()))
    })?;
    read(text).map_err(|fault| match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => fault.problem(Vec::new(), false),
        // The fault may stand before what breaks the document, and that is then the thing to say.
        Err(error) => broken(&error),
    })
}

/// Refuses a byte order mark, as RFC 8259 (section 8.1) allows. Editors write it where nobody sees it.
fn check_mark(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Problem::broken(": the document begins with a byte order mark; send it without"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let why = ": the document is UTF-16; send it as UTF-8 without a byte order mark";
        return Err(Problem::broken(why));
    }
    Ok(())
}

/// Refuses a document that is not a JSON object.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Problem> {
    split(bytes).map(drop)
}

/// Reads a section that must be there and be an object.
pub(crate) fn object(section: Section, text: Option<&str>) -> Result<&str, Problem> {
    let text = text.ok_or_else(|| Problem::missing(section.name()))?;
    of_kind(section.into(), text, "an object")
}

/// Checks that a value is of a kind, as messages call it.
pub(crate) fn of_kind<'a>(place: Place, text: &'a str, expected: &str) -> Result<&'a str, Problem> {
    match kind(text) {
        found if found == expected => Ok(text),
        found => Err(Problem::at(place.to_string(), format!("expected {expected}, found {found}"))),
    }
}

/// Reads the settings section: absent and `null` are `{}`.
pub(crate) fn settings(text: Option<&str>) -> Result<&str, Problem> {
    match text {
        Some(text) if text != "null" => object(Section::Settings, Some(text)),
        _ => Ok("{}"),
    }
}

/// Reads a section that may be left out.
pub(crate) fn optional<T: DeserializeOwned + Default>(
    place: Section,
    text: Option<&str>,
) -> Result<T, Problem> {
    text.map_or_else(|| Ok(T::default()), |text| section(place, text))
}

/// What a JSON text is.
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
