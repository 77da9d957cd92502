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

use crate::error::ErrorResponse;
use crate::model::Page;
use crate::read::{self, Problem, Section};
use crate::response::{Partial, Response};

/// What an answer carries besides its payload.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) raw_data: Option<&'a serde_json::Value>,
    pub(crate) page: Option<&'a Page>,
    pub(crate) partial: Option<&'a Partial>,
}

/// The envelopes of a wire format.
pub(crate) trait Format: 'static {
    /// Writes the answer of a call that succeeded.
    fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// Writes the answer of a call that failed.
    fn write_error(app_id: &str, error: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// Reads the answer of a call that succeeded and writes it again, through the model.
    #[cfg(feature = "conformance")]
    fn rewrite<R, W>(text: &str) -> serde_json::Result<Vec<u8>>
    where
        W: for<'de> DeserializeAs<'de, R> + SerializeAs<R>;
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
    pub(crate) encode: fn(&Response<R>, &mut Vec<u8>) -> serde_json::Result<()>,
    pub(crate) request_schema: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) response_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl<Q, R> Codec<Q, R> {
    /// A capability whose request is spelled by `V` and whose response by `W`.
    pub(crate) fn of<F, V, W>() -> Self
    where
        F: Format,
        V: for<'de> DeserializeAs<'de, Q> + JsonSchemaAs<Q>,
        W: SerializeAs<R> + JsonSchemaAs<R>,
    {
        Self {
            decode: |text| {
                read::section::<DeserializeAsWrap<Q, V>>(Section::Request, text)
                    .map(DeserializeAsWrap::into_inner)
            },
            encode: |response, out| {
                F::write(SerializeAsWrap::<R, W>::new(&response.response), response.frame(), out)
            },
            request_schema: |generator| generator.subschema_for::<SchemaAs<Q, V>>(),
            response_schema: |generator| generator.subschema_for::<SchemaAs<R, W>>(),
        }
    }

    /// A custom capability: plain serde in every format.
    pub(crate) fn custom<F: Format>() -> Self
    where
        Q: serde::de::DeserializeOwned + schemars::JsonSchema,
        R: Serialize + schemars::JsonSchema,
    {
        Self::of::<F, Same, Same>()
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

impl<R> Response<R> {
    fn frame(&self) -> Frame<'_> {
        Frame { raw_data: self.raw_data.as_ref(), page: self.page.as_ref(), partial: self.partial.as_ref() }
    }
}
