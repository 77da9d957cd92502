//! Entitlements, and which account holds which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constructor::constructor;
use super::{CustomAttributes, ExtraData, FoundAccountData, demanded};

/// An entitlement as a listing found it: what one can hold on a resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundEntitlementData {
    /// The upstream's id of the entitlement; unique on its resource.
    pub integration_specific_id: String,
    /// The upstream's id of the resource that it is on.
    pub integration_specific_resource_id: String,
    /// The kind of entitlement.
    pub entitlement_type: String,
    /// Whether it can be assigned and unassigned.
    pub is_assignable: Option<bool>,
    /// Its name for people; the openapi format requires one.
    #[serde(with = "demanded::label")]
    #[schemars(with = "String")]
    pub label: Option<String>,
    /// Whatever else is worth knowing.
    pub extra_data: Option<ExtraData>,
    /// What it is, for people. Openapi format only: not written in classic.
    pub description: Option<String>,
    /// Values of the custom attributes that the request named. Openapi format only: not written in classic.
    pub custom_attributes: Option<CustomAttributes>,
}

constructor!(
    FoundEntitlementData(
        integration_specific_id: String, integration_specific_resource_id: String, entitlement_type: String
    ),
    is_assignable, label, extra_data, description, custom_attributes
);

/// One account → entitlement → resource.
///
/// Classic writes the whole account, openapi only its id: give the account as fully as it is at hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundEntitlementAssociation {
    /// The upstream's id of the entitlement.
    pub integration_specific_entitlement_id: String,
    /// The account that holds it.
    #[serde(rename = "account_id", with = "by_id")]
    #[schemars(with = "String")]
    pub account: FoundAccountData,
    /// The upstream's id of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
}

constructor!(FoundEntitlementAssociation(
    integration_specific_entitlement_id: String, account: FoundAccountData, integration_specific_resource_id: String
));

/// An account of which only the id is written.
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
