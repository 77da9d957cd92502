//! What an integration reports about itself: filled by `integration`, spelled by the wire formats.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::auth::Kinds;
use crate::capability::Effect;
use crate::model::AppCategory;

/// What an integration reports about itself, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The address of the app's logo.
    pub logo_url: Option<String>,
    /// The app's name.
    pub user_friendly_name: Option<String>,
    /// What the connector does.
    pub description: Option<String>,
    /// The categories that the app is filed under.
    pub categories: Vec<AppCategory>,
}

/// What an integration says of one of its capabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityInfo<'a> {
    /// Its name, as the integration's wire format spells it.
    pub name: &'a str,
    /// What a call does to the upstream.
    pub effect: Effect,
    /// Whether it answers a listing page by page.
    pub is_paged: bool,
    /// Its name for people.
    pub display_name: &'a str,
    /// What it does, in one line.
    pub description: &'a str,
}

/// All that `info` and the OpenAPI document have to say.
pub(crate) struct Facts<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: &'a Description,
    pub(crate) kinds: Kinds,
    /// The connector's own error codes, without the app's prefix, and what they mean.
    pub(crate) error_codes: &'a [(&'static str, &'static str)],
    pub(crate) settings: fn(&mut SchemaGenerator) -> Schema,
    /// The same, by its name.
    pub(crate) settings_reference: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) capabilities: Vec<CapabilityFacts<'a>>,
}

impl Facts<'_> {
    /// The connector's own error codes as a caller reads them, and what they mean.
    pub(crate) fn error_codes(&self) -> Vec<Value> {
        let told = |(code, meaning): &(&str, &str)| json!({ "code": format!("{}.{code}", self.app_id), "description": meaning });
        self.error_codes.iter().map(told).collect()
    }
}

/// What there is to say of one capability.
pub(crate) struct CapabilityFacts<'a> {
    pub(crate) info: CapabilityInfo<'a>,
    /// How many items a page has if the request does not say.
    pub(crate) page_size: usize,
    pub(crate) payloads: Box<dyn Payloads + 'a>,
}

/// The request and response of a capability, as the integration's wire format spells them.
pub(crate) trait Payloads {
    /// The schemas of both.
    fn schemas(&self, generator: &mut SchemaGenerator) -> (Schema, Schema);

    /// Whether a request would be read without complaint.
    fn accepts(&self, request: &[u8]) -> bool;
}
