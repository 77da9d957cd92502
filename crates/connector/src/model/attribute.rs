//! Custom attributes that an upstream lets its users define.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;

/// The kind of thing that carries a custom attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomAttributeCustomizedType {
    /// Accounts carry it.
    Account,
    /// Entitlements carry it.
    Entitlement,
    /// Resources carry it.
    Resource,
    /// Credentials carry it. Openapi format only: left out in classic.
    Credential,
    /// Accounts of programs carry it. Openapi format only: left out in classic.
    NonHumanAccount,
}

/// What the values of a custom attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CustomAttributeType {
    /// Text.
    String,
    /// A reference to a user.
    User,
    /// A truth value. Openapi format only: text in classic, as the next two.
    Boolean,
    /// A whole number.
    Integer,
    /// A point in time.
    Datetime,
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
    /// What it means, for people. Openapi format only: not written in classic.
    pub description: Option<String>,
}

constructor!(
    CustomAttributeSchema(
        customized_type: CustomAttributeCustomizedType, name: String, attribute_type: CustomAttributeType
    ),
    description
);
