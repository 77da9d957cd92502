//! [`Fault`]: why and where a text can't be deserialized.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::name::Name;
use super::place;
use super::problem::{Problem, one_of, unknown_value};
use crate::scrub::CUT;

/// The maximum number of characters of a custom error message.
const MAX_CUSTOM: usize = 200;

/// The names of a type's fields or variants.
pub(super) type Names = &'static [&'static str];

/// A deserialization error. It contains no values, only names, which [`Fault::problem`] may show.
#[derive(Debug)]
pub(super) struct Fault {
    what: What,
    /// Whether the field in `what` belongs to the object at this location, rather than to one inside it.
    is_here: bool,
    /// The path to the location, innermost step first. Data that a type interprets itself, such as flattened or
    /// untagged data, adds no steps.
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Item(usize),
    /// `is_known`: the type has a field with this name, so the name doesn't come from the caller.
    Field {
        name: String,
        is_known: bool,
    },
}

#[derive(Debug)]
enum What {
    /// A required field is missing.
    Missing(&'static str),
    /// A field occurs twice.
    Duplicate(&'static str),
    /// A field that the type doesn't have.
    Unknown { name: String, expected: Option<Names> },
    /// A value of the wrong type, or, if `is_rejected`, of the right type but not allowed.
    Type { expected: String, found: Option<&'static str>, is_rejected: bool },
    /// An array of the wrong length.
    Length { expected: String, items: usize },
    /// A name that isn't in a fixed set.
    Name { name: String, expected: Names },
    /// A key that isn't valid in its map.
    Key { expected: &'static str },
    /// No variant of an untagged enum matches.
    NoVariant,
    /// A custom error message of a type, which may quote the value.
    Custom(String),
    /// An error message of `serde_json`.
    Json(&'static str),
}

impl What {
    const fn at_top(self) -> Fault {
        Fault { what: self, is_here: false, steps: Vec::new() }
    }

    /// Describes the fault for people. Doesn't contain values, except names of up to 20 characters unless the section
    /// `is_secret`.
    fn describe(&self, is_here: bool, is_secret: bool) -> String {
        match self {
            Self::Missing(name) => format!("{name:?} is required here or further inside"),
            Self::Duplicate(_) if is_here => "duplicate key".to_owned(),
            Self::Duplicate(name) => format!("duplicate key {name:?} here or further inside"),
            Self::Unknown { name, expected } => {
                let is_shown = !is_here && !is_secret && name.chars().count() <= 20;
                let name = if is_shown { format!(" {name:?}") } else { String::new() };
                let expected = match expected {
                    None => String::new(),
                    Some([]) => ", expected none".to_owned(),
                    Some(names) => format!(", expected {}", one_of(names)),
                };
                format!("unknown field{name}{expected}")
            }
            Self::Type { expected, found: None, .. } => format!("expected {expected}"),
            Self::Type { expected, found: Some(found), is_rejected } => {
                let rejected = if *is_rejected { " that is not allowed" } else { "" };
                format!("expected {expected}, found {found}{rejected}")
            }
            Self::Length { expected, items } => format!("expected {expected}, found {items} items"),
            Self::Name { expected, .. } if is_secret => {
                format!("unknown value, expected {}", one_of(expected))
            }
            Self::Name { name, expected } => unknown_value(name, expected),
            Self::Key { expected } => format!("expected {expected} as the key"),
            Self::NoVariant => "matches none of the allowed forms".to_owned(),
            Self::Custom(_) if is_secret => "invalid value".to_owned(),
            Self::Custom(text) => text.clone(),
            Self::Json(text) => (*text).to_owned(),
        }
    }
}

impl Fault {
    /// Converts an error that `serde_json` reports for syntactically valid JSON. Other errors of it quote values.
    pub(super) fn json(error: &impl fmt::Display) -> Self {
        const KNOWN: &[&str] = &[
            "lone leading surrogate in hex escape",
            "number out of range",
            "recursion limit exceeded",
            "unexpected end of hex escape",
        ];
        let text = error.to_string();
        let known = KNOWN.iter().find(|known| text.starts_with(**known));
        What::Json(known.unwrap_or(&"invalid value")).at_top()
    }

    /// A value of this type where another type is expected.
    pub(super) fn of_type(expected: &dyn Expected, found: &'static str) -> Self {
        What::Type { expected: json_terms(expected), found: Some(found), is_rejected: false }.at_top()
    }

    pub(super) const fn of_key(expected: &'static str) -> Self {
        What::Key { expected }.at_top()
    }

    /// Adds the context of an object whose type has these fields.
    pub(super) fn of_fields(self, names: Names) -> Self {
        match self.what {
            What::Missing(name) | What::Duplicate(name) if self.steps.is_empty() && names.contains(&name) => {
                self.here()
            }
            _ => self,
        }
    }

    pub(super) fn here(self) -> Self {
        Self { is_here: true, ..self }
    }

    /// Adds the context of an object's field.
    pub(super) fn in_field(mut self, name: &Name<'_>, names: Names) -> Self {
        // A type with flattened fields doesn't declare its names, but reads them as identifiers. It only buffers the
        // values of other fields, which fails if they can't be read at all.
        let is_known =
            names.contains(&name.text.as_ref()) || name.is_identifier && !matches!(self.what, What::Json(_));
        self.steps.push(Step::Field { name: name.text.as_ref().to_owned(), is_known });
        self
    }

    /// Adds the context of an array's item.
    pub(super) fn in_item(mut self, index: usize) -> Self {
        self.steps.push(Step::Item(index));
        self
    }

    /// Converts the fault for people. `path` is the location of what was read. If it `is_secret`, nothing that the
    /// caller wrote is quoted.
    pub(super) fn problem(&self, mut path: Vec<String>, is_secret: bool) -> Problem {
        path.extend(self.steps.iter().rev().map(|step| match step {
            Step::Item(index) => format!("[{index}]"),
            Step::Field { name, is_known } if *is_known || !is_secret => place::key(name),
            Step::Field { .. } => "*".to_owned(),
        }));
        match &self.what {
            What::Missing(name) | What::Duplicate(name) if self.is_here => path.push(place::key(name)),
            What::Unknown { name, .. } if self.is_here && !is_secret => path.push(place::key(name)),
            _ => {}
        }
        let path = place::path(&path);
        match &self.what {
            What::Missing(_) if self.is_here => Problem::required(path),
            what => Problem::at(path, what.describe(self.is_here, is_secret)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem(Vec::new(), true).fmt(f)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        // Derived code reports these two only as text.
        if text.starts_with("data did not match any variant of untagged enum ") {
            return What::NoVariant.at_top();
        }
        if let Some(name) = text.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')) {
            return What::Unknown { name: name.to_owned(), expected: None }.at_top();
        }
        let mut shown: String = text.chars().take(MAX_CUSTOM).collect();
        if shown.len() < text.len() {
            // The cut may split a secret. The scrubber looks for the beginning of a secret before this character.
            shown.push(CUT);
        }
        What::Custom(shown.replace(char::is_control, " ")).at_top()
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        What::Type { expected: json_terms(expected), found: kind(&found), is_rejected: false }.at_top()
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        What::Type { expected: json_terms(expected), found: kind(&found), is_rejected: true }.at_top()
    }

    fn invalid_length(items: usize, expected: &dyn Expected) -> Self {
        What::Length { expected: json_terms(expected), items }.at_top()
    }

    fn unknown_variant(name: &str, expected: Names) -> Self {
        What::Name { name: name.to_owned(), expected }.at_top()
    }

    fn unknown_field(name: &str, expected: Names) -> Self {
        What::Unknown { name: name.to_owned(), expected: Some(expected) }.at_top()
    }

    fn missing_field(name: &'static str) -> Self {
        What::Missing(name).at_top()
    }

    fn duplicate_field(name: &'static str) -> Self {
        What::Duplicate(name).at_top()
    }
}

/// Names the type of a found value as in JSON.
const fn kind(found: &Unexpected<'_>) -> Option<&'static str> {
    match found {
        Unexpected::Unit | Unexpected::Option => Some("null"),
        Unexpected::Bool(_) => Some("a boolean"),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => Some("a number"),
        Unexpected::Char(_) | Unexpected::Str(_) => Some("a string"),
        Unexpected::Seq => Some("an array"),
        Unexpected::Map => Some("an object"),
        _ => None,
    }
}

/// Translates serde's expectation to JSON terms.
fn json_terms(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let word = match text.as_str() {
        "a map" => "an object",
        "a sequence" => "an array",
        "unit" => "null",
        "string or map" => "a name or an object with one field",
        "map with a single key" | "newtype variant" | "tuple variant" | "struct variant" => {
            "an object with one field"
        }
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            return format!("an integer ({text})");
        }
        "f32" | "f64" => "a number",
        _ if begins(&["struct ", "internally tagged enum ", "adjacently tagged enum "]) => "an object",
        "variant identifier" => "a name",
        _ if begins(&["enum ", "variant of enum "]) => "a name",
        _ => return text,
    };
    word.to_owned()
}
