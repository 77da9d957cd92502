//! The release's code generator wraps `activity_type` of activity records in an object:
//! `{"actual_instance": …, "any_of_schemas": […], "anyof_schema_1_validator": …, "anyof_schema_2_validator": …}`.
//! The API document says that it is a string. That is what connectors write, so vectors are converted before they are
//! checked.

use serde::Deserialize;
use serde_json::{Value, json};

/// The capabilities that return activity records.
const CAPABILITIES: [&str; 2] = ["list_activity_records", "list_applications_activity_records"];

#[derive(Deserialize)]
#[expect(dead_code, reason = "only the types are checked")]
struct Wrapper {
    actual_instance: Option<String>,
    #[serde(default)]
    any_of_schemas: Vec<String>,
    anyof_schema_1_validator: Option<ActivityType>,
    anyof_schema_2_validator: Option<String>,
}

#[derive(Deserialize)]
enum ActivityType {
    #[serde(rename = "ACCOUNT_LOGIN")]
    AccountLogin,
}

/// Whether responses of the capability have wrapped strings.
pub(super) fn concerns(capability: &str) -> bool {
    CAPABILITIES.contains(&capability)
}

/// Replaces each valid wrapper in a response by a string, and each string by a wrapper: the release rejects a string
/// like we reject an object. Invalid wrappers stay, so they are rejected.
pub(super) fn unwrap(mut response: Value) -> Value {
    let records = response["response"].as_array_mut();
    for activity_type in records.into_iter().flatten().filter_map(|record| record.get_mut("activity_type")) {
        if activity_type.is_string() {
            *activity_type = json!({ "actual_instance": activity_type.take() });
        } else if activity_type.is_object() && Wrapper::deserialize(&*activity_type).is_ok() {
            *activity_type = "activity".into();
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrapped(activity_type: &Value) -> Value {
        unwrap(json!({ "response": [{ "activity_type": activity_type }] }))["response"][0]["activity_type"]
            .take()
    }

    #[test]
    fn only_valid_wrappers_become_strings() {
        for valid in [
            json!({}),
            json!({ "actual_instance": "login", "any_of_schemas": ["str"], "surplus": 1 }),
            json!({ "anyof_schema_1_validator": "ACCOUNT_LOGIN", "anyof_schema_2_validator": null }),
        ] {
            assert!(unwrapped(&valid).is_string(), "{valid}");
        }
        for invalid in [
            json!({ "actual_instance": ["login"] }),
            json!({ "any_of_schemas": null }),
            json!({ "anyof_schema_1_validator": "login" }),
            json!([null, [], null, null]),
            json!(null),
        ] {
            assert_eq!(unwrapped(&invalid), invalid);
        }
        assert!(unwrapped(&"login".into()).is_object());
    }
}
