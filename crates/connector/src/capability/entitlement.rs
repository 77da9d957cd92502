//! Capabilities on entitlements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{FoundEntitlementAssociation, FoundEntitlementData};

/// Asks for the entitlements on a resource, or for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListEntitlementsRequest {
    /// The resource's type. Always there in the classic format, never in openapi, which asks for all entitlements.
    #[serde(skip)]
    pub resource_type: Option<String>,
    /// The upstream's id of the resource; there and not there together with its type.
    #[serde(skip)]
    pub resource_integration_specific_id: Option<String>,
    /// The custom attributes to give with each entitlement. Openapi format only.
    pub custom_attributes: Option<Vec<String>>,
}

constructor!(ListEntitlementsRequest(), resource_type, resource_integration_specific_id, custom_attributes);

/// One page of entitlements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ListEntitlementsResponse {
    /// The entitlements.
    pub entitlements: Vec<FoundEntitlementData>,
}

constructor!(ListEntitlementsResponse(entitlements: Vec<FoundEntitlementData>));

/// Asks for all associations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementAssociationsRequest {}

/// One page of associations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FindEntitlementAssociationsResponse {
    /// The associations.
    pub associations: Vec<FoundEntitlementAssociation>,
}

constructor!(FindEntitlementAssociationsResponse(associations: Vec<FoundEntitlementAssociation>));

constructor!(FindEntitlementAssociationsRequest());

/// Asks that an account shall hold an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignEntitlementRequest {
    /// The upstream's id of the account.
    pub account_integration_specific_id: String,
    /// The upstream's id of the resource.
    pub resource_integration_specific_id: String,
    /// The resource's type.
    pub resource_type: String,
    /// The upstream's id of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    pub entitlement_type: String,
}

constructor!(AssignEntitlementRequest(
    account_integration_specific_id: String, resource_integration_specific_id: String, resource_type: String,
    entitlement_integration_specific_id: String, entitlement_type: String
));

/// What became of an assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignEntitlementResponse {
    /// Whether the account holds the entitlement now.
    pub assigned: bool,
}

constructor!(AssignEntitlementResponse(assigned: bool));

/// Asks that an account shall no longer hold an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignEntitlementRequest {
    /// The upstream's id of the account.
    pub account_integration_specific_id: String,
    /// The upstream's id of the resource.
    pub resource_integration_specific_id: String,
    /// The resource's type.
    pub resource_type: String,
    /// The upstream's id of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    pub entitlement_type: String,
}

constructor!(UnassignEntitlementRequest(
    account_integration_specific_id: String, resource_integration_specific_id: String, resource_type: String,
    entitlement_integration_specific_id: String, entitlement_type: String
));

/// What became of an unassignment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignEntitlementResponse {
    /// Whether the account no longer holds the entitlement.
    pub unassigned: bool,
}

constructor!(UnassignEntitlementResponse(unassigned: bool));
