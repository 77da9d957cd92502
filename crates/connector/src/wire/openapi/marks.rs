//! Marks on schemas in the openapi format: keywords that begin with `x-`.

use schemars::Schema;
use serde_json::{Map, Value};

use crate::capability::Effect;
use crate::facts::CapabilityInfo;
use crate::schema::FIELD_TYPE;

/// Writes how a field is shown with the keywords of this format. `x-field_type` has the most important one.
pub(crate) fn write(fields: &mut Map<String, Value>) {
    let Some(kind) = fields.remove(FIELD_TYPE) else { return };
    let flag = match kind.as_str() {
        Some("SECRET") => "x-secret",
        Some("HIDDEN") => "x-hidden",
        Some("MULTI_LINES") => "x-multiline",
        _ => return fields.extend([("x-field_type".to_owned(), kind)]),
    };
    fields.insert(flag.to_owned(), true.into());
    // The standard kinds of credentials have their own.
    fields.entry("x-field_type").or_insert(kind);
}

/// Marks the request of a standard capability with its level.
pub(crate) fn write_level(capability: &CapabilityInfo<'_>, request: &mut Schema) {
    if let Some((keyword, value)) = level(capability).filter(|_| capability.family.is_some()) {
        request.insert(keyword.to_owned(), value.into());
    }
}

/// What a capability does to the upstream, or what it is for: a keyword and its value.
pub(crate) fn level(capability: &CapabilityInfo<'_>) -> Option<(&'static str, &'static str)> {
    Some(match (capability.name, capability.effect) {
        // The API gives these no level.
        ("connected_info" | "list_expenses", _) => return None,
        ("app_info", _) => ("x-capability-category", "specification"),
        (
            "get_authorization_url"
            | "handle_authorization_callback"
            | "handle_client_credentials_request"
            | "refresh_access_token",
            _,
        ) => ("x-capability-category", "authorization"),
        ("validate_credential_config", _) => ("x-capability-level", "validation"),
        (_, Effect::Read) => ("x-capability-level", "read"),
        (_, Effect::IdempotentWrite | Effect::UnsafeWrite) => ("x-capability-level", "write"),
    })
}
