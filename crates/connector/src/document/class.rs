//! The tags of capabilities in the document of `app_info`.

use serde_json::{Value, json};

use crate::capability::Effect;
use crate::facts::{CapabilityInfo, Facts};
use crate::wire::openapi::marks::level;

/// The level or category of capabilities with a tag, its name, and its description. In the order of the document.
static TAGS: [(&str, &str, &str); 5] = [
    ("read", "Read Capabilities", "These capabilities only perform read operations."),
    ("write", "Write Capabilities", "These capabilities change the app, and may read from it."),
    ("validation", "Validation Capabilities", "These capabilities check what a user has entered."),
    ("authorization", "Authorization", "These capabilities obtain access to the app."),
    ("specification", "Specification", "These capabilities describe the connector."),
];

/// The tag of a capability. Those that have no level are sorted by their effect.
pub(super) fn tag_of(capability: &CapabilityInfo<'_>) -> &'static str {
    let by_effect = if capability.effect == Effect::Read { "read" } else { "write" };
    let value = level(capability).map_or(by_effect, |(_, value)| value);
    TAGS.iter().find(|(known, ..)| *known == value).map_or(TAGS[0].1, |(_, tag, _)| tag)
}

/// The tags that operations have, in order.
pub(super) fn tags(facts: &Facts<'_>) -> Value {
    let is_used = |tag: &str| facts.capabilities.iter().any(|capability| tag_of(&capability.info) == tag);
    let used = TAGS.iter().filter(|(_, tag, _)| is_used(tag));
    used.map(|(_, tag, description)| json!({ "name": tag, "description": description })).collect()
}
