//! The data of `info`: what an integration is and can do. The wire format decides how it is written.

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::handler::Registered;
use super::{BuildError, Integration};
use crate::auth::Settings;
use crate::cancellation::Cancellation;
use crate::document::{self, Served};
use crate::facts::{CapabilityFacts, Facts, Payloads};
use crate::read::{Problem, envelope};
use crate::schema;

/// The name of `info` in a request.
pub(super) const NAME: &str = "info";

/// The schemas of the integration's settings.
pub(super) struct Schemas {
    pub(super) settings: fn(&mut SchemaGenerator) -> Schema,
    settings_reference: fn(&mut SchemaGenerator) -> Schema,
}

impl Schemas {
    pub(super) fn of<S: Settings>() -> Self {
        Self {
            settings: |generator| S::json_schema(generator),
            settings_reference: |generator| generator.subschema_for::<S>(),
        }
    }

    /// Returns what is wrong with the schema of the settings.
    pub(super) fn mistake_in_settings(&self) -> Option<BuildError> {
        let document = schema::document(|generator| (self.settings)(generator).to_value());
        if document.get("type").is_some_and(|kind| kind != "object") {
            return Some(BuildError::SettingsNotAnObject);
        }
        let (field, other) = schema::dangling_condition(document)?;
        Some(BuildError::UnknownCondition { field, other })
    }
}

/// The payloads of a registered capability in the integration's wire format.
struct PayloadsIn<'a> {
    registered: &'a Registered,
    integration: &'a Integration,
}

impl Payloads for PayloadsIn<'_> {
    fn schemas(&self, generator: &mut SchemaGenerator) -> (Schema, Schema) {
        let wire = self.integration.wire;
        let (mut request, response) = self.registered.erased.schemas(wire, generator).unwrap_or_default();
        wire.mark_request(&self.registered.info(wire), &mut request);
        (request, response)
    }

    fn accepts(&self, request: &[u8]) -> bool {
        let read = |call| {
            let metadata = self.registered.metadata(self.integration, None, Cancellation::new());
            self.registered.erased.check(self.integration.wire, call, metadata)
        };
        self.integration.wire.open(request).and_then(read).is_ok()
    }
}

/// Accepts any JSON object as the request for `info`, or nothing at all.
pub(super) fn accept(request: &[u8]) -> Result<(), Problem> {
    if request.trim_ascii().is_empty() {
        return Ok(());
    }
    envelope::check(request)
}

/// Collects all facts about an integration.
pub(crate) fn facts(integration: &Integration) -> Facts<'_> {
    let mut capabilities: Vec<_> = integration
        .capabilities
        .iter()
        .filter(|registered| registered.supports(integration.wire))
        .map(|registered| CapabilityFacts {
            info: registered.info(integration.wire),
            page_size: integration.page_sizes.default,
            kinds: registered.kinds(integration.wire, integration.kinds),
            reads_settings: registered.reads_settings,
            payloads: Box::new(PayloadsIn { registered, integration }),
        })
        .collect();
    // Sorted by the names that are shown: the classic format has hyphens in some of them.
    capabilities.sort_by_key(|capability| capability.info.name);
    Facts {
        app_id: &integration.app_id,
        version: &integration.version,
        description: &integration.description,
        declared: &integration.declared,
        kinds: integration.kinds,
        error_codes: &integration.error_codes,
        settings: integration.schemas.settings,
        settings_reference: integration.schemas.settings_reference,
        capabilities,
    }
}

impl Integration {
    /// Returns the OpenAPI document (version 3.1) of the connector's HTTP server, with default server options. It
    /// covers every registered capability that the wire format has, with schemas, examples, effects and statuses.
    ///
    /// The URLs in it are relative to the document's own URL.
    #[must_use]
    pub fn openapi_document(&self) -> Value {
        self.served_document(&Served::default())
    }

    /// Returns the OpenAPI document of the connector's HTTP server with these options.
    pub(crate) fn served_document(&self, served: &Served) -> Value {
        document::of(&facts(self), self.wire, served)
    }
}

/// Returns the response to `info`.
pub(super) fn response(integration: &Integration) -> Result<Vec<u8>, Problem> {
    let facts = facts(integration);
    let document = integration.wire.info(&facts);
    serde_json::to_vec(&document).map_err(|error| Problem::at("", error.to_string()))
}
