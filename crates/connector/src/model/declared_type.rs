//! The types of resources and entitlements that a connector declares.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;

/// A type of resource that the connector lists. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceType {
    /// The ID of the type, unique in the connector.
    pub type_id: String,
    /// Its name for people.
    pub type_label: String,
}

constructor!(ResourceType(type_id: String, type_label: String));

/// A type of entitlement that the connector lists. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntitlementType {
    /// The ID of the type, unique in the connector.
    pub type_id: String,
    /// Its name for people.
    pub type_label: String,
    /// The [`ResourceType::type_id`] of the resources that the entitlements are on. Empty if they are on the app as a
    /// whole, which is not declared.
    pub resource_type_id: String,
    /// How many entitlements of this type an active account must hold at least. With 0, the last one can be removed.
    pub min: u32,
    /// How many entitlements of this type an account can hold at most; `None` if there is no limit.
    pub max: Option<u32>,
    /// Other limits that apply to single capabilities, by the capability's name: `create_account`.
    pub requirements: Option<BTreeMap<String, EntitlementRequirement>>,
}

constructor!(
    EntitlementType(type_id: String, type_label: String, resource_type_id: String, min: u32), max, requirements
);

/// The limits of an [`EntitlementType`] that apply to one capability. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntitlementRequirement {
    /// How many entitlements at least; `None` if the limit of the type applies.
    pub min: Option<u32>,
    /// How many entitlements at most; `None` if the limit of the type applies.
    pub max: Option<u32>,
}

constructor!(EntitlementRequirement(), min, max);

/// A type of entitlement that appears in the connector's access graph. Openapi format only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGraphEntitlementType {
    /// The ID of the type, unique in the connector.
    pub type_id: String,
    /// Its name for people.
    pub type_label: String,
    /// The [`ResourceType::type_id`] of the resources that the entitlements are on.
    pub resource_type_id: String,
}

constructor!(AccessGraphEntitlementType(type_id: String, type_label: String, resource_type_id: String));
