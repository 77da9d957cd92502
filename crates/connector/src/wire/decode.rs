//! A request's bytes, opened: the envelope is split into its sections, each to be read by the one who knows its type.
//!
//! Sections are read straight into their types. Only when that fails is the document read once more, to find out
//! where and why (see [`diagnose`](super::diagnose)).

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::members::end_of_string;
use super::page::PageSection;
use super::place::Place;
use super::section::Section;
use super::strict::Strict;
use super::{Problem, diagnose, outline};
use crate::model::PaginationArgs;

/// A request, split into sections that are not read yet: the JSON text of each that is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sections<'a> {
    pub(super) request: Option<&'a str>,
    pub(super) auth: Option<&'a str>,
    pub(super) credentials: Option<&'a str>,
    pub(super) settings: Option<&'a str>,
    pub(super) page: Option<&'a str>,
    pub(super) include_raw_data: Option<&'a str>,
    pub(super) request_id: Option<&'a str>,
    pub(super) rate_limit: Option<&'a str>,
}

impl<'a> Sections<'a> {
    /// Notes the section of this name. Others are ignored, as unknown fields are.
    pub(super) fn set(&mut self, name: &str, text: &'a str) {
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

/// A request whose envelope has been read.
pub(crate) struct Call<'a> {
    /// The payload's JSON: an object.
    pub(crate) request: &'a str,
    pub(super) auth: Option<&'a str>,
    pub(super) credentials: Option<&'a str>,
    /// The settings' JSON: an object; `{}` if there are none.
    pub(crate) settings: &'a str,
    pub(crate) page: PaginationArgs,
    pub(crate) include_raw_data: bool,
    pub(crate) request_id: Option<String>,
}

/// How many values credentials may hold, and how large they may be as JSON. Logs and messages are searched for each value
/// in some 40 spellings; the largest real credentials, a private key with its certificates, take a third of it.
const MOST_VALUES: usize = 64;
const MOST_BYTES: usize = 32 << 10;
/// Credentials of this size cannot hold more values than that.
const FEW_BYTES: usize = 3 * MOST_VALUES;

impl Call<'_> {
    /// Refuses credentials that are larger than any real ones.
    pub(super) fn check_credentials(&self) -> Result<(), Problem> {
        for (name, json) in [("auth", self.auth), ("credentials", self.credentials)] {
            let size = json.map_or(0, str::len);
            if size > MOST_BYTES {
                return Err(Problem::at(name, format!("larger than {MOST_BYTES} bytes")));
            }
            if size > FEW_BYTES && texts(json.unwrap_or_default()).len() > MOST_VALUES {
                return Err(Problem::at(name, format!("more than {MOST_VALUES} values")));
            }
        }
        Ok(())
    }

    /// Every text in the sections that carry credentials.
    ///
    /// They are found by their quotes, since a section that could not be read as a whole has secrets in it as well.
    pub(crate) fn credential_texts(&self) -> Vec<Zeroizing<String>> {
        [self.auth, self.credentials].into_iter().flatten().flat_map(texts).collect()
    }
}

/// The strings in a JSON text that are no keys.
fn texts(json: &str) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = json.get(at..).and_then(|rest| rest.find('"')).map(|offset| at + offset) {
        let end = end_of_string(json.as_bytes(), begin + 1);
        at = end + 1;
        let is_key = json.get(at..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        if let Some(quoted) = json.get(begin..at).filter(|_| !is_key) {
            let text = serde_json::from_str(quoted).unwrap_or_else(|_| quoted.trim_matches('"').to_owned());
            found.push(Zeroizing::new(text));
        }
    }
    found
}

/// Splits a document into its sections.
pub(super) fn split(bytes: &[u8]) -> Result<Sections<'_>, Problem> {
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
pub(super) fn object(section: Section, text: Option<&str>) -> Result<&str, Problem> {
    let text = text.ok_or_else(|| Problem::missing(section.name()))?;
    of_kind(section.into(), text, "an object")
}

/// Checks that a value is of a kind, as messages call it.
pub(super) fn of_kind<'a>(place: Place, text: &'a str, expected: &str) -> Result<&'a str, Problem> {
    match kind(text) {
        found if found == expected => Ok(text),
        found => Err(Problem::at(place.to_string(), format!("expected {expected}, found {found}"))),
    }
}

/// Reads the settings section: absent and `null` are `{}`.
pub(super) fn settings(text: Option<&str>) -> Result<&str, Problem> {
    match text {
        Some(text) if text != "null" => object(Section::Settings, Some(text)),
        _ => Ok("{}"),
    }
}

/// Reads a section into its type.
pub(crate) fn section<T: DeserializeOwned>(section: Section, text: &str) -> Result<T, Problem> {
    part(section.into(), text)
}

/// Reads a part of a request into its type.
pub(crate) fn part<T: DeserializeOwned>(place: Place, text: &str) -> Result<T, Problem> {
    strict(text).map_err(|error| diagnose::problem::<T>(place, text, &error))
}

/// Reads a text whose structs must be objects.
pub(super) fn strict<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Strict::new(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Reads a section that may be left out.
pub(super) fn optional<T: DeserializeOwned + Default>(
    place: Section,
    text: Option<&str>,
) -> Result<T, Problem> {
    text.map_or_else(|| Ok(T::default()), |text| section(place, text))
}

/// Reads the page section: absent and `null` are the first page.
pub(super) fn page(text: Option<&str>) -> Result<PaginationArgs, Problem> {
    match text {
        Some(text) if text != "null" => {
            section::<PageSection>(Section::Page, object(Section::Page, Some(text))?).map(Into::into)
        }
        _ => Ok(PaginationArgs::default()),
    }
}

/// What serde_json says of a text that is not JSON. Its words for syntax errors never quote the text.
pub(super) fn broken(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let why = said.split(" at line ").next().unwrap_or_default();
    Problem::broken(format_args!(" at line {} column {}: {why}", error.line(), error.column()))
}

fn first_byte(text: &str) -> Option<u8> {
    text.trim_start_matches([' ', '\n', '\r', '\t']).bytes().next()
}

fn kind(text: &str) -> &'static str {
    match first_byte(text) {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
