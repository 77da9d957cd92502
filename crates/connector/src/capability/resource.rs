//! Capabilities on resources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::model::FoundResourceData;

standard!(ListResources, "list-resources", Read, ListResourcesRequest => ListResourcesResponse,
    "Lists the resources of a type");

/// Asks for the resources of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListResourcesRequest {
    /// The type.
    pub resource_type: String,
}

/// One page of resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListResourcesResponse {
    /// The resources.
    pub resources: Vec<FoundResourceData>,
}
