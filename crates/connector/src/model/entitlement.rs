//! Entitlements, and the accounts that have them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{CustomAttributes, ExtraData, FoundAccountData, required_in_wire};

/// An entitlement in a listing: a permission or role on a resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["integration_specific_id", "integration_specific_resource_id"]))]
pub struct FoundEntitlementData {
    /// The upstream's id of the entitlement, unique on its resource.
    pub integration_specific_id: String,
    /// The upstream's id of the entitlement's resource.
    pub integration_specific_resource_id: String,
    /// The kind of entitlement.
    #[schemars(extend("x-entitlement-type" = true))]
    pub entitlement_type: String,
    /// Whether it can be assigned and unassigned.
    pub is_assignable: Option<bool>,
    /// The display name. The openapi format requires one.
    #[serde(with = "required_in_wire::label")]
    #[schemars(with = "String")]
    pub label: Option<String>,
    /// Any additional data.
    pub extra_data: Option<ExtraData>,
    /// A description for people. Openapi format only; classic omits it.
    pub description: Option<String>,
    /// Values of the requested custom attributes. Openapi format only; classic omits them.
    pub custom_attributes: Option<CustomAttributes>,
}

constructor!(
    FoundEntitlementData(
        integration_specific_id: String, integration_specific_resource_id: String, entitlement_type: String
    ),
    is_assignable, label, extra_data, description, custom_attributes
);

/// One account that has one entitlement on one resource.
///
/// The classic format writes the whole account, openapi only its id. Fill in as many of the account's fields as you
/// have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["account_id", "integration_specific_entitlement_id", "integration_specific_resource_id"]))]
pub struct FoundEntitlementAssociation {
    /// The upstream's id of the entitlement.
    pub integration_specific_entitlement_id: String,
    /// The account that has it.
    #[serde(rename = "account_id", with = "by_id")]
    #[schemars(with = "String")]
    #[schemars(extend("x-semantic" = "account-id"))]
    pub account: FoundAccountData,
    /// The upstream's id of the entitlement's resource.
    pub integration_specific_resource_id: String,
}

constructor!(FoundEntitlementAssociation(
    integration_specific_entitlement_id: String, account: FoundAccountData, integration_specific_resource_id: String
));

/// An entitlement that has been granted to a resource, as an edge of the access graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-unique-hash" = ["resource_id", "entitlement_id", "entitlement_resource_id"]))]
pub struct AccessGraphEntitlementAssignment {
    /// The id of the resource that holds the entitlement: an account, a group, a non-human account.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub resource_id: String,
    /// The id of the entitlement.
    #[schemars(extend("x-semantic" = "entitlement-id"))]
    pub entitlement_id: String,
    /// The id of the resource that the entitlement gives access to.
    #[schemars(extend("x-semantic" = "resource-id"))]
    pub entitlement_resource_id: String,
}

constructor!(AccessGraphEntitlementAssignment(
    resource_id: String, entitlement_id: String, entitlement_resource_id: String
));

/// Serializes an account as its id.
mod by_id {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::FoundAccountData;

    pub(super) fn serialize<S: Serializer>(
        account: &FoundAccountData,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        account.integration_specific_id.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<FoundAccountData, D::Error> {
        String::deserialize(deserializer).map(FoundAccountData::new)
    }
}
