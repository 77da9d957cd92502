//! Fields that a wire format requires although the model can do without.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// A module for serde's `with` for each field: what is there is written as it is, and what is not is an error that names
/// the field, never a document without it.
macro_rules! demanded {
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
demanded! { label refresh_token unique_tenant_id }

fn write<T: Serialize, S: Serializer>(
    field: &str,
    value: Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let lacks = || S::Error::custom(format_args!("it lacks `{field}`, which this wire format requires"));
    value.ok_or_else(lacks)?.serialize(serializer)
}
