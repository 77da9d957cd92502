//! Placeholders in strings.

use serde_json::Value;

/// Stands for the mock upstream's URL, such as `http://127.0.0.1:40123`.
pub(super) const UPSTREAM: &str = "{{upstream}}";

/// Passes every string in `value` through `change`.
pub(super) fn fill(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
