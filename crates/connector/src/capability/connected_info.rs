//! The capability that describes the connector for a specific tenant.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::constructor::constructor;
use crate::model::{
    AccessGraphEntitlementRule, AccessGraphEntitlementType, AccessGraphImpliedAccessRule, AppCategory,
    EntitlementType, ExtraData, ResourceType,
};

/// Requests a description of the connector for the tenant whose settings and credentials the request carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectedInfoRequest {}

constructor!(ConnectedInfoRequest());

/// The description of the connector: what `info` returns, with what differs for the tenant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectedInfoResponse {
    /// The connector's app ID.
    pub app_id: String,
    /// The domain of the company that makes the app: `example.com`.
    pub app_vendor_domain: Option<String>,
    /// The connector's version. It differs between any two builds.
    pub version: String,
    /// The names of the capabilities that the connector has for this tenant.
    pub capabilities: Vec<String>,
    /// How to call each capability, by its name.
    pub capability_schema: BTreeMap<String, CapabilitySchema>,
    /// The OAuth scopes that each capability needs, by the capability's name. Several scopes are separated by spaces.
    pub oauth_scopes: Option<BTreeMap<String, String>>,
    /// The JSON Schema of `auth` in requests. Empty if the connector takes several kinds of credentials.
    pub authentication_schema: ExtraData,
    /// The JSON Schema of each kind of credentials that `credentials` in requests can have.
    pub credentials_schema: Vec<ExtraData>,
    /// The URL of the app's logo.
    pub logo_url: Option<String>,
    /// The app's name, for people.
    pub user_friendly_name: Option<String>,
    /// What the app does, in up to three sentences.
    pub description: Option<String>,
    /// The categories of the app.
    pub categories: Option<Vec<AppCategory>>,
    /// The types of entitlements that the connector lists.
    pub entitlement_types: Vec<EntitlementType>,
    /// The types of entitlements in the access graph.
    pub access_graph_entitlement_types: Option<Vec<AccessGraphEntitlementType>>,
    /// The entitlements that every resource of a type has, in every tenant. Those of a single tenant belong in the
    /// response of [`FindEntitlementGraph`](super::FindEntitlementGraph).
    pub access_graph_entitlement_rules: Option<Vec<AccessGraphEntitlementRule>>,
    /// Which entitlement includes which other one, in every tenant. Rules of a single tenant belong in the response of
    /// [`FindEntitlementGraph`](super::FindEntitlementGraph).
    pub implied_access_rules: Option<Vec<AccessGraphImpliedAccessRule>>,
    /// The types of resources that the connector lists.
    pub resource_types: Vec<ResourceType>,
    /// The JSON Schema of `settings` in requests.
    pub request_settings_schema: ExtraData,
}

constructor!(
    ConnectedInfoResponse(
        app_id: String, version: String, capabilities: Vec<String>,
        capability_schema: BTreeMap<String, CapabilitySchema>, authentication_schema: ExtraData,
        credentials_schema: Vec<ExtraData>, entitlement_types: Vec<EntitlementType>,
        resource_types: Vec<ResourceType>, request_settings_schema: ExtraData
    ),
    app_vendor_domain, oauth_scopes, logo_url, user_friendly_name, description, categories,
    access_graph_entitlement_types, access_graph_entitlement_rules, implied_access_rules
);

/// How to call a capability.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CapabilitySchema {
    /// The JSON Schema of the request's payload.
    pub argument: ExtraData,
    /// The JSON Schema of the response's payload.
    pub output: ExtraData,
    /// The capability's name, for people. By default, the name itself.
    pub display_name: Option<String>,
    /// Anything unusual about the capability, in one or two sentences that a user can understand.
    pub description: Option<String>,
}

constructor!(CapabilitySchema(argument: ExtraData, output: ExtraData), display_name, description);
