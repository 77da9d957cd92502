//! Capabilities that give accounts access to applications, and take it away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::AccountStatus;
use crate::model::constructor::constructor;

/// Requests that an application is assigned to an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignApplicationRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(AssignApplicationRequest(application_instance_id: String, account_id: String));

/// The outcome of the assignment of an application.
///
/// An upstream can record the assignment without creating an account in the application, or vice versa.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignApplicationResponse {
    /// Whether the application is now assigned to the account in the upstream.
    pub assigned: bool,
    /// Whether the upstream has created an account in the application itself.
    pub provisioned: bool,
}

constructor!(AssignApplicationResponse(assigned: bool, provisioned: bool));

/// Requests that an application is no longer assigned to an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignApplicationRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
}

constructor!(UnassignApplicationRequest(application_instance_id: String, account_id: String));

/// The outcome of the removal of an application from an account.
///
/// An upstream can remove the assignment and keep the account in the application, or vice versa.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignApplicationResponse {
    /// Whether the upstream has removed the assignment.
    pub unassigned: bool,
    /// Whether the upstream has removed the account from the application itself.
    pub deprovisioned: bool,
    /// The state of the account in the application after the call.
    pub status: AccountStatus,
}

constructor!(UnassignApplicationResponse(unassigned: bool, deprovisioned: bool, status: AccountStatus));

/// Requests that an account holds an entitlement in an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignApplicationEntitlementRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_integration_specific_id: String,
    /// The upstream's ID of the resource.
    pub resource_integration_specific_id: String,
    /// The kind of resource.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// The upstream's ID of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
}

constructor!(AssignApplicationEntitlementRequest(
    application_instance_id: String, account_integration_specific_id: String,
    resource_integration_specific_id: String, resource_type: String, entitlement_integration_specific_id: String,
    entitlement_type: String
));

/// The outcome of the assignment of an entitlement in an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignApplicationEntitlementResponse {
    /// Whether the account now holds the entitlement.
    pub assigned: bool,
}

constructor!(AssignApplicationEntitlementResponse(assigned: bool));

/// Requests that an account no longer holds an entitlement in an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignApplicationEntitlementRequest {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_integration_specific_id: String,
    /// The upstream's ID of the resource.
    pub resource_integration_specific_id: String,
    /// The kind of resource.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// The upstream's ID of the entitlement.
    pub entitlement_integration_specific_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
}

constructor!(UnassignApplicationEntitlementRequest(
    application_instance_id: String, account_integration_specific_id: String,
    resource_integration_specific_id: String, resource_type: String, entitlement_integration_specific_id: String,
    entitlement_type: String
));

/// The outcome of the removal of an entitlement in an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignApplicationEntitlementResponse {
    /// Whether the account no longer holds the entitlement.
    pub unassigned: bool,
}

constructor!(UnassignApplicationEntitlementResponse(unassigned: bool));
