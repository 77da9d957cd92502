//! Facts about an integration, filled in by `integration` and encoded by the wire formats.

use std::collections::BTreeMap;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::auth::Kinds;
use crate::capability::{Effect, Family};
use crate::model::{
    AccessGraphEntitlementRule, AccessGraphEntitlementType, AccessGraphImpliedAccessRule, AppCategory,
    EntitlementType, ResourceType,
};

/// An integration's description, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The URL of the app's logo.
    pub logo_url: Option<String>,
    /// The app's display name.
    pub user_friendly_name: Option<String>,
    /// A description of the connector.
    pub description: Option<String>,
    /// The categories that the app is listed under.
    pub categories: Vec<AppCategory>,
    /// The domain of the company that makes the app: `example.com`. Openapi format only.
    pub app_vendor_domain: Option<String>,
}

/// What an integration declares about its data, beyond its capabilities. Openapi format only.
#[derive(Default)]
pub(crate) struct Declarations {
    pub(crate) resource_types: Vec<ResourceType>,
    pub(crate) entitlement_types: Vec<EntitlementType>,
    pub(crate) access_graph_entitlement_types: Vec<AccessGraphEntitlementType>,
    pub(crate) access_graph_entitlement_rules: Vec<AccessGraphEntitlementRule>,
    pub(crate) implied_access_rules: Vec<AccessGraphImpliedAccessRule>,
    /// By the name of the capability.
    pub(crate) oauth_scopes: BTreeMap<String, String>,
}

/// Describes one of an integration's capabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityInfo<'a> {
    /// The name in the integration's wire format.
    pub name: &'a str,
    /// What it is about, or `None` for a custom capability.
    pub family: Option<Family>,
    /// The effect on the upstream.
    pub effect: Effect,
    /// Whether it returns a listing page by page.
    pub is_paged: bool,
    /// The display name.
    pub display_name: &'a str,
    /// A one-line description.
    pub description: &'a str,
    /// Whether the SDK provides it, not a handler of the connector.
    pub is_provided: bool,
}

/// All facts for `info` and the OpenAPI document.
pub(crate) struct Facts<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: &'a Description,
    pub(crate) declared: &'a Declarations,
    pub(crate) kinds: Kinds,
    /// The connector's own error codes, without the app's prefix, and their descriptions.
    pub(crate) error_codes: &'a [(&'static str, &'static str)],
    pub(crate) settings: fn(&mut SchemaGenerator) -> Schema,
    /// The same schema as a reference.
    pub(crate) settings_reference: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) capabilities: Vec<CapabilityFacts<'a>>,
}

impl Facts<'_> {
    /// The connector's own error codes with the app's prefix, and their descriptions.
    pub(crate) fn error_codes(&self) -> Vec<Value> {
        let described = |(code, meaning): &(&str, &str)| json!({ "code": format!("{}.{code}", self.app_id), "description": meaning });
        self.error_codes.iter().map(described).collect()
    }
}

/// The facts about one capability.
pub(crate) struct CapabilityFacts<'a> {
    pub(crate) info: CapabilityInfo<'a>,
    /// The default page size.
    pub(crate) page_size: usize,
    /// The kinds of credentials that requests may carry. Empty if they carry none.
    pub(crate) kinds: Kinds,
    /// Whether requests may need settings. If not, any settings are accepted.
    pub(crate) reads_settings: bool,
    pub(crate) payloads: Box<dyn Payloads + 'a>,
}

/// The request and response of a capability, as written in the integration's wire format.
pub(crate) trait Payloads {
    /// The schemas of request and response.
    fn schemas(&self, generator: &mut SchemaGenerator) -> (Schema, Schema);

    /// Whether a request would be accepted.
    fn accepts(&self, request: &[u8]) -> bool;
}
