//! [`Reader`]: deserializes JSON more strictly than `serde_json`, with the location of errors.
//!
//! A `Reader` wraps `serde_json`'s deserializer and everything that a type reads through it, at any depth:
//!
//! - Structs are read only from objects. Derived code also accepts `["ada@example.com"]` for `{"email":
//!   "ada@example.com"}`, matching fields by their order in the source code, which callers don't know.
//! - An integer may be written as `5.0`. JSON Schema (2020-12, validation, section 6.1.1) defines integers as numbers
//!   without a fraction, and a value that the schemas allow must be accepted.
//! - Errors are [`Fault`]s. Each enclosing array and object adds its step to the path. `serde_json` only keeps an
//!   error's text, which quotes the value.

use std::fmt;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::value::RawValue;

use super::enums::OneOf;
use super::envelope::kind;
use super::fault::{Fault, Names};
use super::name::Name;

/// Deserializes a text that contains one JSON value.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Reader(&mut json))?;
    json.end().map_err(|error| Fault::json(&error))?;
    Ok(value)
}

/// The name that `serde_json` uses for raw JSON. A `serde_json::Value` would parse the text under it as JSON,
/// regardless of depth, so callers must not use it.
const RAW: &str = "$serde_json::private::RawValue";

/// A deserializer of JSON.
struct Reader<D>(D);

/// What a type expects.
#[derive(Clone, Copy)]
enum Expected {
    Any,
    /// Raw JSON, which `serde_json` represents as an object with one field.
    Raw,
    Integer,
    Object(Names),
}

impl<'de, D: Deserializer<'de>> Reader<D> {
    fn read<V: Visitor<'de>>(self, expected: Expected, visitor: V) -> Result<V::Value, Fault> {
        with_fault(|fault| self.0.deserialize_any(Checked { visitor, expected, fault }))
    }

    /// Reads a number with one of `serde_json`'s methods. They report their own errors for other types.
    fn number<V: Visitor<'de>>(
        self,
        expected: Expected,
        visitor: V,
        read: impl FnOnce(
            &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
            Checked<'_, V>,
        ) -> serde_json::Result<V::Value>,
    ) -> Result<V::Value, Fault> {
        let text = <&RawValue>::deserialize(self.0).map_err(|error| Fault::json(&error))?.get();
        match kind(text) {
            "a number" => with_fault(|fault| {
                read(&mut serde_json::Deserializer::from_str(text), Checked { visitor, expected, fault })
            }),
            found => Err(Fault::of_type(&visitor, found)),
        }
    }
}

/// Runs `read` and returns the fault that it stored, because `serde_json` only keeps the text of an error.
fn with_fault<T, E: Error>(read: impl FnOnce(&mut Option<Fault>) -> Result<T, E>) -> Result<T, Fault> {
    let mut fault = None;
    read(&mut fault).map_err(|error| fault.unwrap_or_else(|| Fault::json(&error)))
}

fn store_fault<T, E: Error>(result: Result<T, Fault>, stored: &mut Option<Fault>) -> Result<T, E> {
    result.map_err(|fault| {
        *stored = Some(fault);
        E::custom("")
    })
}

/// Methods that accept any value and leave the check to the visitor.
macro_rules! any {
    ($($method:ident($($hint:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $hint,)* visitor: V) -> Result<V::Value, Fault> {
            self.read(Expected::Any, visitor)
        }
    )*};
}

macro_rules! numbers {
    ($expected:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.number(Expected::$expected, visitor, |json, visitor| json.$method(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Reader<D> {
    type Error = Fault;

    any! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_bytes() deserialize_byte_buf() deserialize_identifier() deserialize_unit()
        deserialize_unit_struct(&'static str) deserialize_seq() deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize)
    }

    numbers! {
        Integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    numbers! { Any: deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64 }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.read(Expected::Object(&[]), visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: Names,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.read(Expected::Object(names), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: Names,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.read(Expected::Object(names), OneOf(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        with_fault(|fault| self.0.deserialize_option(Checked { visitor, expected: Expected::Any, fault }))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let expected = if name == RAW { Expected::Raw } else { Expected::Any };
        with_fault(|fault| self.0.deserialize_newtype_struct(name, Checked { visitor, expected, fault }))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        with_fault(|fault| {
            self.0.deserialize_ignored_any(Checked { visitor, expected: Expected::Any, fault })
        })
    }
}

/// Wraps a visitor and stores its fault, because `serde_json` would only keep the text.
struct Checked<'f, V> {
    visitor: V,
    expected: Expected,
    fault: &'f mut Option<Fault>,
}

/// Visits of scalar values.
macro_rules! visits {
    ($($method:ident($($value:ident: $type:ty)?))*) => {$(
        fn $method<E: Error>(self, $($value: $type)?) -> Result<V::Value, E> {
            store_fault(self.visitor.$method($($value)?), self.fault)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Checked<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    visits! {
        visit_bool(value: bool) visit_i64(value: i64) visit_u64(value: u64) visit_i128(value: i128)
        visit_u128(value: u128) visit_str(value: &str) visit_borrowed_str(value: &'de str)
        visit_string(value: String) visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        let read = match self.expected {
            // `serde_json::Map` would accept it as an empty object.
            Expected::Object(_) => Err(Fault::of_type(&self.visitor, "null")),
            _ => self.visitor.visit_unit(),
        };
        store_fault(read, self.fault)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        // At the limits themselves, it may be the nearest `f64` to an integer outside the range.
        let is_whole = number.fract() == 0.0 && number > -(2f64.powi(63)) && number < 2f64.powi(64);
        let read = match self.expected {
            Expected::Integer if is_whole && number < 0.0 => self.visitor.visit_i64(number as i64),
            Expected::Integer if is_whole => self.visitor.visit_u64(number as u64),
            _ => self.visitor.visit_f64(number),
        };
        store_fault(read, self.fault)
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        store_fault(self.visitor.visit_some(Reader(json)), self.fault)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        store_fault(self.visitor.visit_newtype_struct(Reader(json)), self.fault)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, json: A) -> Result<V::Value, A::Error> {
        let mut items = Items { json, read: 0 };
        let read = match self.expected {
            Expected::Object(_) => Err(Fault::invalid_type(Unexpected::Seq, &self.visitor)),
            _ => self.visitor.visit_seq(&mut items).and_then(|value| items.end().map(|()| value)),
        };
        store_fault(read, self.fault)
    }

    fn visit_map<A: MapAccess<'de>>(self, json: A) -> Result<V::Value, A::Error> {
        let names = if let Expected::Object(names) = self.expected { names } else { &[] };
        let is_raw = matches!(self.expected, Expected::Raw);
        let fields = Fields { json, names, name: Name::default(), is_raw };
        let read = self.visitor.visit_map(fields).map_err(|fault| fault.of_fields(names));
        store_fault(read, self.fault)
    }
}

/// The items of an array.
struct Items<A> {
    json: A,
    /// The number of items read so far.
    read: usize,
}

impl<'de, A: SeqAccess<'de>> Items<A> {
    /// Rejects remaining items.
    fn end(&mut self) -> Result<(), Fault> {
        let expected = self.read;
        while self.next_element::<IgnoredAny>()?.is_some() {}
        if self.read == expected { Ok(()) } else { Err(Fault::invalid_length(self.read, &"fewer items")) }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<A> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let read = with_fault(|fault| self.json.next_element_seed(Item { seed, fault }))
            .map_err(|fault| fault.in_item(self.read))?;
        self.read += usize::from(read.is_some());
        Ok(read)
    }

    fn size_hint(&self) -> Option<usize> {
        self.json.size_hint()
    }
}

/// The fields of an object.
struct Fields<'de, A> {
    json: A,
    names: Names,
    /// The name of the field that was read last.
    name: Name<'de>,
    is_raw: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'de, A> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(name) = self.json.next_key().map_err(|error| Fault::json(&error))? else { return Ok(None) };
        self.name = name;
        if self.name.text == RAW && !self.is_raw {
            return Err(Fault::of_key("a different name").here());
        }
        seed.deserialize(&mut self.name).map(Some).map_err(Fault::here)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        with_fault(|fault| self.json.next_value_seed(Item { seed, fault }))
            .map_err(|fault| fault.in_field(&self.name, self.names))
    }

    fn size_hint(&self) -> Option<usize> {
        self.json.size_hint()
    }
}

/// The seed of an item or a field's value.
struct Item<'f, S> {
    seed: S,
    fault: &'f mut Option<Fault>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Item<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<S::Value, D::Error> {
        store_fault(self.seed.deserialize(Reader(json)), self.fault)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;

    use super::*;

    fn error_text<T: DeserializeOwned>(text: &str) -> String {
        let fault = read::<T>(text).err().expect("a fault");
        fault.problem(Vec::new(), false).to_string()
    }

    #[test]
    fn the_raw_value_name_is_reserved() {
        let mut text = "1".to_owned();
        for _ in 0..8 {
            let nested = format!("{}{text}{}", "[".repeat(100), "]".repeat(100));
            text = serde_json::json!({ "a": { RAW: nested } }).to_string();
        }
        let message = error_text::<serde_json::Value>(&text);
        assert_eq!(message, "a: expected a different name as the key");
        assert_eq!(read::<Vec<&RawValue>>("[ {} ]").unwrap()[0].get(), "{}");
    }

    #[test]
    fn null_is_not_an_object() {
        assert_eq!(
            error_text::<serde_json::Map<String, serde_json::Value>>("null"),
            "expected an object, found null"
        );
    }

    #[test]
    fn values_are_read_like_serde_json() {
        assert_eq!(read::<&str>(r#""ä""#).unwrap(), "ä");
        assert_eq!(read::<char>(r#""\u00e4""#).unwrap(), 'ä');
        assert_eq!(read::<i128>(&i128::MIN.to_string()).unwrap(), i128::MIN);
        assert_eq!(read::<u128>(&u128::MAX.to_string()).unwrap(), u128::MAX);
        assert_eq!(read::<u64>(&u64::MAX.to_string()).unwrap(), u64::MAX);
        assert_eq!(read::<f32>(" -1.5e1 ").unwrap(), -15.0);
        assert!(read::<f64>("-0.0").unwrap().is_sign_negative());
        assert_eq!(read::<Vec<Option<bool>>>("[true,null]").unwrap(), [Some(true), None]);
        assert_eq!(read::<(u8, ())>("[1,null]").unwrap(), (1, ()));
        assert_eq!(read::<&RawValue>(r#" {"a":[1.0]} "#).unwrap().get(), r#"{"a":[1.0]}"#);
        assert_eq!(read::<BTreeMap<i8, bool>>(r#"{"-1":true}"#).unwrap(), BTreeMap::from([(-1, true)]));
        let value = r#"{"a":[1,-1,1.5,"\u00fc",null,{"b":true}]}"#;
        assert_eq!(
            read::<serde_json::Value>(value).unwrap(),
            serde_json::from_str::<serde_json::Value>(value).unwrap()
        );
    }

    #[test]
    fn integers_may_have_a_zero_fraction() {
        assert_eq!(read::<u8>("2.0").unwrap(), 2);
        assert_eq!(read::<i64>("-5e2").unwrap(), -500);
        assert_eq!(error_text::<u8>("2.5"), "expected an integer (u8), found a number");
        assert_eq!(
            error_text::<u8>("2.56e2"),
            "expected an integer (u8), found a number that is not allowed"
        );
        assert_eq!(error_text::<u64>("18446744073709551616"), "expected an integer (u64), found a number");
    }

    #[test]
    fn faults_name_types_and_quote_no_values() {
        for (found, text) in [
            ("null", "null"),
            ("a boolean", "true"),
            ("a number", "4711"),
            ("a string", r#""canary""#),
            ("an array", r#"["canary"]"#),
            ("an object", r#"{"canary":1}"#),
        ] {
            if found != "a number" {
                assert_eq!(error_text::<u16>(text), format!("expected an integer (u16), found {found}"));
                assert_eq!(error_text::<f64>(text), format!("expected a number, found {found}"));
                assert_eq!(error_text::<i128>(text), format!("expected i128, found {found}"));
            }
            if found != "a string" {
                assert_eq!(error_text::<String>(text), format!("expected a string, found {found}"));
                assert_eq!(error_text::<char>(text), format!("expected a character, found {found}"));
            }
            if found != "a boolean" {
                assert_eq!(error_text::<bool>(text), format!("expected a boolean, found {found}"));
            }
            if found != "null" {
                assert_eq!(error_text::<()>(text), format!("expected null, found {found}"));
            }
        }
        assert_eq!(
            error_text::<char>(r#""canary""#),
            "expected a character, found a string that is not allowed"
        );
        assert_eq!(
            error_text::<BTreeMap<i8, ()>>(r#"{"canary":null}"#),
            "expected an integer (i8) as the key"
        );
    }
}
