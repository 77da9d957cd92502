//! [`Codec`]: one capability in one wire format, as plain functions.
//!
//! How a format spells a payload is defined by a type: [`Same`] where it is the payload's own serde, else one with derived
//! serde that describes the payload (`#[serde(remote = "…")]`): it lists the fields as the format has them. Nothing is
//! copied on the way out, and `serde_with` carries a spelling through lists and options.
//!
//! The functions are made here, for concrete types, so that a connector's own crate has none of this to compile.

use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_with::de::DeserializeAsWrap;
use serde_with::schemars_1::JsonSchemaAs;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, Same, Schema as SchemaAs, SerializeAs};

use crate::read::{self, Problem, Section};

/// Ends an answer whose payload has been written: `rest` is an object with what stands behind it.
pub(crate) fn close(rest: &impl Serialize, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let brace = out.len();
    serde_json::to_writer(&mut *out, rest)?;
    // The object of the answer is open since before the payload.
    out[brace] = b',';
    Ok(())
}

/// Reads the answer of a call that succeeded and writes it again, through the model.
///
/// Not a part of the codec: no connector reads answers.
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

/// Begins an answer, up to the end of its payload.
fn write<R, W: SerializeAs<R>>(payload: &R, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.extend_from_slice(br#"{"response":"#);
    serde_json::to_writer(out, &SerializeAsWrap::<R, W>::new(payload))
}

/// Has a type with derived serde that describes another one spell it.
macro_rules! spells {
    ($($spelling:ident: $model:ty;)*) => {$(
        impl serde_with::SerializeAs<$model> for $spelling {
            fn serialize_as<S: serde::Serializer>(value: &$model, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(value, serializer)
            }
        }

        $crate::wire::codec::spells_request! { $spelling: $model; }
    )*};
}
pub(super) use spells;

/// The same for requests, which are read only.
macro_rules! spells_request {
    ($($spelling:ident: $model:ty;)*) => {$(
        impl<'de> serde_with::DeserializeAs<'de, $model> for $spelling {
            fn deserialize_as<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$model, D::Error> {
                Self::deserialize(deserializer)
            }
        }

        impl serde_with::schemars_1::JsonSchemaAs<$model> for $spelling {
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
pub(super) use spells_request;

/// One capability in one wire format.
pub struct Codec<Q, R> {
    pub(crate) decode: fn(&str) -> Result<Q, Problem>,
    /// Begins an answer, up to the end of its payload. [`close`] ends it.
    pub(crate) encode: fn(&R, &mut Vec<u8>) -> serde_json::Result<()>,
    pub(crate) request_schema: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) response_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl<Q, R> Codec<Q, R> {
    /// A capability whose request is spelled by `V` and whose response by `W`.
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

    /// A custom capability: plain serde in every format.
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
