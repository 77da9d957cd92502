//! Capabilities on resources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::FoundResourceData;
use crate::model::constructor::constructor;

/// Requests the resources of one type, or all resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListResourcesRequest {
    /// The type. Always set in the classic format. Never set in openapi, where all resources are requested.
    #[serde(skip)]
    pub resource_type: Option<String>,
}

constructor!(ListResourcesRequest(), resource_type);

/// One page of resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListResourcesResponse {
    /// The resources.
    pub resources: Vec<FoundResourceData>,
}

constructor!(ListResourcesResponse(resources: Vec<FoundResourceData>));
