//! Capabilities that return the graph of an app's access: its entitlements, its resources and how they are related.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{
    AccessGraphEntitlement, AccessGraphEntitlementRule, AccessGraphImpliedAccess,
    AccessGraphImpliedAccessRule, AccessGraphResource, AccessGraphResourceRelationship, CustomAttribute,
    CustomAttributeParameter,
};

/// Requests the graph of the entitlements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementGraphRequest {
    /// The custom attributes of entitlements to return.
    pub custom_attributes: Option<Vec<CustomAttributeParameter>>,
}

constructor!(FindEntitlementGraphRequest(), custom_attributes);

/// One page of the graph of the entitlements. The lists of all pages together are the graph.
///
/// Entitlements that exist on every resource of a type can be described once, by a rule, instead of once per resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementGraphResponse {
    /// The entitlements.
    pub nodes: Vec<AccessGraphEntitlement>,
    /// Which entitlements include others.
    pub entitlement_implications: Vec<AccessGraphImpliedAccess>,
    /// Values of the custom attributes that the request names.
    pub custom_attributes: Vec<CustomAttribute>,
    /// Entitlements that exist on every resource of a type in this tenant. Optional in the format; defaults to none.
    #[serde(default)]
    pub access_graph_entitlement_rules: Vec<AccessGraphEntitlementRule>,
    /// Which entitlements include others on every resource of a type in this tenant. Optional in the format; defaults
    /// to none.
    #[serde(default)]
    pub access_graph_implied_access_rules: Vec<AccessGraphImpliedAccessRule>,
}

constructor!(
    FindEntitlementGraphResponse(
        nodes: Vec<AccessGraphEntitlement>, entitlement_implications: Vec<AccessGraphImpliedAccess>,
        custom_attributes: Vec<CustomAttribute>
    ),
    access_graph_entitlement_rules, access_graph_implied_access_rules
);

/// Requests the graph of the resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindResourceGraphRequest {
    /// The custom attributes of resources to return.
    pub custom_attributes: Option<Vec<CustomAttributeParameter>>,
}

constructor!(FindResourceGraphRequest(), custom_attributes);

/// One page of the graph of the resources. The lists of all pages together are the graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindResourceGraphResponse {
    /// The resources.
    pub resources: Vec<AccessGraphResource>,
    /// How the resources are related, for example which folder contains which.
    pub resource_relationships: Vec<AccessGraphResourceRelationship>,
    /// Values of the custom attributes that the request names.
    pub custom_attributes: Vec<CustomAttribute>,
}

constructor!(FindResourceGraphResponse(
    resources: Vec<AccessGraphResource>, resource_relationships: Vec<AccessGraphResourceRelationship>,
    custom_attributes: Vec<CustomAttribute>
));
