//! Resources: what entitlements are on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExtraData;

/// A resource as a listing found it: a group, a project, a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundResourceData {
    /// The upstream's id of the resource; unique within its type.
    pub integration_specific_id: String,
    /// Its name for people.
    pub label: String,
    /// The kind of resource.
    pub resource_type: String,
    /// Whatever else is worth knowing.
    pub extra_data: Option<ExtraData>,
}
