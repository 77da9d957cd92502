//! Custom attributes that an upstream lets its users define.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of thing that carries a custom attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum CustomAttributeCustomizedType {
    /// Accounts carry it.
    Account,
    /// Entitlements carry it.
    Entitlement,
    /// Resources carry it.
    Resource,
}

/// What the values of a custom attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum CustomAttributeType {
    /// Text.
    String,
    /// A reference to a user.
    User,
}

/// One custom attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomAttributeSchema {
    /// What carries it.
    pub customized_type: CustomAttributeCustomizedType,
    /// Its name.
    pub name: String,
    /// What its values are.
    pub attribute_type: CustomAttributeType,
}
