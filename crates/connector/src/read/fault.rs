//! [`Fault`]: why a text cannot be read into a type, and where in it.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::name::Name;
use super::place;
use super::problem::{Problem, one_of, unknown_value};
use crate::scrub::CUT;

/// The most characters of an author's own words that are passed on.
const MOST_SHOWN: usize = 200;

/// What a type says that it takes: the names of its fields or variants.
pub(super) type Names = &'static [&'static str];

/// The error of reading a type. It keeps no value of the text but names, which [`Fault::problem`] may show.
#[derive(Debug)]
pub(super) struct Fault {
    what: What,
    /// Whether the field that `what` names is one of the object at the place, and not of one somewhere in it.
    is_here: bool,
    /// The way to the place, its last step first. What a type takes apart itself, such as flattened or untagged data,
    /// adds no steps.
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Item(usize),
    /// `is_known`: the type has a field of this name, so that it is not of the caller's making.
    Field {
        name: String,
        is_known: bool,
    },
}

#[derive(Debug)]
enum What {
    /// A field is not there.
    Missing(&'static str),
    /// A field stands twice.
    Twice(&'static str),
    /// A field that the type does not have.
    Unknown { name: String, expected: Option<Names> },
    /// A value of the wrong type, or (`is_refused`) of the right one but not allowed.
    Type { expected: String, found: Option<&'static str>, is_refused: bool },
    /// An array of the wrong length.
    Length { expected: String, items: usize },
    /// A name outside a fixed set.
    Name { name: String, expected: Names },
    /// A key that its map cannot have.
    Key { expected: &'static str },
    /// None of an untagged enum's variants.
    NoVariant,
    /// In the words of a type's own code, which may quote the value.
    Own(String),
    /// In those of `serde_json`.
    Json(&'static str),
}

impl What {
    const fn at_top(self) -> Fault {
        Fault { what: self, is_here: false, steps: Vec::new() }
    }

    /// For people. Never a value, but for a name of up to 20 characters unless the section `is_secret`.
    fn say(&self, is_here: bool, is_secret: bool) -> String {
        match self {
            Self::Missing(_) if is_here => "missing".to_owned(),
            Self::Missing(name) => format!("it or something in it lacks {name:?}"),
            Self::Twice(_) if is_here => "duplicate key".to_owned(),
            Self::Twice(name) => format!("it or something in it has {name:?} twice"),
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
            Self::Type { expected, found: Some(found), is_refused } => {
                let refused = if *is_refused { " that is not allowed" } else { "" };
                format!("expected {expected}, found {found}{refused}")
            }
            Self::Length { expected, items } => format!("expected {expected}, found {items} items"),
            Self::Name { expected, .. } if is_secret => {
                format!("unknown value, expected {}", one_of(expected))
            }
            Self::Name { name, expected } => unknown_value(name, expected),
            Self::Key { expected } => format!("expected {expected} as the key"),
            Self::NoVariant => "none of the allowed forms".to_owned(),
            Self::Own(_) if is_secret => "invalid value".to_owned(),
            Self::Own(text) => text.clone(),
            Self::Json(text) => (*text).to_owned(),
        }
    }
}

impl Fault {
    /// An error that `serde_json` makes of a text that is JSON. Its other errors quote values.
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

    /// A value of this kind where another type is expected.
    pub(super) fn of_type(expected: &dyn Expected, found: &'static str) -> Self {
        What::Type { expected: plain(expected), found: Some(found), is_refused: false }.at_top()
    }

    pub(super) const fn of_key(expected: &'static str) -> Self {
        What::Key { expected }.at_top()
    }

    /// The fault of the fields of an object whose type has these names.
    pub(super) fn of_fields(self, names: Names) -> Self {
        match self.what {
            What::Missing(name) | What::Twice(name) if self.steps.is_empty() && names.contains(&name) => {
                self.here()
            }
            _ => self,
        }
    }

    pub(super) fn here(self) -> Self {
        Self { is_here: true, ..self }
    }

    /// A fault in what an object has under a name.
    pub(super) fn in_field(mut self, name: &Name<'_>, names: Names) -> Self {
        // A type with flattened fields does not say which names it has, but reads them as such. Values of other names
        // it only puts aside, which fails for what is not readable at all.
        let is_known =
            names.contains(&name.text.as_ref()) || name.is_identifier && !matches!(self.what, What::Json(_));
        self.steps.push(Step::Field { name: name.text.as_ref().to_owned(), is_known });
        self
    }

    /// A fault in an item of an array.
    pub(super) fn in_item(mut self, index: usize) -> Self {
        self.steps.push(Step::Item(index));
        self
    }

    /// For people. `path` leads to what was read; nothing that the caller wrote is quoted if that `is_secret`.
    pub(super) fn problem(&self, mut path: Vec<String>, is_secret: bool) -> Problem {
        path.extend(self.steps.iter().rev().map(|step| match step {
            Step::Item(index) => format!("[{index}]"),
            Step::Field { name, is_known } if *is_known || !is_secret => place::key(name),
            Step::Field { .. } => "*".to_owned(),
        }));
        match &self.what {
            What::Missing(name) | What::Twice(name) if self.is_here => path.push(place::key(name)),
            What::Unknown { name, .. } if self.is_here && !is_secret => path.push(place::key(name)),
            _ => {}
        }
        Problem::at(place::path(&path), self.what.say(self.is_here, is_secret))
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
        // Derived code has no other way to say these two.
        if text.starts_with("data did not match any variant of untagged enum ") {
            return What::NoVariant.at_top();
        }
        if let Some(name) = text.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')) {
            return What::Unknown { name: name.to_owned(), expected: None }.at_top();
        }
        let mut shown: String = text.chars().take(MOST_SHOWN).collect();
        if shown.len() < text.len() {
            // A secret may be cut in two: at this sign its beginning is looked for.
            shown.push(CUT);
        }
        What::Own(shown.replace(char::is_control, " ")).at_top()
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        What::Type { expected: plain(expected), found: kind(&found), is_refused: false }.at_top()
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        What::Type { expected: plain(expected), found: kind(&found), is_refused: true }.at_top()
    }

    fn invalid_length(items: usize, expected: &dyn Expected) -> Self {
        What::Length { expected: plain(expected), items }.at_top()
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
        What::Twice(name).at_top()
    }
}

/// What was found, in JSON's words.
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

/// What serde expects, in JSON's words.
fn plain(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let word = match text.as_str() {
        "a map" => "an object",
        "a sequence" => "an array",
        "unit" => "null",
        "string or map" => "a name or an object of one field",
        "map with a single key" | "newtype variant" | "tuple variant" | "struct variant" => {
            "an object of one field"
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
