//! [`Fault`]: why a type refuses a section, as data that can be compared and located.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::tree::{Id, Kind, poisoned, poisoned_text};
use crate::read::problem::{one_of, unknown_value};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) what: What,
    /// The innermost node that was being read; `None` until it is known.
    pub(super) at: Option<Id>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// An object lacks a field of this name.
    Missing(&'static str),
    /// An object has a field under two of its names.
    Twice(&'static str),
    /// An object has a field that its type does not.
    Unknown { key: String, expected: Option<String> },
    /// A value of the wrong type, or (`refused`) of the right one but not allowed.
    Type { expected: String, found: Found, refused: bool },
    /// An array of so many items.
    Length { expected: String, items: usize },
    /// A name that is none of a fixed set.
    Name { name: String, expected: &'static [&'static str] },
    /// A key that its map cannot have.
    Key { expected: String },
    /// None of an untagged enum's variants.
    NoVariant(String),
    /// In the words of a type's own code, which may quote the value.
    Own(String),
}

/// What stood where something else was expected.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Array,
    Object,
    Poison(Id),
    Other,
}

impl Fault {
    pub(super) const fn new(what: What) -> Self {
        Self { what, at: None }
    }

    pub(super) fn or_at(self, id: Id) -> Self {
        Self { at: self.at.or(Some(id)), ..self }
    }

    /// The poisoned node that is the reason.
    pub(super) fn poison(&self) -> Option<Id> {
        match &self.what {
            What::Type { found: Found::Poison(id), .. } => Some(*id),
            What::Name { name, .. } => poisoned_text(name),
            _ => None,
        }
    }

    /// What was found, if the fault tells.
    pub(super) fn found(&self) -> Option<Found> {
        match &self.what {
            What::Type { found: Found::Other, .. } => None,
            What::Type { found, .. } => Some(found.clone()),
            What::Name { name, .. } => Some(Found::Text(name.clone())),
            _ => None,
        }
    }
}

impl Found {
    /// What a type finds in a node.
    pub(super) fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Null => Self::Null,
            Kind::Bool(flag) => Self::Bool(*flag),
            Kind::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Self::Unsigned(number),
                (_, Some(number)) => Self::Signed(number),
                _ => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Kind::Text(text) => Self::Text(text.as_ref().to_owned()),
            Kind::Array(_) => Self::Array,
            Kind::Object(_) => Self::Object,
            Kind::Poison(bytes) => poisoned(bytes).map_or(Self::Other, Self::Poison),
        }
    }

    /// In JSON's words.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Unsigned(_) | Self::Signed(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Poison(_) | Self::Other => "something else",
        }
    }
}

impl From<Unexpected<'_>> for Found {
    fn from(found: Unexpected<'_>) -> Self {
        match found {
            Unexpected::Bool(flag) => Self::Bool(flag),
            Unexpected::Unsigned(number) => Self::Unsigned(number),
            Unexpected::Signed(number) => Self::Signed(number),
            Unexpected::Float(number) => Self::Float(number),
            Unexpected::Char(char) => Self::Text(char.to_string()),
            Unexpected::Str(text) => Self::Text(text.to_owned()),
            Unexpected::Unit | Unexpected::Option => Self::Null,
            Unexpected::Seq => Self::Array,
            Unexpected::Map => Self::Object,
            Unexpected::Bytes(bytes) => poisoned(bytes).map_or(Self::Other, Self::Poison),
            _ => Self::Other,
        }
    }
}

impl What {
    /// For people. Never a value, but for a name of up to 20 characters unless the section `is_secret`.
    pub(super) fn say(&self, is_secret: bool) -> String {
        match self {
            Self::Missing(_) => "missing".to_owned(),
            Self::Twice(_) => "duplicate key".to_owned(),
            Self::Unknown { expected: None, .. } => "unknown field".to_owned(),
            Self::Unknown { expected: Some(expected), .. } => format!("unknown field, expected {expected}"),
            Self::Type { expected, found: Found::Other, .. } => format!("expected {expected}"),
            Self::Type { expected, found, refused: false } => {
                format!("expected {expected}, found {}", found.kind())
            }
            Self::Type { expected, found, refused: true } => {
                format!("expected {expected}, found {} that is not allowed", found.kind())
            }
            Self::Length { expected, items } => format!("expected {expected}, found {items} items"),
            Self::Name { expected, .. } if is_secret => {
                format!("unknown value, expected {}", one_of(expected))
            }
            Self::Name { name, expected } => unknown_value(name, expected),
            Self::Key { expected } => format!("expected {expected} as the key"),
            Self::NoVariant(_) => "none of the allowed forms".to_owned(),
            Self::Own(_) if is_secret => "invalid value".to_owned(),
            Self::Own(text) => text.clone(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what.say(true))
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        // Derived code has no other way to say these two.
        if text.starts_with("data did not match any variant of untagged enum ") {
            return Self::new(What::NoVariant(text));
        }
        if let Some(key) = text.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')) {
            return Self::new(What::Unknown { key: key.to_owned(), expected: None });
        }
        let mut shown = String::with_capacity(text.len().min(200));
        for char in text.chars() {
            if shown.len() + char.len_utf8() > 200 {
                break;
            }
            shown.push(if char.is_control() { ' ' } else { char });
        }
        Self::new(What::Own(shown))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(What::Type { expected: plain(expected), found: found.into(), refused: false })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(What::Type { expected: plain(expected), found: found.into(), refused: true })
    }

    fn invalid_length(items: usize, expected: &dyn Expected) -> Self {
        Self::new(What::Length { expected: plain(expected), items })
    }

    fn unknown_variant(name: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::Name { name: name.to_owned(), expected })
    }

    fn unknown_field(key: &str, expected: &'static [&'static str]) -> Self {
        let expected = if expected.is_empty() { "none".to_owned() } else { one_of(expected) };
        Self::new(What::Unknown { key: key.to_owned(), expected: Some(expected) })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(What::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(What::Twice(field))
    }
}

/// What serde expects, in JSON's words.
fn plain(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a map" => "an object".to_owned(),
        "a sequence" => "an array".to_owned(),
        "unit" => "null".to_owned(),
        "string or map" => "a name or an object of one field".to_owned(),
        "map with a single key" | "newtype variant" | "tuple variant" | "struct variant" => {
            "an object of one field".to_owned()
        }
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            format!("an integer ({text})")
        }
        "f32" | "f64" => "a number".to_owned(),
        _ if ["struct ", "internally tagged enum ", "adjacently tagged enum "]
            .iter()
            .any(|start| text.starts_with(start)) =>
        {
            "an object".to_owned()
        }
        _ if ["enum ", "variant of enum "].iter().any(|start| text.starts_with(start))
            || text == "variant identifier" =>
        {
            "a name".to_owned()
        }
        _ => text,
    }
}
