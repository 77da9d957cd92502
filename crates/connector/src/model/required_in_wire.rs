//! Fields that are optional in the model but required by a wire format.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// Defines a module for serde's `with` attribute per field. If the field is `None`, serialization fails with an error
/// that names it.
macro_rules! required_in_wire {
    ($($field:ident)*) => {$(
        pub(crate) mod $field {
            use super::{Serialize, Serializer};

            pub(crate) fn serialize<T: Serialize, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
                super::write(stringify!($field), value.as_ref(), serializer)
            }

            pub(crate) use crate::read::present as deserialize;
        }
    )*};
}
required_in_wire! { label refresh_token unique_tenant_id }

fn write<T: Serialize, S: Serializer>(
    field: &str,
    value: Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let missing = || S::Error::custom(format_args!("`{field}` is required in this wire format"));
    value.ok_or_else(missing)?.serialize(serializer)
}
