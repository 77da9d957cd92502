//! Resources: the objects that entitlements apply to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExtraData;
use super::constructor::constructor;

/// A resource in a listing, such as a group, a project or a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["integration_specific_id"]))]
pub struct FoundResourceData {
    /// The upstream's id of the resource, unique within its type.
    pub integration_specific_id: String,
    /// The display name.
    pub label: String,
    /// The kind of resource.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// Any additional data.
    ///
    /// The openapi format supports only string values: other values are written as their JSON text.
    #[serde(default, with = "texts")]
    #[schemars(with = "Option<std::collections::BTreeMap<String, String>>")]
    pub extra_data: Option<ExtraData>,
    /// A description for people. Openapi format only; classic omits it.
    pub description: Option<String>,
}

constructor!(
    FoundResourceData(integration_specific_id: String, label: String, resource_type: String),
    extra_data, description
);

/// Serializes free-form data with string values only.
mod texts {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::Value;

    use crate::model::ExtraData;

    pub(super) fn serialize<S: Serializer>(
        data: &Option<ExtraData>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Some(data) = data else { return serializer.serialize_none() };
        serializer.collect_map(data.iter().map(|(key, value)| match value {
            Value::String(text) => (key, text.clone()),
            other => (key, other.to_string()),
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ExtraData>, D::Error> {
        let texts = Option::<BTreeMap<String, String>>::deserialize(deserializer)?;
        Ok(texts.map(|texts| texts.into_iter().map(|(key, text)| (key, text.into())).collect()))
    }
}
