//! Reading of JSON that no format owns: strictly, and with the place of what is wrong.

pub(crate) mod decode;
mod diagnose;
pub(crate) mod envelope;
pub(crate) mod members;
mod outline;
mod place;
mod problem;
mod section;
mod strict;
mod whole;

#[cfg(feature = "conformance")]
pub(crate) use decode::strict;
pub(crate) use decode::{part, present, section};
pub(crate) use diagnose::problem as problem_of;
pub(crate) use place::Place;
pub(crate) use problem::Problem;
pub(crate) use problem::{one_of, unknown_value};
pub(crate) use section::Section;
