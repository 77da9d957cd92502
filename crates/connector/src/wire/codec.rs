//! [`Codec`]: one capability in one wire format, as plain functions.
//!
//! The functions are made here, for concrete types, so that a connector's own crate has none of this to compile.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

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
pub(crate) trait Format: Sized + 'static {
    /// Writes the answer of a call that succeeded.
    fn write<P: Serialize>(payload: P, frame: Frame<'_>, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// Writes the answer of a call that failed.
    fn write_error(app_id: &str, error: &ErrorResponse, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// Reads the answer of a call that succeeded and writes it again, through the model.
    fn rewrite<R: Spelled<Self>>(text: &str) -> serde_json::Result<Vec<u8>>;
}

/// A request payload that the format `F` can read.
pub(crate) trait Readable<F>: Sized {
    /// As the format spells it.
    type Read: DeserializeOwned + JsonSchema + Into<Self>;
}

/// A response payload that the format `F` can write and read.
pub(crate) trait Spelled<F>: Sized + 'static {
    /// As the format spells it, owned.
    type Read: DeserializeOwned + JsonSchema + Into<Self>;
    /// As the format spells it, borrowed: nothing is copied on the way out.
    type Write<'a>: Serialize + From<&'a Self>;
}

/// Payloads that a format spells by their own serde.
macro_rules! own_serde {
    ($format:ty: requests $($request:ty),*; responses $($response:ty),*;) => {
        $(impl $crate::wire::Readable<$format> for $request {
            type Read = Self;
        })*
        $(impl $crate::wire::Spelled<$format> for $response {
            type Read = Self;
            type Write<'a> = &'a Self;
        })*
    };
}
pub(super) use own_serde;

/// One capability in one wire format.
pub struct Codec<Q, R> {
    pub(crate) decode: fn(&str) -> Result<Q, Problem>,
    pub(crate) encode: fn(&Response<R>, &mut Vec<u8>) -> serde_json::Result<()>,
    pub(crate) request_schema: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) response_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl<Q, R> Codec<Q, R> {
    /// A standard capability.
    pub(crate) fn of<F: Format>() -> Self
    where
        Q: Readable<F>,
        R: Spelled<F>,
    {
        Self {
            decode: |text| read::section::<Q::Read>(Section::Request, text).map(Into::into),
            encode: |response, out| F::write(R::Write::from(&response.response), response.frame(), out),
            request_schema: |generator| generator.subschema_for::<Q::Read>(),
            response_schema: |generator| generator.subschema_for::<R::Read>(),
        }
    }

    /// A custom capability: plain serde in every format.
    pub(crate) fn custom<F: Format>() -> Self
    where
        Q: DeserializeOwned + JsonSchema,
        R: Serialize + JsonSchema,
    {
        Self {
            decode: |text| read::section::<Q>(Section::Request, text),
            encode: |response, out| F::write(&response.response, response.frame(), out),
            request_schema: |generator| generator.subschema_for::<Q>(),
            response_schema: |generator| generator.subschema_for::<R>(),
        }
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
