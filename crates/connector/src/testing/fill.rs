//! Placeholders in texts.

use serde_json::Value;

/// Where this stands, the mock upstream's address comes: `http://127.0.0.1:40123`.
pub(super) const UPSTREAM: &str = "{{upstream}}";

/// Passes every text in `value` through `change`.
pub(super) fn fill(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
