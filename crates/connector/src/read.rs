//! Reading of JSON that no format owns: strictly, and with the place of what is wrong.

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
pub(crate) use decode::{part, present, section};
pub(crate) use place::Place;
pub(crate) use problem::Problem;
pub(crate) use problem::one_of;
pub(crate) use section::Section;
