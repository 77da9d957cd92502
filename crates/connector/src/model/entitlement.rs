//! Entitlements, and which account holds which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExtraData, FoundAccountData};

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
    /// Its name for people.
    pub label: Option<String>,
    /// Whatever else is worth knowing.
    pub extra_data: Option<ExtraData>,
}

/// One account → entitlement → resource.
///
/// Classic writes the whole account, openapi only its id: give the account as fully as it is at hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundEntitlementAssociation {
    /// The upstream's id of the entitlement.
    pub integration_specific_entitlement_id: String,
    /// The account that holds it.
    pub account: FoundAccountData,
    /// The upstream's id of the resource that the entitlement is on.
    pub integration_specific_resource_id: String,
}
