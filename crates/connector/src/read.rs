//! Strict reading of JSON, independent of the wire format. Errors include the location.

mod decode;
mod enums;
pub(crate) mod envelope;
mod fault;
mod name;
mod place;
mod problem;
mod reader;
mod section;

#[cfg(feature = "conformance")]
pub(crate) use decode::strict;
#[cfg(feature = "client")]
pub(crate) use decode::why_not;
pub(crate) use decode::{part, present, section};
pub(crate) use place::Place;
pub(crate) use problem::Problem;
pub(crate) use problem::one_of;
pub(crate) use section::Section;
