//! [`Codec`]: one capability in one wire format, as plain functions.
//!
//! A type defines how a format writes a payload. This is [`Same`] if the payload's own serde matches, otherwise a type
//! that derives serde with `#[serde(remote = "…")]` and lists the format's fields. Encoding copies nothing, and
//! `serde_with` applies these types inside lists and options.
//!
//! The functions are instantiated here for concrete types, to keep compile times of connectors low.

use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_with::de::DeserializeAsWrap;
use serde_with::schemars_1::JsonSchemaAs;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, Same, Schema as SchemaAs, SerializeAs};

use crate::read::{self, Problem, Section};

/// Completes a response after its payload. `rest` is an object with the remaining fields.
pub(crate) fn close(rest: &impl Serialize, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let brace = out.len();
    serde_json::to_writer(&mut *out, rest)?;
    // The response's object was opened before the payload.
    out[brace] = b',';
    Ok(())
}

/// Reads a successful response and writes it again, through the model.
///
/// It isn't part of the codec, because connectors never read responses.
#[cfg(feature = "conformance")]
pub(crate) fn rewrite<T, R, W>(text: &str) -> serde_json::Result<Vec<u8>>
where
    T: serde::de::DeserializeOwned + Serialize,
    W: for<'de> DeserializeAs<'de, R> + SerializeAs<R>,
{
    #[derive(serde::Deserialize)]
    struct Payload<P> {
        response: P,
    }
    let payload: Payload<DeserializeAsWrap<R, W>> = read::strict(text)?;
    let mut out = Vec::new();
    write::<R, W>(&payload.response.into_inner(), &mut out)?;
    close(&read::strict::<T>(text)?, &mut out)?;
    Ok(out)
}

/// Writes the beginning of a response, up to the end of its payload.
fn write<R, W: SerializeAs<R>>(payload: &R, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.extend_from_slice(br#"{"response":"#);
    serde_json::to_writer(out, &SerializeAsWrap::<R, W>::new(payload))
}

/// Implements `serde_with`'s traits for a type that derives serde on behalf of a model type.
macro_rules! wire_type {
    ($($wire:ident: $model:ty;)*) => {$(
        impl serde_with::SerializeAs<$model> for $wire {
            fn serialize_as<S: serde::Serializer>(value: &$model, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(value, serializer)
            }
        }

        $crate::wire::codec::wire_request! { $wire: $model; }
    )*};
}
pub(super) use wire_type;

/// The same for requests, which are only deserialized.
macro_rules! wire_request {
    ($($wire:ident: $model:ty;)*) => {$(
        impl<'de> serde_with::DeserializeAs<'de, $model> for $wire {
            fn deserialize_as<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$model, D::Error> {
                Self::deserialize(deserializer)
            }
        }

        impl serde_with::schemars_1::JsonSchemaAs<$model> for $wire {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <Self as schemars::JsonSchema>::schema_name()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <Self as schemars::JsonSchema>::json_schema(generator)
            }

            fn inline_schema() -> bool {
                <Self as schemars::JsonSchema>::inline_schema()
            }
        }
    )*};
}
pub(super) use wire_request;

/// One capability in one wire format.
pub struct Codec<Q, R> {
    pub(crate) decode: fn(&str) -> Result<Q, Problem>,
    /// Writes the beginning of a response, up to the end of its payload. [`close`] completes it.
    pub(crate) encode: fn(&R, &mut Vec<u8>) -> serde_json::Result<()>,
    pub(crate) request_schema: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) response_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl<Q, R> Codec<Q, R> {
    /// Creates a codec from the wire types `V` of the request and `W` of the response.
    pub(crate) fn of<V, W>() -> Self
    where
        V: for<'de> DeserializeAs<'de, Q> + JsonSchemaAs<Q>,
        W: SerializeAs<R> + JsonSchemaAs<R>,
    {
        Self {
            decode: |text| {
                read::section::<DeserializeAsWrap<Q, V>>(Section::Request, text)
                    .map(DeserializeAsWrap::into_inner)
            },
            encode: write::<R, W>,
            request_schema: |generator| generator.subschema_for::<SchemaAs<Q, V>>(),
            response_schema: |generator| generator.subschema_for::<SchemaAs<R, W>>(),
        }
    }

    /// Creates the codec of a custom capability, which uses plain serde in every format.
    pub(crate) fn custom() -> Self
    where
        Q: serde::de::DeserializeOwned + schemars::JsonSchema,
        R: Serialize + schemars::JsonSchema,
    {
        Self::of::<Same, Same>()
    }
}

impl<Q, R> std::fmt::Debug for Codec<Q, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Codec")
    }
}

impl<Q, R> Clone for Codec<Q, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, R> Copy for Codec<Q, R> {}
