//! [`Settings`]: the size of the tenant, and simulated failures.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use connector::schema::Field;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// The size of the tenant, and simulated failures. All settings are optional and may be `null`.
#[derive(Clone, Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Number of accounts in the tenant.
    #[schemars(extend("default" = 250))]
    accounts: Option<Bounded<u64, 0, 10_000_000>>,
    /// HTTP status that the upstream returns for every call.
    #[schemars(transform = simulated())]
    fail_with_status: Option<Bounded<u16, 400, 599>>,
    /// Delay of every call, in milliseconds.
    #[schemars(extend("default" = 0), transform = simulated())]
    delay_ms: Option<Bounded<u64, 0, 60_000>>,
    /// Whether every handler panics.
    #[schemars(extend("default" = false), transform = simulated())]
    panic: Option<bool>,
}

/// The group of the settings that make calls fail or take longer.
fn simulated() -> Field {
    Field::new().group("Simulated failures")
}

impl Settings {
    pub(crate) fn accounts(&self) -> u64 {
        self.accounts.map_or(250, |accounts| accounts.value)
    }

    pub(crate) fn fail_with_status(&self) -> Option<u16> {
        self.fail_with_status.map(|status| status.value)
    }

    /// Returns `None` if there is no delay.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.delay_ms.map(|millis| Duration::from_millis(millis.value)).filter(|delay| !delay.is_zero())
    }

    pub(crate) fn panics(&self) -> bool {
        self.panic.unwrap_or_default()
    }
}

/// An integer from `MIN` to `MAX`, inclusive. Deserialization and the schema have the same bounds.
#[derive(Clone, Copy, Debug)]
struct Bounded<T, const MIN: u64, const MAX: u64> {
    value: T,
}

impl<'de, T: TryFrom<u64>, const MIN: u64, const MAX: u64> Deserialize<'de> for Bounded<T, MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(BoundedVisitor::<T, MIN, MAX>(PhantomData)).map(|value| Self { value })
    }
}

struct BoundedVisitor<T, const MIN: u64, const MAX: u64>(PhantomData<T>);

impl<T: TryFrom<u64>, const MIN: u64, const MAX: u64> Visitor<'_> for BoundedVisitor<T, MIN, MAX> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer from {MIN} to {MAX}")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        // Use serde's error, not a custom message: for a custom message, the SDK would only report "invalid value".
        let out_of_bounds = || E::invalid_value(Unexpected::Unsigned(number), &self);
        if (MIN..=MAX).contains(&number) {
            T::try_from(number).map_err(|_| out_of_bounds())
        } else {
            Err(out_of_bounds())
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}

impl<T, const MIN: u64, const MAX: u64> JsonSchema for Bounded<T, MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("IntegerFrom{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}
