//! [`Name`]: the name of an object's field, read either as a map's key or as the identifier of a struct's field.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::fault::Fault;

/// The name of a field.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Name<'a> {
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
    /// Whether a type read it to determine which of its fields follows.
    #[serde(skip)]
    pub(super) is_identifier: bool,
}

/// Keys that are parsed from text, as in `serde_json`.
macro_rules! written {
    ($($method:ident $visit:ident $expected:literal,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.text.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Fault::of_key($expected)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Name<'de> {
    type Error = Fault;

    written! {
        deserialize_bool visit_bool "a boolean",
        deserialize_i8 visit_i8 "an integer (i8)",
        deserialize_i16 visit_i16 "an integer (i16)",
        deserialize_i32 visit_i32 "an integer (i32)",
        deserialize_i64 visit_i64 "an integer (i64)",
        deserialize_i128 visit_i128 "an integer (i128)",
        deserialize_u8 visit_u8 "an integer (u8)",
        deserialize_u16 visit_u16 "an integer (u16)",
        deserialize_u32 visit_u32 "an integer (u32)",
        deserialize_u64 visit_u64 "an integer (u64)",
        deserialize_u128 visit_u128 "an integer (u128)",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(text),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.is_identifier = true;
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self.text.as_ref().into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}
