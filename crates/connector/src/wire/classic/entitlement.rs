//! Resources, entitlements and associations in the classic format.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::As;

use super::account::FoundAccountData;
use crate::capability as cap;
use crate::model::{self, CustomAttributes, ExtraData};
use crate::read::present;
use crate::wire::codec::{wire_request, wire_type};

#[derive(Deserialize, JsonSchema)]
#[serde(remote = "cap::ListResourcesRequest")]
pub(crate) struct ListResourcesRequest {
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    resource_type: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "model::FoundResourceData")]
pub(super) struct FoundResourceData {
    integration_specific_id: String,
    label: String,
    resource_type: String,
    extra_data: Option<ExtraData>,
    #[serde(skip)]
    description: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ListResourcesResponse")]
pub(crate) struct ListResourcesResponse {
    #[serde(with = "As::<Vec<FoundResourceData>>")]
    #[schemars(with = "Vec<FoundResourceData>")]
    resources: Vec<model::FoundResourceData>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(remote = "cap::ListEntitlementsRequest")]
pub(crate) struct ListEntitlementsRequest {
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    resource_type: Option<String>,
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    resource_integration_specific_id: Option<String>,
    #[serde(skip)]
    custom_attributes: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "model::FoundEntitlementData")]
pub(super) struct FoundEntitlementData {
    integration_specific_id: String,
    integration_specific_resource_id: String,
    entitlement_type: String,
    is_assignable: Option<bool>,
    label: Option<String>,
    extra_data: Option<ExtraData>,
    #[serde(skip)]
    description: Option<String>,
    #[serde(skip)]
    custom_attributes: Option<CustomAttributes>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::ListEntitlementsResponse")]
pub(crate) struct ListEntitlementsResponse {
    #[serde(with = "As::<Vec<FoundEntitlementData>>")]
    #[schemars(with = "Vec<FoundEntitlementData>")]
    entitlements: Vec<model::FoundEntitlementData>,
}

/// Contains the whole account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "model::FoundEntitlementAssociation")]
pub(super) struct FoundEntitlementAssociation {
    integration_specific_entitlement_id: String,
    #[serde(with = "As::<FoundAccountData>")]
    #[schemars(with = "FoundAccountData")]
    account: model::FoundAccountData,
    integration_specific_resource_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "cap::FindEntitlementAssociationsResponse")]
pub(crate) struct FindEntitlementAssociationsResponse {
    #[serde(with = "As::<Vec<FoundEntitlementAssociation>>")]
    #[schemars(with = "Vec<FoundEntitlementAssociation>")]
    associations: Vec<model::FoundEntitlementAssociation>,
}

wire_request! {
    ListResourcesRequest: cap::ListResourcesRequest;
    ListEntitlementsRequest: cap::ListEntitlementsRequest;
}

wire_type! {
    FoundResourceData: model::FoundResourceData;
    ListResourcesResponse: cap::ListResourcesResponse;
    FoundEntitlementData: model::FoundEntitlementData;
    ListEntitlementsResponse: cap::ListEntitlementsResponse;
    FoundEntitlementAssociation: model::FoundEntitlementAssociation;
    FindEntitlementAssociationsResponse: cap::FindEntitlementAssociationsResponse;
}
