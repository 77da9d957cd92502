//! Capabilities on custom attributes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::CustomAttributeSchema;
use crate::model::constructor::constructor;

/// Requests the custom attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListCustomAttributesSchemaRequest {}

/// The custom attributes that the app has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListCustomAttributesSchemaResponse {
    /// The attributes.
    pub schemas: Vec<CustomAttributeSchema>,
}

constructor!(ListCustomAttributesSchemaResponse(schemas: Vec<CustomAttributeSchema>));

constructor!(ListCustomAttributesSchemaRequest());
