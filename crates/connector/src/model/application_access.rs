//! What accounts can hold in an application, and which account holds what.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{CustomAttributes, ExtraData};

/// A resource in an application, such as a workspace or a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["integration_specific_id", "application_instance_id"]))]
pub struct ApplicationResourceData {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the resource; unique within the application.
    pub integration_specific_id: String,
    /// The name to show to people.
    pub label: String,
    /// The kind of resource.
    #[schemars(extend("x-resource-type" = true))]
    pub resource_type: String,
    /// A description for people.
    pub description: Option<String>,
    /// Any further data about the resource. All values are strings.
    pub extra_data: Option<BTreeMap<String, String>>,
}

constructor!(
    ApplicationResourceData(
        application_instance_id: String, integration_specific_id: String, label: String, resource_type: String
    ),
    description, extra_data
);

/// An entitlement in an application: something that an account can hold on one of its resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["integration_specific_id", "integration_specific_resource_id", "application_instance_id"]))]
pub struct ApplicationEntitlementData {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the entitlement; unique on its resource.
    pub integration_specific_id: String,
    /// The upstream's ID of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
    /// The name to show to people.
    pub label: String,
    /// Whether the entitlement can be assigned and unassigned; `None` if that isn't known.
    pub is_assignable: Option<bool>,
    /// A description for people.
    pub description: Option<String>,
    /// Any further data about the entitlement. Each value is a JSON object.
    pub extra_data: Option<BTreeMap<String, ExtraData>>,
    /// Values of the custom attributes that the request names, by the attribute's name.
    pub custom_attributes: Option<CustomAttributes>,
}

constructor!(
    ApplicationEntitlementData(
        application_instance_id: String, integration_specific_id: String, integration_specific_resource_id: String,
        entitlement_type: String, label: String
    ),
    is_assignable, description, extra_data, custom_attributes
);

/// An entitlement on a resource that an account holds in an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["account_id", "integration_specific_entitlement_id", "integration_specific_resource_id", "application_instance_id"]))]
pub struct ApplicationEntitlementAssociation {
    /// The upstream's ID of the application.
    #[schemars(extend("x-semantic" = "application-instance-id"))]
    pub application_instance_id: String,
    /// The upstream's ID of the account that holds the entitlement.
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account_id: String,
    /// The upstream's ID of the entitlement.
    pub integration_specific_entitlement_id: String,
    /// The upstream's ID of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
}

constructor!(ApplicationEntitlementAssociation(
    application_instance_id: String, account_id: String, integration_specific_entitlement_id: String,
    integration_specific_resource_id: String
));
