//! Custom attributes that an upstream lets its users define.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;

/// The kind of object that has a custom attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomAttributeCustomizedType {
    /// Accounts have it.
    Account,
    /// Entitlements have it.
    Entitlement,
    /// Resources have it.
    Resource,
    /// Credentials have it. Openapi format only; classic omits the attribute.
    Credential,
    /// Non-human accounts have it. Openapi format only; classic omits the attribute.
    NonHumanAccount,
}

/// The type of a custom attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CustomAttributeType {
    /// Text.
    String,
    /// A reference to a user.
    User,
    /// A boolean. Openapi format only: classic uses `String`, as for the next two.
    Boolean,
    /// An integer.
    Integer,
    /// A point in time.
    Datetime,
}

/// A custom attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomAttributeSchema {
    /// The kind of object that has it.
    pub customized_type: CustomAttributeCustomizedType,
    /// The name.
    pub name: String,
    /// The type of its values.
    pub attribute_type: CustomAttributeType,
    /// A description for people. Openapi format only; classic omits it.
    pub description: Option<String>,
}

constructor!(
    CustomAttributeSchema(
        customized_type: CustomAttributeCustomizedType, name: String, attribute_type: CustomAttributeType
    ),
    description
);

/// A custom attribute that a request names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomAttributeParameter {
    /// The attribute's name.
    pub label: String,
    /// The kind of thing that carries it.
    #[serde(rename = "type")]
    pub customized_type: CustomAttributeCustomizedType,
}

constructor!(CustomAttributeParameter(label: String, customized_type: CustomAttributeCustomizedType));

/// The value of a custom attribute of one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomAttribute {
    /// The upstream's ID of the record that carries the attribute.
    pub record_id: String,
    /// The attribute's name, as the request names it.
    pub label: String,
    /// The value: any JSON, or `null` if the record has none.
    pub value: serde_json::Value,
    /// The kind of record that `record_id` refers to.
    #[serde(rename = "type")]
    pub customized_type: CustomAttributeCustomizedType,
}

constructor!(CustomAttribute(
    record_id: String, label: String, value: serde_json::Value, customized_type: CustomAttributeCustomizedType
));
