//! Capabilities on custom attributes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::model::CustomAttributeSchema;

standard!(ListCustomAttributesSchema, "list-custom-attributes-schema", Read,
    ListCustomAttributesSchemaRequest => ListCustomAttributesSchemaResponse,
    "Lists the custom attributes that the app has");

/// Asks for the custom attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListCustomAttributesSchemaRequest {}

/// The custom attributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListCustomAttributesSchemaResponse {
    /// The attributes.
    pub schemas: Vec<CustomAttributeSchema>,
}
