//! Capabilities on entitlements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{AccessGraphEntitlementAssignment, FoundEntitlementAssociation, FoundEntitlementData};

/// Requests the entitlements on one resource, or all entitlements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListEntitlementsRequest {
    /// The resource's type. Always set in the classic format. Never set in openapi, where all entitlements are
    /// requested.
    #[serde(skip)]
    pub resource_type: Option<String>,
    /// The upstream's id of the resource. Set whenever `resource_type` is.
    #[serde(skip)]
    pub resource_integration_specific_id: Option<String>,
    /// The custom attributes to return with each entitlement. Openapi format only.
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

/// Requests all associations.
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

/// Requests the associations of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GetAccountEntitlementAssociationsRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(GetAccountEntitlementAssociationsRequest(account_id: String));

/// One page of an account's associations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GetAccountEntitlementAssociationsResponse {
    /// The associations.
    pub associations: Vec<FoundEntitlementAssociation>,
}

constructor!(GetAccountEntitlementAssociationsResponse(associations: Vec<FoundEntitlementAssociation>));

/// Requests all entitlements that have been granted, as edges of the access graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementAssignmentsRequest {}

constructor!(FindEntitlementAssignmentsRequest());

/// One page of granted entitlements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FindEntitlementAssignmentsResponse {
    /// The granted entitlements.
    pub assignments: Vec<AccessGraphEntitlementAssignment>,
}

constructor!(FindEntitlementAssignmentsResponse(assignments: Vec<AccessGraphEntitlementAssignment>));

/// Requests that an account be given an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignEntitlementRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_integration_specific_id: String,
    /// The upstream's id of the resource.
    pub resource_integration_specific_id: String,
    /// The resource's type.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// The upstream's id of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
}

constructor!(AssignEntitlementRequest(
    account_integration_specific_id: String, resource_integration_specific_id: String, resource_type: String,
    entitlement_integration_specific_id: String, entitlement_type: String
));

/// The result of assigning an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignEntitlementResponse {
    /// Whether the account has the entitlement now.
    pub assigned: bool,
}

constructor!(AssignEntitlementResponse(assigned: bool));

/// Requests that an entitlement be removed from an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignEntitlementRequest {
    /// The upstream's id of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_integration_specific_id: String,
    /// The upstream's id of the resource.
    pub resource_integration_specific_id: String,
    /// The resource's type.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// The upstream's id of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
}

constructor!(UnassignEntitlementRequest(
    account_integration_specific_id: String, resource_integration_specific_id: String, resource_type: String,
    entitlement_integration_specific_id: String, entitlement_type: String
));

/// The result of unassigning an entitlement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignEntitlementResponse {
    /// Whether the account no longer has the entitlement.
    pub unassigned: bool,
}

constructor!(UnassignEntitlementResponse(unassigned: bool));
