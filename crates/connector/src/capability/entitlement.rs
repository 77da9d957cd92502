//! Capabilities on entitlements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standard;
use crate::model::{FoundEntitlementAssociation, FoundEntitlementData};

standard!(ListEntitlements, "list-entitlements", Read, ListEntitlementsRequest => ListEntitlementsResponse,
    "Lists the entitlements on a resource");

/// Asks for the entitlements on a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListEntitlementsRequest {
    /// The resource's type.
    pub resource_type: String,
    /// The upstream's id of the resource.
    pub resource_integration_specific_id: String,
}

/// One page of entitlements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListEntitlementsResponse {
    /// The entitlements.
    pub entitlements: Vec<FoundEntitlementData>,
}

standard!(FindEntitlementAssociations, "find-entitlement-associations", Read,
    FindEntitlementAssociationsRequest => FindEntitlementAssociationsResponse,
    "Lists which account holds which entitlement");

/// Asks for all associations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementAssociationsRequest {}

/// One page of associations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindEntitlementAssociationsResponse {
    /// The associations.
    pub associations: Vec<FoundEntitlementAssociation>,
}

standard!(AssignEntitlement, "assign-entitlement", IdempotentWrite,
    AssignEntitlementRequest => AssignEntitlementResponse,
    "Gives an entitlement to an account");

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

/// What became of an assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignEntitlementResponse {
    /// Whether the account holds the entitlement now.
    pub assigned: bool,
}

standard!(UnassignEntitlement, "unassign-entitlement", IdempotentWrite,
    UnassignEntitlementRequest => UnassignEntitlementResponse,
    "Takes an entitlement from an account");

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

/// What became of an unassignment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignEntitlementResponse {
    /// Whether the account no longer holds the entitlement.
    pub unassigned: bool,
}
