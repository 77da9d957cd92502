//! A request's envelope, split into sections that are each read by who knows their type.

use serde::de::DeserializeOwned;

use super::decode::{broken, section};
use super::outline;
use super::place::Place;
use super::problem::Problem;
use super::section::Section;

/// A request, split into sections that are not read yet: the JSON text of each that is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sections<'a> {
    pub(crate) request: Option<&'a str>,
    pub(crate) auth: Option<&'a str>,
    pub(crate) credentials: Option<&'a str>,
    pub(crate) settings: Option<&'a str>,
    pub(crate) page: Option<&'a str>,
    pub(crate) include_raw_data: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) rate_limit: Option<&'a str>,
}

impl<'a> Sections<'a> {
    /// Notes the section of this name. Others are ignored, as unknown fields are.
    pub(crate) fn set(&mut self, name: &str, text: &'a str) {
        let section = match name {
            "request" => &mut self.request,
            "auth" => &mut self.auth,
            "credentials" => &mut self.credentials,
            "settings" => &mut self.settings,
            "page" => &mut self.page,
            "include_raw_data" => &mut self.include_raw_data,
            "request_id" => &mut self.request_id,
            "rate_limit" => &mut self.rate_limit,
            _ => return,
        };
        *section = Some(text);
    }
}

/// Splits a document into its sections.
pub(crate) fn split(bytes: &[u8]) -> Result<Sections<'_>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::broken(format_args!(": invalid UTF-8 after byte {}", error.valid_up_to()))
    })?;
    let problem = match first_byte(text) {
        Some(b'{') => match outline::read(text) {
            Ok(sections) => return Ok(sections),
            Err(outline::Fault::Refused(problem)) => problem,
            Err(outline::Fault::Broken) => Problem::broken(""),
        },
        _ => Problem::at("", format!("expected an object, found {}", kind(text))),
    };
    // What is wrong otherwise may still be broken, and that is then the thing to say.
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| broken(&error))?;
    Err(problem)
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

fn first_byte(text: &str) -> Option<u8> {
    text.trim_start_matches([' ', '\n', '\r', '\t']).bytes().next()
}

/// What a JSON text is.
pub(super) fn kind(text: &str) -> &'static str {
    match first_byte(text) {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
