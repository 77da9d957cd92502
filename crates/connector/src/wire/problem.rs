//! [`Problem`]: what is wrong with a request, and where.

use std::fmt;

/// What is wrong with a request. Its text never quotes a value, but for enum tags of up to 20 characters: what is
/// refused may be a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path of the value, `request.account_id` say; empty for the document as a whole.
    path: Option<String>,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Missing,
    /// The document is not JSON.
    Broken(String),
    Text(String),
    /// In the words of a type's own code, which may quote the value.
    Own(String),
}

impl Problem {
    /// A problem whose place is not known yet.
    pub(super) fn text(what: impl Into<String>) -> Self {
        Self { path: None, what: What::Text(what.into()) }
    }

    /// A problem at `path`.
    pub(crate) fn at(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: Some(path.into()), what: What::Text(what.into()) }
    }

    /// A document that is not JSON.
    pub(super) fn broken(why: impl fmt::Display) -> Self {
        Self { path: Some(String::new()), what: What::Broken(format!("broken JSON{why}")) }
    }

    /// Whether the document is not even JSON.
    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self.what, What::Broken(_))
    }

    /// A value that is not there.
    pub(crate) fn missing(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), what: What::Missing }
    }

    /// The same problem, at `path` unless its place is known already.
    pub(super) fn or_at(mut self, path: impl FnOnce() -> String) -> Self {
        self.path = Some(match self.path {
            // A missing field is named by the object that lacks it, which knows the field's name only.
            Some(field) if field.starts_with('.') => path() + &field,
            Some(known) => known,
            None => path(),
        });
        self
    }

    /// The same problem, without the words of a type's own code.
    pub(super) fn without_own_words(self) -> Self {
        match self.what {
            What::Own(_) => Self { what: What::Text("invalid value".to_owned()), ..self },
            _ => self,
        }
    }

    /// A value that is none of a fixed set.
    pub(super) fn unknown_value(value: &str, expected: &[&str]) -> Self {
        let shown = if value.chars().count() <= 20 { format!(" {value:?}") } else { String::new() };
        Self::text(format!("unknown value{shown}, expected {}", one_of(expected)))
    }
}

/// `"a", "b" or "c"`.
pub(super) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path.as_deref().filter(|path| !path.is_empty()) {
            write!(f, "{path}: ")?;
        }
        match &self.what {
            What::Missing => f.write_str("missing"),
            What::Text(text) | What::Own(text) | What::Broken(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Problem {}

impl serde::de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let mut text = message.to_string();
        text.truncate(text.floor_char_boundary(200));
        Self { path: None, what: What::Own(text) }
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::text(format!("expected {}, found {}", plain(expected), kind(found)))
    }

    fn invalid_value(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::text(format!("expected {}, found {} that is not allowed", plain(expected), kind(found)))
    }

    fn invalid_length(length: usize, expected: &dyn serde::de::Expected) -> Self {
        Self::text(format!("expected {}, found {length} items", plain(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown_value(variant, expected)
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        if expected.is_empty() {
            return Self::text("unknown field, expected none");
        }
        Self::text(format!("unknown field, expected {}", one_of(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { path: Some(format!(".{field}")), what: What::Missing }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self { path: Some(format!(".{field}")), what: What::Text("duplicate key".to_owned()) }
    }
}

/// What serde expects, in JSON's words.
fn plain(expected: &dyn serde::de::Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a map" => "an object".to_owned(),
        "a sequence" => "an array".to_owned(),
        "unit" => "null".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            format!("an integer ({text})")
        }
        "f32" | "f64" => "a number".to_owned(),
        _ if text.starts_with("struct ") => "an object".to_owned(),
        _ if text.starts_with("enum ") || text == "variant identifier" => "a name".to_owned(),
        _ => text,
    }
}

fn kind(found: serde::de::Unexpected<'_>) -> &'static str {
    use serde::de::Unexpected as U;
    match found {
        U::Bool(_) => "a boolean",
        U::Unsigned(_) | U::Signed(_) | U::Float(_) => "a number",
        U::Char(_) | U::Str(_) => "a string",
        U::Unit | U::Option => "null",
        U::Seq => "an array",
        U::Map | U::StructVariant | U::NewtypeStruct => "an object",
        _ => "something else",
    }
}
