//! [`Node`]: reads a [`Tree`] as the decoder reads its text, and says where it is when something goes wrong.

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::fault::{Fault, What};
use super::tree::{Entry, Id, Kind, ROOT, Tree};
use crate::read::strict::takes_tagged;
use crate::read::whole::Whole;

/// The name of serde_json's newtype for JSON that is kept as text.
const RAW: &str = "$serde_json::private::RawValue";

#[derive(Clone, Copy)]
pub(super) struct Node<'de> {
    tree: &'de Tree,
    id: Id,
}

/// Reads the whole tree.
pub(super) fn read<'de, T: Deserialize<'de>>(tree: &'de Tree) -> Result<T, Fault> {
    Node { tree, id: ROOT }.fill(std::marker::PhantomData)
}

impl<'de> Node<'de> {
    fn fill<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self).map_err(|fault| fault.or_at(self.id))
    }

    fn at(self, id: Id) -> Self {
        Self { id, ..self }
    }

    fn typed(self) -> Self {
        if let Some(entry) = self.tree.get(self.id) {
            entry.typed.set(true);
        }
        self
    }

    fn kind(self) -> &'de Kind {
        self.tree.kind(self.id)
    }

    fn fields(self, names: Option<&'static [&'static str]>) -> Fields<'de> {
        Fields { node: self, rest: self.tree.children(self.id).iter(), value: None, names }
    }

    fn not<T>(self, expected: &'static str) -> Result<T, Fault> {
        self.deserialize_any(Expected(expected)).map(|never| match never {})
    }
}

/// Methods of types that know what they want.
macro_rules! typed {
    ($($method:ident($($hint:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $hint,)* visitor: V) -> Result<V::Value, Fault> {
            self.typed().deserialize_any(visitor)
        }
    )*};
}

/// Methods of types that want an integer.
macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.typed().deserialize_any(Whole(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(flag) => visitor.visit_bool(*flag),
            Kind::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::Array(_) if takes_tagged(&visitor) => Err(Fault::invalid_type(Unexpected::Seq, &visitor)),
            Kind::Array(items) => {
                let mut access = Items { node: self, rest: items.iter() };
                match visitor.visit_seq(&mut access)? {
                    value if access.rest.len() == 0 => Ok(value),
                    _ => Err(Fault::invalid_length(items.len(), &"fewer items")),
                }
            }
            Kind::Object(_) => visitor.visit_map(self.fields(None)),
            Kind::Poison(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.typed().kind() {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == RAW && !self.tree.is_poisoned(self.id) {
            return self.tree.value(self.id).deserialize_newtype_struct(name, visitor).map_err(Fault::custom);
        }
        visitor.visit_newtype_struct(self.typed())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.typed().kind() {
            Kind::Object(_) => visitor.visit_map(self.fields(Some(fields))),
            _ => self.not("an object"),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.typed().kind() {
            Kind::Text(name) => visitor.visit_enum(Variant { name, content: None }),
            Kind::Object(fields) => match fields.as_slice() {
                [content] => visitor.visit_enum(Variant {
                    name: self.tree.key(*content).unwrap_or_default(),
                    content: Some(self.at(*content)),
                }),
                _ => Err(Fault::invalid_value(Unexpected::Map, &"map with a single key")),
            },
            _ => self.not("a name"),
        }
    }

    typed! {
        deserialize_bool() deserialize_i128() deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char() deserialize_str()
        deserialize_string() deserialize_bytes() deserialize_byte_buf() deserialize_unit()
        deserialize_unit_struct(&'static str) deserialize_seq() deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize) deserialize_map() deserialize_identifier()
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    serde::forward_to_deserialize_any! { ignored_any }
}

/// Refuses whatever it is given, since it should have been something else.
struct Expected(&'static str);

impl Visitor<'_> for Expected {
    type Value = std::convert::Infallible;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

struct Items<'de> {
    node: Node<'de>,
    rest: std::slice::Iter<'de, Id>,
}

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.rest.next().map(|id| self.node.at(*id).fill(seed)).transpose()
    }
}

struct Fields<'de> {
    node: Node<'de>,
    rest: std::slice::Iter<'de, Id>,
    value: Option<Id>,
    /// The names that the type itself has; `None` where it does not say.
    names: Option<&'static [&'static str]>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(id) = self.rest.next() else { return Ok(None) };
        self.value = Some(*id);
        seed.deserialize(Key(self.node.tree.key(*id).unwrap_or_default())).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some(id) = self.value.take() else { return Err(Fault::custom("invalid value")) };
        if let (Some(names), Some(Entry { key: Some(key), known, .. })) = (self.names, self.node.tree.get(id))
        {
            known.set(known.get() || names.contains(&key.as_ref()));
        }
        self.node.at(id).fill(seed)
    }
}

/// A key, which is a text in JSON whatever it is in the map.
struct Key<'de>(&'de str);

/// Keys that are written as texts, as serde_json takes them.
macro_rules! written {
    ($($method:ident $visit:ident $expected:literal,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Fault::new(What::Key { expected: $expected.to_owned() })),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
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
        visitor.visit_borrowed_str(self.0)
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
        visitor.visit_enum(Variant { name: self.0, content: None })
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Variant<'de> {
    name: &'de str,
    content: Option<Node<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = Content<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Content<'de>), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        let variant = seed.deserialize(name)?;
        if let Some(entry) = self.content.and_then(|node| node.tree.get(node.id)) {
            entry.known.set(true);
        }
        Ok((variant, Content(self.content)))
    }
}

/// What a variant holds: of one that is only named, nothing.
struct Content<'de>(Option<Node<'de>>);

impl<'de> Content<'de> {
    fn there(self, expected: &'static str) -> Result<Node<'de>, Fault> {
        self.0.ok_or_else(|| Fault::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        self.0.map_or(Ok(()), |node| node.fill(std::marker::PhantomData))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        self.there("newtype variant")?.fill(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        let node = self.there("tuple variant")?;
        node.deserialize_any(visitor).map_err(|fault| fault.or_at(node.id))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let node = self.there("struct variant")?;
        node.deserialize_struct("", fields, visitor).map_err(|fault| fault.or_at(node.id))
    }
}
