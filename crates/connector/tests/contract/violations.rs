//! Violations of each check, which the check must find.

use std::collections::BTreeSet;

use connector::testing::contract::Check;
use serde_json::{Value, json};

use crate::hub::PASSWORD;
use crate::tampered::{Call, Tamper, failures, verdict};

fn success(payload: Value) -> Value {
    json!({ "response": payload, "raw_data": null, "page": null, "error": null })
}

/// Changes the items of a listing.
fn items(call: &Call, name: &str, mut response: Value, change: fn(&mut Vec<Value>)) -> Value {
    if call.is(name)
        && let Some(fields) = response["response"].as_object_mut()
    {
        fields.values_mut().filter_map(Value::as_array_mut).for_each(change);
    }
    response
}

/// Replaces the second response of a capability.
fn second(call: &Call, name: &str, response: Value) -> Value {
    if call.is(name) && call.before == 1 { success(json!({ "otherwise": true })) } else { response }
}

/// A check, a violation of its requirement, and a part of the failure.
const VIOLATIONS: &[(&str, Tamper, &str)] = &[
    (
        "info-complete",
        |call, response| if call.is("info") { "Traceback".into() } else { response },
        "info: returned nothing",
    ),
    (
        "info-complete",
        |call, mut response| {
            if call.is("info") {
                response["capability_schema"]["list-accounts"]["output"] = Value::Null;
            }
            response
        },
        "capability_schema.list-accounts.output is not a schema",
    ),
    (
        "info-complete",
        |call, mut response| {
            if call.is("info") {
                response["capabilities"].as_array_mut().unwrap().push("list_accounts".into());
            }
            response
        },
        "capabilities has list_accounts twice",
    ),
    (
        "schemas-valid",
        |call, mut response| {
            if call.is("info") {
                response["capability_schema"]["list-accounts"]["output"]["type"] = 7.into();
            }
            response
        },
        "capability_schema.list-accounts.output: not a valid JSON Schema, at /type",
    ),
    (
        "schemas-valid",
        |call, mut response| {
            if call.is("info") {
                response["authentication_schema"]["properties"]["x"] = json!({ "$ref": "#/$defs/Nowhere" });
            }
            response
        },
        "authentication_schema: not a usable JSON Schema",
    ),
    (
        "malformed-json",
        |call, response| {
            let traceback = "Traceback (most recent call last):\n  File x\njson.decoder.JSONDecodeError: y\n";
            if call.request.is_null() && !call.is("info") { traceback.into() } else { response }
        },
        "given truncated JSON, it returned nothing (exit status 1, a traceback that ends with json.decoder.JSONDecodeError)",
    ),
    (
        "malformed-json",
        |call, response| if call.request.is_array() { success(json!({})) } else { response },
        "given a list, it accepted the request",
    ),
    (
        "wrong-types",
        |call, mut response| {
            if call.request["request"].is_number() {
                response["error"]["error_code"] = "hub.internal_error".into();
            }
            response
        },
        "given a number as the payload, it returned the code \"internal_error\" instead of bad_request",
    ),
    (
        "wrong-types",
        |call, response| {
            let is_it = call.is("delete_account") && call.request.get("request").is_none();
            if is_it { success(json!({ "deleted": true })) } else { response }
        },
        "delete_account: given a request without a payload, it accepted the request",
    ),
    (
        "missing-auth",
        |call, response| {
            let is_it = call.is("list-accounts") && call.request.get("auth").is_none();
            if is_it { success(json!({ "accounts": [] })) } else { response }
        },
        "list-accounts: given a request without credentials, it accepted the request",
    ),
    (
        "error-shape",
        |_, mut response| {
            if response["error"].is_object() {
                response = success(response["error"].take());
            }
            response
        },
        "the error is under `response` instead of `error`",
    ),
    (
        "error-shape",
        |_, mut response| {
            if response["error"].is_object() {
                response["error"]["error_code"] = "unauthorized".into();
                response["error"]["message"] = Value::Null;
            }
            response
        },
        "error.error_code does not start with the app's ID and a dot",
    ),
    (
        "answers-match-schemas",
        |call, response| items(call, "list-accounts", response, |items| items[1]["email"] = 7.into()),
        "list-accounts: the response doesn't match its schema at response.accounts.[…].email",
    ),
    (
        "bad-credentials",
        |call, response| {
            if call.is("validate-credentials") { success(json!({ "valid": true })) } else { response }
        },
        "given bad credentials, it returned a success",
    ),
    (
        "bad-credentials",
        |call, response| {
            if call.is("validate-credentials") { success(json!({ "valid": false })) } else { response }
        },
        "reports good credentials as invalid",
    ),
    (
        "secrets-not-leaked",
        |call, mut response| {
            if call.is("list-accounts") && response["error"].is_object() {
                response["error"]["message"] = call.request["auth"]["password"].clone();
            }
            response
        },
        "list-accounts: a planted secret leaks into its response, ",
    ),
    (
        "secrets-not-leaked",
        |call, response| {
            let is_it = call.is("delete_account") && call.request["request"].is_number();
            if is_it { call.request["auth"].to_string().into() } else { response }
        },
        "delete_account: a planted secret leaks into its other output",
    ),
    (
        "pages-end",
        // Not the last token but the one before: a walk that remembers only the last one never ends.
        |call, mut response| {
            if call.is("list-accounts") && call.page("token") == "4" {
                response["page"]["token"] = "2".into();
            }
            response
        },
        "has a page token that an earlier page had",
    ),
    (
        "pages-end",
        |call, mut response| {
            if call.is("list-accounts") && call.page("size") == 2 {
                response["page"] = json!({ "token": call.before.to_string() });
                response["response"] = json!({ "accounts": [] });
                response["error"] = Value::Null;
            }
            response
        },
        "the listing never ends",
    ),
    (
        "pages-end",
        |call, response| {
            let twice: fn(&mut Vec<Value>) = |items| items.extend(items.clone());
            if call.page("size") == 2 { items(call, "list-accounts", response, twice) } else { response }
        },
        "page 1 has 4 items, more than the requested 2",
    ),
    (
        "pages-agree",
        |call, response| {
            let without: fn(&mut Vec<Value>) = |items| drop(items.pop());
            if call.page("token") == "2" { items(call, "list-accounts", response, without) } else { response }
        },
        "list-accounts: in pages of 2, it has 6 items instead of 7: 1 are missing and 0 are extra",
    ),
    (
        "ids-unique",
        |call, response| items(call, "list-accounts", response, |items| items[1] = items[0].clone()),
        "list-accounts: \"user0\" occurs twice",
    ),
    (
        "ids-unique",
        |call, response| {
            items(call, "list-resources", response, |items| items[1]["integration_specific_id"] = "".into())
        },
        "list-resources of type \"group\": an item has no ID",
    ),
    (
        "associations-resolve",
        |call, response| {
            items(call, "find-entitlement-associations", response, |items| {
                items[0]["account"]["integration_specific_id"] = "ghost".into();
            })
        },
        "the account \"ghost\" is not listed",
    ),
    (
        "associations-resolve",
        |call, response| {
            items(call, "find-entitlement-associations", response, |items| {
                items[0]["integration_specific_resource_id"] = "ghost".into();
            })
        },
        "the resource \"ghost\" is not listed",
    ),
    (
        "associations-resolve",
        |call, response| {
            items(call, "find-entitlement-associations", response, |items| {
                items[0]["integration_specific_entitlement_id"] = "ghost".into();
            })
        },
        "the entitlement \"ghost on red\" is not listed",
    ),
    (
        "unknown-ids",
        |call, mut response| {
            if call.is("unassign-entitlement") && response["error"].is_object() {
                response["error"]["error_code"] = "hub.api_error".into();
            }
            response
        },
        "unassign-entitlement: given an account that does not exist, it returned the code \"api_error\"",
    ),
    (
        "unknown-ids",
        |call, response| {
            if call.is("delete_account") { success(json!({ "deleted": true })) } else { response }
        },
        "delete_account: given an account that does not exist, it returned a success",
    ),
    (
        "deactivate-twice",
        |call, response| second(call, "deactivate_account", response),
        "returns another response the second time",
    ),
    (
        "activate-twice",
        |call, response| second(call, "activate_account", response),
        "returns another response the second time",
    ),
    (
        "unassign-twice",
        |call, response| second(call, "unassign-entitlement", response),
        "returns another response the second time",
    ),
    (
        "assign-twice",
        |call, mut response| {
            if call.is("assign-entitlement") && call.before == 1 {
                let error = json!({ "message": "held already", "error_code": "hub.bad_request" });
                response = json!({ "response": null, "error": error });
            }
            response
        },
        "assign-entitlement: the second time it returned the error bad_request: held already",
    ),
    (
        "assign-twice",
        |call, response| {
            let held = |items: &mut Vec<Value>| {
                let twice =
                    items.iter().find(|item| item["integration_specific_entitlement_id"] == "admin").cloned();
                items.extend(twice);
            };
            if call.before == 1 {
                items(call, "find-entitlement-associations", response, held)
            } else {
                response
            }
        },
        "the second time changes find-entitlement-associations",
    ),
    (
        "create-list-delete",
        |call, response| {
            items(call, "list-accounts", response, |items| {
                items.retain(|item| !item.to_string().contains("contract"));
            })
        },
        "after a creation, 0 new accounts are listed instead of 1",
    ),
    (
        "create-list-delete",
        |call, response| {
            let left = |items: &mut Vec<Value>| items.push(json!({ "integration_specific_id": "left" }));
            let response =
                if call.before > 0 { items(call, "list-accounts", response, left) } else { response };
            // The new account is never listed. Another one is, and is never deleted.
            let mine: fn(&mut Vec<Value>) =
                |items| items.retain(|item| !item.to_string().contains("contract"));
            let response = items(call, "list-accounts", response, mine);
            if call.is("delete_account") { success(json!({ "deleted": true })) } else { response }
        },
        "the account \"left\" is still listed after its deletion",
    ),
];

#[test]
fn every_check_finds_its_violations() {
    for (id, tamper, expected) in VIOLATIONS {
        let failures = failures(verdict(id, *tamper));
        assert!(failures.contains(expected), "{id}: expected {expected:?}, found\n{failures}");
        assert!(!failures.contains(PASSWORD), "{id}: {failures}");
    }
}

#[test]
fn every_check_has_a_violation() {
    let mut violated: BTreeSet<&str> = VIOLATIONS.iter().map(|(id, ..)| *id).collect();
    // Violated in `openapi.rs` and `listed.rs`: the classic format doesn't have the capabilities that these check.
    violated.extend(["app-info-agrees", "get-equals-list", "graphs-resolve", "probe-agrees"]);
    violated.extend(["recency-is-past", "updated-are-listed"]);
    assert_eq!(violated, Check::all().iter().map(Check::id).collect());
}
