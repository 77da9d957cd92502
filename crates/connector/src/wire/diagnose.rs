//! Finds out where and why a section could not be read.
//!
//! The section is read again, from a parsed value, by a deserializer that knows its path and whose errors keep what
//! went wrong instead of a text that quotes values. Slow, and only ever used on the way to an error.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::Problem;
use super::decode::Section;
use super::whole::Whole;

/// Why `text` is no `T`; `error` is what reading it said.
pub(super) fn problem<T: DeserializeOwned>(
    section: Section,
    text: &str,
    error: &serde_json::Error,
) -> Problem {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        // The document as a whole is valid JSON, so what stops here is depth, or a number or escape beyond reach.
        Err(error) => {
            let said = error.to_string();
            return Problem::at(section.name(), said.split(" at line ").next().unwrap_or_default());
        }
    };
    let root = Path::Section(section);
    let node = Node { value: &value, path: &root };
    match T::deserialize(node) {
        Err(problem) => node.hush(problem),
        Ok(_) if section.is_secret() => Problem::at(section.name(), "invalid value"),
        Ok(_) => Problem::at(section.name(), format!("invalid value near column {}", error.column())),
    }
}

enum Path<'p> {
    Section(Section),
    Field { above: &'p Self, name: &'p str },
    Entry { above: &'p Self, key: &'p str },
    Item { above: &'p Self, index: usize },
}

impl Path<'_> {
    fn section(&self) -> Section {
        match self {
            Self::Section(section) => *section,
            Self::Field { above, .. } | Self::Entry { above, .. } | Self::Item { above, .. } => {
                above.section()
            }
        }
    }

    fn render(&self) -> String {
        match self {
            Self::Section(section) => section.name().to_owned(),
            Self::Field { above, name } => format!("{}.{name}", above.render()),
            // The key of a map is the caller's text, as a value is.
            Self::Entry { above, .. } if self.section().is_secret() => format!("{}.*", above.render()),
            Self::Entry { above, key } => format!("{}.{key}", above.render()),
            Self::Item { above, index } => format!("{}[{index}]", above.render()),
        }
    }
}

#[derive(Clone, Copy)]
struct Node<'a> {
    value: &'a Value,
    path: &'a Path<'a>,
}

impl Node<'_> {
    fn place(self, result: Problem) -> Problem {
        result.or_at(|| self.path.render())
    }

    /// A problem in the words of a type's own code, which may quote the value.
    fn hush(self, result: Problem) -> Problem {
        let hushed = if self.path.section().is_secret() { result.without_own_words() } else { result };
        self.place(hushed)
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            self.deserialize_any(Whole(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let result = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => {
                visitor.visit_seq(Items { items: items.iter(), index: 0, path: self.path })
            }
            Value::Object(fields) => {
                visitor.visit_map(Fields { fields: fields.iter(), value: None, path: self.path, known: None })
            }
        };
        result.map_err(|problem| self.hush(problem))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self).map_err(|problem| self.hush(problem))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let Value::Object(object) = self.value else {
            return self.deserialize_any(Expected("an object")).map(|never| match never {});
        };
        let map = Fields { fields: object.iter(), value: None, path: self.path, known: Some(fields) };
        visitor.visit_map(map).map_err(|problem| self.hush(problem))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let result = match self.value {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            // A variant with content: serde_json knows how to take it apart.
            Value::Object(fields) => Value::Object(fields.clone())
                .deserialize_enum(name, variants, visitor)
                .map_err(|_| Problem::text("invalid value")),
            _ => return self.deserialize_any(Expected("a name")).map(|never| match never {}),
        };
        result.map_err(|problem| self.hush(problem))
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    serde::forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

/// Refuses whatever it is given, since it should have been something else.
struct Expected(&'static str);

impl Visitor<'_> for Expected {
    type Value = std::convert::Infallible;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

struct Items<'a> {
    items: std::slice::Iter<'a, Value>,
    index: usize,
    path: &'a Path<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Problem> {
        let Some(value) = self.items.next() else { return Ok(None) };
        let path = Path::Item { above: self.path, index: self.index };
        self.index += 1;
        seed.deserialize(Node { value, path: &path }).map(Some)
    }
}

struct Fields<'a> {
    fields: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
    path: &'a Path<'a>,
    /// The names that the type itself has; `None` in a map.
    known: Option<&'static [&'static str]>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        let Some((key, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some((key, value));
        let key: StrDeserializer<'_, Problem> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let Some((key, value)) = self.value.take() else { return Err(Problem::text("invalid value")) };
        let path = match self.known {
            Some(names) if names.contains(&key) => Path::Field { above: self.path, name: key },
            _ => Path::Entry { above: self.path, key },
        };
        seed.deserialize(Node { value, path: &path })
    }
}
