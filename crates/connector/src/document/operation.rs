//! The operation of one capability.

use schemars::json_schema;
use serde_json::{Value, json};

use super::components::Components;
use super::responses::Shared;
use crate::capability::Family;
use crate::facts::{CapabilityFacts, Facts};
use crate::schema::{self, RequestParts};
use crate::wire::Wire;

/// The tag of custom capabilities, and its description.
const CUSTOM: (&str, &str) = ("Custom", "Capabilities that only this connector has.");

/// The name and description of the capability's tag: its family.
fn tag(capability: &CapabilityFacts<'_>) -> (&'static str, &'static str) {
    capability.info.family.map_or(CUSTOM, |family| (family.name(), family.description()))
}

/// The tags of the document: families that have a capability, in order. `info` is about the connector too.
pub(super) fn tags(facts: &Facts<'_>) -> Value {
    let families = Family::ALL.iter().map(|family| (family.name(), family.description()));
    let is_used = |(name, _): &(&str, &str)| {
        *name == Family::Connector.name()
            || facts.capabilities.iter().any(|capability| tag(capability).0 == *name)
    };
    let used = families.chain([CUSTOM]).filter(is_used);
    used.map(|(name, description)| json!({ "name": name, "description": description })).collect()
}

/// The capability's name as used in paths.
pub(super) fn name(capability: &CapabilityFacts<'_>) -> String {
    capability.info.name.replace('-', "_")
}

/// Builds the operation of a capability.
pub(super) fn of(
    facts: &Facts<'_>,
    capability: &CapabilityFacts<'_>,
    wire: Wire,
    shared: &Shared,
    components: &mut Components,
) -> Value {
    let (request, response) = capability.payloads.schemas(&mut components.generator);
    let (settings, needs_settings) = if capability.reads_settings {
        let settings = (facts.settings)(&mut components.generator);
        ((facts.settings_reference)(&mut components.generator), schema::has_required_fields(&settings))
    } else {
        (json_schema!({ "type": "object" }), false)
    };
    let auth = (!capability.kinds.all().is_empty()).then(|| {
        let mut auth = wire.auth_schema(capability.kinds, &mut components.generator);
        // OpenAPI discriminators work only with named schemas. The tags identify the alternatives without one.
        if let Some(fields) = auth.as_object_mut() {
            fields.remove("discriminator");
        }
        components.add("Auth", auth)
    });
    let parts = RequestParts { request, settings, needs_settings, auth };
    let request = wire.request_schema(parts, capability.kinds, &mut components.generator);
    let answer = wire.success_schema(&response, &mut components.generator);
    let paginated = capability.info.is_paged;
    let mut operation = json!({
        "operationId": name(capability),
        "summary": capability.info.display_name,
        "description": capability.info.description,
        "tags": [tag(capability).0],
        "x-effect": capability.info.effect.as_str(),
        "x-paginated": paginated,
        "requestBody": { "required": true, "content": { "application/json": { "schema": request } } },
        "responses": shared.of_capability(answer, paginated),
    });
    shared.secure(&mut operation);
    operation
}
