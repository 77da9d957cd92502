//! The page section of a request.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::PaginationArgs;

/// [`PaginationArgs`] as written in the envelopes.
#[derive(Default, Deserialize)]
pub(super) struct PageSection {
    token: Option<String>,
    size: Option<Size>,
}

impl From<PageSection> for PaginationArgs {
    fn from(section: PageSection) -> Self {
        Self { token: section.token, size: section.size.map(|size| size.0) }
    }
}

/// A page size of any magnitude. Values above a connector's maximum are clamped to it, so no integer is too large.
/// Fractions are rejected.
struct Size(i64);

/// 2⁶³. JSON numbers of this magnitude arrive as floats, even if they are integers.
const LIMIT: f64 = 9_223_372_036_854_775_808.0;

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(SizeVisitor)
    }
}

struct SizeVisitor;

impl Visitor<'_> for SizeVisitor {
    type Value = Size;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, size: i64) -> Result<Size, E> {
        Ok(Size(size))
    }

    fn visit_u64<E: Error>(self, size: u64) -> Result<Size, E> {
        Ok(Size(i64::try_from(size).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E: Error>(self, size: f64) -> Result<Size, E> {
        match size {
            _ if size >= LIMIT => Ok(Size(i64::MAX)),
            _ if size <= -LIMIT => Ok(Size(i64::MIN)),
            _ => Err(E::invalid_type(Unexpected::Float(size), &self)),
        }
    }
}
