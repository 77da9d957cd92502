//! The classes of capabilities in the document of `app_info`.

use serde_json::{Value, json};

use crate::capability::Effect;
use crate::facts::{CapabilityInfo, Facts};

/// How a capability is classified.
pub(super) struct Class {
    /// The mark of the request's schema, and its value.
    pub(super) mark: &'static str,
    pub(super) value: &'static str,
    pub(super) tag: &'static str,
    description: &'static str,
}

const fn class(
    mark: &'static str,
    value: &'static str,
    tag: &'static str,
    description: &'static str,
) -> Class {
    Class { mark, value, tag, description }
}

/// The classes, in the order of the document's tags.
static CLASSES: [Class; 5] = [
    class(
        "x-capability-level",
        "read",
        "Read Capabilities",
        "These capabilities only perform read operations.",
    ),
    class(
        "x-capability-level",
        "write",
        "Write Capabilities",
        "These capabilities change the app, and may read from it.",
    ),
    class(
        "x-capability-level",
        "validation",
        "Validation Capabilities",
        "These capabilities check what a user has entered.",
    ),
    class(
        "x-capability-category",
        "authorization",
        "Authorization",
        "These capabilities obtain access to the app.",
    ),
    class(
        "x-capability-category",
        "specification",
        "Specification",
        "These capabilities describe the connector.",
    ),
];

/// Classifies a capability.
pub(super) fn class_of(capability: &CapabilityInfo<'_>) -> &'static Class {
    let [read, write, validation, authorization, specification] = &CLASSES;
    match capability.name {
        "app_info" => specification,
        "get_authorization_url"
        | "handle_authorization_callback"
        | "handle_client_credentials_request"
        | "refresh_access_token" => authorization,
        "validate_credential_config" => validation,
        _ if capability.effect == Effect::Read => read,
        _ => write,
    }
}

/// The tags that an operation has, in order.
pub(super) fn tags(facts: &Facts<'_>) -> Value {
    let is_used = |class: &&Class| {
        facts.capabilities.iter().any(|capability| class_of(&capability.info).tag == class.tag)
    };
    let used = CLASSES.iter().filter(is_used);
    used.map(|class| json!({ "name": class.tag, "description": class.description })).collect()
}
