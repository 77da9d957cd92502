//! [`Whole`]: takes `5.0` where an integer is expected.
//!
//! JSON has one kind of number, and JSON Schema (2020-12, validation, section 6.1.1) calls any without a fraction an
//! integer: what the schemas allow has to be read.

use std::fmt;

use serde::de::{Error, Visitor};

/// A visitor of an integer.
pub(super) struct Whole<V>(pub(super) V);

/// Visits that change nothing.
macro_rules! visits {
    ($($method:ident: $type:ty,)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Whole<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        // At either limit itself it may be the nearest `f64` to an integer beyond it.
        if number.fract() != 0.0 || number <= -(2f64.powi(63)) || number >= 2f64.powi(64) {
            self.0.visit_f64(number)
        } else if number < 0.0 {
            self.0.visit_i64(number as i64)
        } else {
            self.0.visit_u64(number as u64)
        }
    }

    visits! {
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128,
        visit_str: &str, visit_borrowed_str: &'de str, visit_string: String,
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }
}
