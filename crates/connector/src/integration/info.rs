//! `info`: what an integration is and can do, as data. How it is spelled is the wire format's business.

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::Integration;
use super::description::{CapabilityInfo, Description};
use super::handler::Registered;
use crate::auth::{Kinds, Settings};
use crate::json::json;
use crate::request::PageSizes;
use crate::schema;
use crate::wire::{Problem, Wire, classic, decode, openapi};

/// The name that `info` is asked by.
pub(super) const NAME: &str = "info";

/// The schemas of what every request of an integration carries.
pub(super) struct Schemas {
    settings: fn(&mut SchemaGenerator) -> Schema,
    settings_reference: fn(&mut SchemaGenerator) -> Schema,
}

impl Schemas {
    pub(super) fn of<S: Settings>() -> Self {
        Self {
            settings: |generator| S::json_schema(generator),
            settings_reference: |generator| generator.subschema_for::<S>(),
        }
    }

    pub(super) fn settings_are_an_object(&self) -> bool {
        let document = schema::document(|generator| (self.settings)(generator).to_value());
        document.get("type").is_none_or(|kind| kind == "object")
    }
}

/// All that `info` has to say.
pub(crate) struct Facts<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: &'a Description,
    pub(crate) kinds: Kinds,
    error_codes: &'a [(&'static str, &'static str)],
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

/// What `info` has to say of one capability.
pub(crate) struct CapabilityFacts<'a> {
    pub(crate) info: CapabilityInfo<'a>,
    registered: &'a Registered,
    wire: Wire,
    page_sizes: PageSizes,
}

impl CapabilityFacts<'_> {
    /// Whether a request would be read without complaint.
    pub(crate) fn accepts(&self, request: &[u8]) -> bool {
        let read = |call| self.registered.erased.check(self.wire, call, self.page_sizes);
        self.wire.open(request).and_then(read).is_ok()
    }

    /// How many items a page has if the request does not say.
    pub(crate) const fn page_size(&self) -> usize {
        self.page_sizes.default
    }

    /// The schemas of request and response payload.
    pub(crate) fn payloads(&self, generator: &mut SchemaGenerator) -> (Schema, Schema) {
        self.registered.erased.schemas(self.wire, generator).unwrap_or_default()
    }
}

/// Whatever is asked with is accepted, as long as it is a JSON object, or nothing at all.
pub(super) fn accept(request: &[u8]) -> Result<(), Problem> {
    if request.trim_ascii().is_empty() {
        return Ok(());
    }
    decode::check(request)
}

/// All that there is to say of an integration.
pub(crate) fn facts(integration: &Integration) -> Facts<'_> {
    Facts {
        app_id: &integration.app_id,
        version: &integration.version,
        description: &integration.description,
        kinds: integration.kinds,
        error_codes: &integration.error_codes,
        settings: integration.schemas.settings,
        settings_reference: integration.schemas.settings_reference,
        capabilities: integration
            .capabilities
            .iter()
            .filter(|registered| registered.speaks(integration.wire))
            .map(|registered| CapabilityFacts {
                info: registered.info(),
                registered,
                wire: integration.wire,
                page_sizes: integration.page_sizes,
            })
            .collect(),
    }
}

/// The answer to `info`.
pub(super) fn document(integration: &Integration) -> Result<Vec<u8>, Problem> {
    let facts = facts(integration);
    let document: Value = match integration.wire {
        Wire::Classic => classic::info::document(&facts),
        Wire::OpenApi => openapi::info::document(&facts),
    };
    serde_json::to_vec(&document).map_err(|error| Problem::at("", error.to_string()))
}
