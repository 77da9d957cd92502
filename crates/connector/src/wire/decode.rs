//! A request's bytes, opened: the envelope is split into its sections, each to be read by the one who knows its type.
//!
//! Sections are read straight into their types. Only when that fails is the document read once more, to find out
//! where and why (see [`diagnose`](super::diagnose)).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::page::PageSection;
use super::strict::Strict;
use super::{Problem, diagnose, duplicates};
use crate::model::PaginationArgs;

/// The sections of a request's envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Request,
    Auth,
    Credentials,
    Settings,
    Page,
    IncludeRawData,
    RequestId,
    RateLimit,
}

impl Section {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Auth => "auth",
            Self::Credentials => "credentials",
            Self::Settings => "settings",
            Self::Page => "page",
            Self::IncludeRawData => "include_raw_data",
            Self::RequestId => "request_id",
            Self::RateLimit => "rate_limit",
        }
    }

    /// Whether no message may quote what is in it.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Auth | Self::Credentials | Self::Settings)
    }
}

/// Whether no message may quote what is in the section of this name.
pub(super) fn is_secret_section(name: &str) -> bool {
    [Section::Auth, Section::Credentials, Section::Settings].iter().any(|section| section.name() == name)
}

/// A request, split into sections that are not read yet.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sections<'a> {
    #[serde(borrow, deserialize_with = "present")]
    pub(super) request: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) auth: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) credentials: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) settings: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) page: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) include_raw_data: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) request_id: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "present")]
    pub(super) rate_limit: Option<&'a RawValue>,
}

/// Tells `null` from absent, which `Option` alone does not.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
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

impl Call<'_> {
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
        let end = duplicates::end_of_string(json.as_bytes(), begin + 1);
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
    let sections = match first_byte(text) {
        Some(b'{') => serde_json::from_str(text).map_err(|error| unsplit(text, &error))?,
        _ => {
            // What is no object may still be broken, and that is then the thing to say.
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| broken(&error))?;
            return Err(Problem::at("", format!("expected an object, found {}", kind(text))));
        }
    };
    duplicates::refuse(text)?;
    Ok(sections)
}

/// Why an object could not be split: it is not JSON, or a section stands in it twice.
fn unsplit(text: &str, error: &serde_json::Error) -> Problem {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(error) => broken(&error),
        Ok(_) => duplicates::refuse(text).err().unwrap_or_else(|| broken(error)),
    }
}

/// Refuses a document that is not a JSON object.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Problem> {
    split(bytes).map(drop)
}

/// Reads the payload section, which every request has.
pub(super) fn object(section: Section, raw: Option<&RawValue>) -> Result<&str, Problem> {
    object_text(section, raw.map(RawValue::get))
}

/// Reads a section that must be there and be an object.
pub(super) fn object_text(section: Section, text: Option<&str>) -> Result<&str, Problem> {
    let text = text.ok_or_else(|| Problem::missing(section.name()))?;
    match first_byte(text) {
        Some(b'{') => Ok(text),
        _ => Err(Problem::at(section.name(), format!("expected an object, found {}", kind(text)))),
    }
}

/// Reads the settings section: absent and `null` are `{}`.
pub(super) fn settings(raw: Option<&RawValue>) -> Result<&str, Problem> {
    match raw {
        Some(raw) if raw.get() != "null" => object(Section::Settings, Some(raw)),
        _ => Ok("{}"),
    }
}

/// Reads a section into its type.
pub(crate) fn section<T: DeserializeOwned>(section: Section, text: &str) -> Result<T, Problem> {
    strict(text).map_err(|error| diagnose::problem::<T>(section, text, &error))
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
    raw: Option<&RawValue>,
) -> Result<T, Problem> {
    raw.map_or_else(|| Ok(T::default()), |raw| section(place, raw.get()))
}

/// Reads the page section: absent and `null` are the first page.
pub(super) fn page(raw: Option<&RawValue>) -> Result<PaginationArgs, Problem> {
    match raw {
        Some(raw) if raw.get() != "null" => {
            section::<PageSection>(Section::Page, object(Section::Page, Some(raw))?).map(Into::into)
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
