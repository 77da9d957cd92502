//! One violation or more for each check, each of which the check must find.

use std::collections::BTreeSet;

use connector::testing::contract::Check;
use serde_json::{Value, json};

use crate::hub::PASSWORD;
use crate::tampered::{Call, Tamper, failures, verdict};

fn succeeded(payload: Value) -> Value {
    json!({ "response": payload, "raw_data": null, "page": null, "error": null })
}

/// Changes the items of a listing.
fn items(call: &Call, name: &str, mut answer: Value, change: fn(&mut Vec<Value>)) -> Value {
    if call.is(name)
        && let Some(fields) = answer["response"].as_object_mut()
    {
        fields.values_mut().filter_map(Value::as_array_mut).for_each(change);
    }
    answer
}

/// The second answer to a capability is another one.
fn second(call: &Call, name: &str, answer: Value) -> Value {
    if call.is(name) && call.before == 1 { succeeded(json!({ "otherwise": true })) } else { answer }
}

/// A check, a violation of what it demands, and a part of what is told of it.
const VIOLATIONS: &[(&str, Tamper, &str)] = &[
    (
        "info-complete",
        |call, answer| if call.is("info") { "Traceback".into() } else { answer },
        "info: answered nothing",
    ),
    (
        "info-complete",
        |call, mut answer| {
            if call.is("info") {
                answer["capability_schema"]["list-accounts"]["output"] = Value::Null;
            }
            answer
        },
        "capability_schema.list-accounts.output: no schema",
    ),
    (
        "info-complete",
        |call, mut answer| {
            if call.is("info") {
                answer["capabilities"].as_array_mut().unwrap().push("list_accounts".into());
            }
            answer
        },
        "list_accounts comes twice",
    ),
    (
        "schemas-valid",
        |call, mut answer| {
            if call.is("info") {
                answer["capability_schema"]["list-accounts"]["output"]["type"] = 7.into();
            }
            answer
        },
        "capability_schema.list-accounts.output: no JSON Schema: /type",
    ),
    (
        "schemas-valid",
        |call, mut answer| {
            if call.is("info") {
                answer["authentication_schema"]["properties"]["x"] = json!({ "$ref": "#/$defs/Nowhere" });
            }
            answer
        },
        "authentication_schema: cannot be used",
    ),
    (
        "broken-json",
        |call, answer| {
            let traceback = "Traceback (most recent call last):\n  File x\njson.decoder.JSONDecodeError: y\n";
            if call.request.is_null() && !call.is("info") { traceback.into() } else { answer }
        },
        "to JSON that is cut off it answered nothing (exit status 1, a traceback that ends with json.decoder.JSONDecodeError)",
    ),
    (
        "broken-json",
        |call, answer| if call.request.is_array() { succeeded(json!({})) } else { answer },
        "to a list it took it",
    ),
    (
        "wrong-types",
        |call, mut answer| {
            if call.request["request"].is_number() {
                answer["error"]["error_code"] = "hub.internal_error".into();
            }
            answer
        },
        "to a payload that is a number it answered with the code \"internal_error\"",
    ),
    (
        "wrong-types",
        |call, answer| {
            let is_it = call.is("delete_account") && call.request.get("request").is_none();
            if is_it { succeeded(json!({ "deleted": true })) } else { answer }
        },
        "delete_account: to a request without a payload it took it",
    ),
    (
        "missing-auth",
        |call, answer| {
            let is_it = call.is("list-accounts") && call.request.get("auth").is_none();
            if is_it { succeeded(json!({ "accounts": [] })) } else { answer }
        },
        "list-accounts: to a request without credentials it took it",
    ),
    (
        "error-shape",
        |_, mut answer| {
            if answer["error"].is_object() {
                answer = succeeded(answer["error"].take());
            }
            answer
        },
        "the error stands under `response`, and belongs under `error`",
    ),
    (
        "error-shape",
        |_, mut answer| {
            if answer["error"].is_object() {
                answer["error"]["error_code"] = "unauthorized".into();
                answer["error"]["message"] = Value::Null;
            }
            answer
        },
        "error.error_code: does not begin with the app's id and a dot",
    ),
    (
        "answers-match-schemas",
        |call, answer| items(call, "list-accounts", answer, |items| items[1]["email"] = 7.into()),
        "list-accounts: not as its schema says, at response.accounts.[…].email",
    ),
    (
        "credentials-told-apart",
        |call, answer| {
            if call.is("validate-credentials") { succeeded(json!({ "valid": true })) } else { answer }
        },
        "to bad credentials it answered as if they were good",
    ),
    (
        "credentials-told-apart",
        |call, answer| {
            if call.is("validate-credentials") { succeeded(json!({ "valid": false })) } else { answer }
        },
        "calls good credentials invalid",
    ),
    (
        "secrets-silent",
        |call, mut answer| {
            if call.is("list-accounts") && answer["error"].is_object() {
                answer["error"]["message"] = call.request["auth"]["password"].clone();
            }
            answer
        },
        "list-accounts: a planted secret comes back in its answer, as JSON writes it",
    ),
    (
        "secrets-silent",
        |call, answer| {
            let is_it = call.is("delete_account") && call.request["request"].is_number();
            if is_it { call.request["auth"].to_string().into() } else { answer }
        },
        "delete_account: a planted secret comes back in what it writes besides its answer",
    ),
    (
        "pages-end",
        // Not the token just seen, but the one before: a walk of those that only know the last never ends.
        |call, mut answer| {
            if call.is("list-accounts") && call.page("token") == "4" {
                answer["page"]["token"] = "2".into();
            }
            answer
        },
        "its token comes a second time",
    ),
    (
        "pages-end",
        |call, mut answer| {
            if call.is("list-accounts") && call.page("size") == 2 {
                answer["page"] = json!({ "token": call.before.to_string() });
                answer["response"] = json!({ "accounts": [] });
                answer["error"] = Value::Null;
            }
            answer
        },
        "the listing has no end",
    ),
    (
        "pages-end",
        |call, answer| {
            let twice: fn(&mut Vec<Value>) = |items| items.extend(items.clone());
            if call.page("size") == 2 { items(call, "list-accounts", answer, twice) } else { answer }
        },
        "page 1 has 4 items, and was to have 2 at the most",
    ),
    (
        "pages-agree",
        |call, answer| {
            let without: fn(&mut Vec<Value>) = |items| drop(items.pop());
            if call.page("token") == "2" { items(call, "list-accounts", answer, without) } else { answer }
        },
        "list-accounts: in pages of 2 it has 6 items, where it has 7 in pages of its own size: 1 of those are missing",
    ),
    (
        "ids-unique",
        |call, answer| items(call, "list-accounts", answer, |items| items[1] = items[0].clone()),
        "list-accounts: \"user0\" comes twice",
    ),
    (
        "ids-unique",
        |call, answer| {
            items(call, "list-resources", answer, |items| items[1]["integration_specific_id"] = "".into())
        },
        "list-resources of type \"group\": an item without an id",
    ),
    (
        "associations-resolve",
        |call, answer| {
            items(call, "find-entitlement-associations", answer, |items| {
                items[0]["account"]["integration_specific_id"] = "ghost".into();
            })
        },
        "there is no account \"ghost\" among those listed",
    ),
    (
        "associations-resolve",
        |call, answer| {
            items(call, "find-entitlement-associations", answer, |items| {
                items[0]["integration_specific_resource_id"] = "ghost".into();
            })
        },
        "there is no resource \"ghost\" among those listed",
    ),
    (
        "associations-resolve",
        |call, answer| {
            items(call, "find-entitlement-associations", answer, |items| {
                items[0]["integration_specific_entitlement_id"] = "ghost".into();
            })
        },
        "there is no entitlement \"ghost on red\" among those listed",
    ),
    (
        "unknown-ids",
        |call, mut answer| {
            if call.is("unassign-entitlement") && answer["error"].is_object() {
                answer["error"]["error_code"] = "hub.api_error".into();
            }
            answer
        },
        "unassign-entitlement: asked of an account that is not there, it answered with the code \"api_error\"",
    ),
    (
        "unknown-ids",
        |call, answer| if call.is("delete_account") { succeeded(json!({ "deleted": true })) } else { answer },
        "delete_account: asked of an account that is not there, it answered as if it were there",
    ),
    (
        "deactivate-twice",
        |call, answer| second(call, "deactivate_account", answer),
        "answers otherwise the second time",
    ),
    (
        "activate-twice",
        |call, answer| second(call, "activate_account", answer),
        "answers otherwise the second time",
    ),
    (
        "unassign-twice",
        |call, answer| second(call, "unassign-entitlement", answer),
        "answers otherwise the second time",
    ),
    (
        "assign-twice",
        |call, mut answer| {
            if call.is("assign-entitlement") && call.before == 1 {
                let error = json!({ "message": "held already", "error_code": "hub.bad_request" });
                answer = json!({ "response": null, "error": error });
            }
            answer
        },
        "assign-entitlement: the second time it answered with the error bad_request: held already",
    ),
    (
        "assign-twice",
        |call, answer| {
            let held = |items: &mut Vec<Value>| {
                let twice =
                    items.iter().find(|item| item["integration_specific_entitlement_id"] == "admin").cloned();
                items.extend(twice);
            };
            if call.before == 1 { items(call, "find-entitlement-associations", answer, held) } else { answer }
        },
        "the second time changes what find-entitlement-associations has of it",
    ),
    (
        "create-list-delete",
        |call, answer| {
            items(call, "list-accounts", answer, |items| {
                items.retain(|item| !item.to_string().contains("contract"));
            })
        },
        "after a creation 0 accounts are listed that were not there",
    ),
    (
        "create-list-delete",
        |call, answer| {
            let left = |items: &mut Vec<Value>| items.push(json!({ "integration_specific_id": "left" }));
            let answer = if call.before > 0 { items(call, "list-accounts", answer, left) } else { answer };
            // The account that was made is never seen, another one is, and is not deleted.
            let mine: fn(&mut Vec<Value>) =
                |items| items.retain(|item| !item.to_string().contains("contract"));
            let answer = items(call, "list-accounts", answer, mine);
            if call.is("delete_account") { succeeded(json!({ "deleted": true })) } else { answer }
        },
        "the account \"left\" is still listed after its deletion",
    ),
];

#[test]
fn every_check_finds_the_violations_of_what_it_demands() {
    for (id, tamper, told) in VIOLATIONS {
        let failures = failures(verdict(id, *tamper));
        assert!(failures.contains(told), "{id}: expected {told:?}, found\n{failures}");
        assert!(!failures.contains(PASSWORD), "{id}: {failures}");
    }
}

#[test]
fn there_is_a_violation_for_every_check() {
    let violated: BTreeSet<&str> = VIOLATIONS.iter().map(|(id, ..)| *id).collect();
    assert_eq!(violated, Check::all().iter().map(Check::id).collect());
}
