//! Capabilities on resources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::FoundResourceData;
use crate::model::constructor::constructor;

/// Asks for the resources of a type, or for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListResourcesRequest {
    /// The type. Always there in the classic format, never in openapi, which asks for all resources.
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
