//! The operation of one capability.

use serde_json::{Value, json};

use super::components::Components;
use super::responses::Shared;
use crate::capability::Effect;
use crate::facts::{CapabilityFacts, Facts};
use crate::schema::{self, RequestParts};
use crate::wire::Wire;

/// The tag of each effect, with its description.
const TAGS: [(Effect, &str, &str); 3] = [
    (Effect::Read, "Read", "Changes nothing. It can be repeated freely."),
    (
        Effect::IdempotentWrite,
        "Idempotent write",
        "Leads to the same state no matter how often it is repeated.",
    ),
    (
        Effect::UnsafeWrite,
        "Unsafe write",
        "Repeating it may duplicate work, for example create a second account. Never retry it blindly.",
    ),
];

/// The tags of the document, one per effect.
pub(super) fn tags() -> Value {
    TAGS.iter().map(|(_, name, description)| json!({ "name": name, "description": description })).collect()
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
    let settings = (facts.settings)(&mut components.generator);
    let auth = (!facts.kinds.all().is_empty()).then(|| {
        let mut auth = wire.auth_schema(facts.kinds, &mut components.generator);
        // OpenAPI discriminators work only with named schemas. The tags identify the alternatives without one.
        if let Some(fields) = auth.as_object_mut() {
            fields.remove("discriminator");
        }
        components.add("Auth", auth)
    });
    let parts = RequestParts {
        request,
        needs_settings: schema::has_required_fields(&settings),
        settings: (facts.settings_reference)(&mut components.generator),
        auth,
    };
    let request = wire.request_schema(parts, facts.kinds, &mut components.generator);
    let answer = wire.success_schema(&response, &mut components.generator);
    let effect = capability.info.effect;
    let tag = TAGS.iter().find(|(known, ..)| *known == effect).map(|(_, name, _)| *name);
    let paginated = capability.info.is_paged;
    let mut operation = json!({
        "operationId": name(capability),
        "summary": capability.info.display_name,
        "description": capability.info.description,
        "tags": tag.as_slice(),
        "x-effect": effect.as_str(),
        "x-paginated": paginated,
        "requestBody": { "required": true, "content": { "application/json": { "schema": request } } },
        "responses": shared.of_capability(answer, paginated),
    });
    shared.secure(&mut operation);
    operation
}
