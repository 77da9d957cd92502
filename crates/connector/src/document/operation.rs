//! One capability as an operation.

use serde_json::{Value, json};

use super::components::Components;
use super::responses::Shared;
use crate::capability::Effect;
use crate::facts::{CapabilityFacts, Facts};
use crate::schema::{self, RequestParts};
use crate::wire::Wire;

/// What effects are called, and what they mean.
const TAGS: [(Effect, &str, &str); 3] = [
    (Effect::Read, "Read", "Changes nothing: may be repeated at will."),
    (Effect::IdempotentWrite, "Idempotent write", "Leads to the same state however often it is repeated."),
    (
        Effect::UnsafeWrite,
        "Unsafe write",
        "May do its work again when repeated, a second account say: never repeat it blindly.",
    ),
];

/// The tags of the document, one an effect.
pub(super) fn tags() -> Value {
    TAGS.iter().map(|(_, name, description)| json!({ "name": name, "description": description })).collect()
}

/// The capability's name as it stands in paths.
pub(super) fn name(capability: &CapabilityFacts<'_>) -> String {
    capability.info.name.replace('-', "_")
}

/// The operation of a capability.
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
        // OpenAPI has a discriminator look at named schemas only; the tags are told apart without it.
        if let Some(fields) = auth.as_object_mut() {
            fields.remove("discriminator");
        }
        components.add("Auth", auth)
    });
    let parts = RequestParts {
        request,
        needs_settings: schema::demands_something(&settings),
        settings: (facts.settings_reference)(&mut components.generator),
        auth,
    };
    let request = wire.request_schema(parts, facts.kinds, &mut components.generator);
    let answer = wire.answer_schema(&response, &mut components.generator);
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
