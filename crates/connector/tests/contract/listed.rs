//! What must be as it is listed: single things, updated accounts, the graphs of access, and how current the data is.

use connector::testing::contract::Verdict;
use serde_json::{Value, json};

use crate::openapi::{failures_of, fixture, integration};
use crate::tampered::{Call, Tamper, Tampered, verdict_of};

/// Replaces a field of a successful response to `name`.
fn with(call: &Call, name: &str, mut response: Value, pointer: &str, value: Value) -> Value {
    if call.is(name)
        && let Some(field) = response["response"].pointer_mut(pointer)
    {
        *field = value;
    }
    response
}

/// An error in place of a successful response to `name`.
fn lost(call: &Call, name: &str, response: Value) -> Value {
    let error = json!({ "app_id": "hub", "message": "gone", "error_code": "not_found" });
    if call.is(name) { json!({ "is_error": true, "error": error }) } else { response }
}

const VIOLATIONS: &[(&str, Tamper, &str)] = &[
    (
        "get-equals-list",
        |call, response| with(call, "get_application", response, "/name", "other".into()),
        "get_application: the application \"mail\" differs from its listing: name: expected \"mail\", found \"other\"",
    ),
    (
        "get-equals-list",
        |call, response| with(call, "get_application_account", response, "/status", "SUSPENDED".into()),
        "get_application_account: the account of an application \"mail user0\" differs from its listing: status",
    ),
    (
        "get-equals-list",
        |call, response| lost(call, "get_application_account", response),
        "given the listed account of an application \"mail user0\", it returned the error not_found: gone",
    ),
    (
        "get-equals-list",
        |call, response| lost(call, "list_applications", response),
        "get_application: can't be compared: list_applications: page 1 returned the error not_found: gone",
    ),
    (
        "get-equals-list",
        |call, mut response| {
            if call.is("get_account_entitlement_associations") {
                response["response"] = json!([]);
            }
            response
        },
        "get_account_entitlement_associations: the account \"user0\" lacks \"member\" on \"red\"",
    ),
    (
        "get-equals-list",
        |call, mut response| {
            if call.is("get_account_entitlement_associations") {
                let mut more = response["response"][0].clone();
                more["integration_specific_entitlement_id"] = "admin".into();
                response["response"].as_array_mut().unwrap().push(more);
            }
            response
        },
        "get_account_entitlement_associations: the account \"user0\" also has \"admin\" on \"red\"",
    ),
    (
        "updated-are-listed",
        |call, response| {
            let ghost = "ghost".into();
            with(call, "list_updated_accounts", response, "/accounts/0/integration_specific_id", ghost)
        },
        "list_updated_accounts: the account \"ghost\" is not listed by list-accounts",
    ),
    (
        "updated-are-listed",
        |call, response| {
            with(call, "list_updated_accounts", response, "/accounts/0/username", "other".into())
        },
        "the account \"user0\" differs from its listing: username: expected \"user0\", found \"other\"",
    ),
    (
        "updated-are-listed",
        |call, response| lost(call, "list_updated_accounts", response),
        "list_updated_accounts: page 1 returned the error not_found: gone",
    ),
    (
        "recency-is-past",
        |call, response| {
            with(call, "get_data_recency", response, "/data/list_accounts", "2999-01-01T00:00:00Z".into())
        },
        "get_data_recency: the data of list_accounts is of 2999-01-01T00:00:00Z, which is in the future",
    ),
    (
        "recency-is-past",
        |call, response| with(call, "get_data_recency", response, "/data", json!({ "list_badges": null })),
        "get_data_recency: list_badges is not a capability of the connector",
    ),
    (
        "recency-is-past",
        |call, response| with(call, "get_data_recency", response, "/data/list_accounts", "yesterday".into()),
        "get_data_recency: the time of list_accounts is not an RFC 3339 date-time",
    ),
    (
        "recency-is-past",
        |call, response| with(call, "get_data_recency", response, "/data", json!([])),
        "get_data_recency: its response has no data",
    ),
    (
        "recency-is-past",
        |call, response| lost(call, "get_data_recency", response),
        "get_data_recency: it returned the error not_found: gone",
    ),
    (
        "graphs-resolve",
        |call, response| {
            let place = "/resource_relationships/0/to_ids/1";
            with(call, "find_resource_graph", response, place, "ghost".into())
        },
        "find_resource_graph: it names a resource that it lacks: \"ghost\"",
    ),
    (
        "graphs-resolve",
        |call, response| {
            let place = "/resource_relationships/0/from_id";
            with(call, "find_resource_graph", response, place, "ghost".into())
        },
        "find_resource_graph: it names a resource that it lacks: \"ghost\"",
    ),
    (
        "graphs-resolve",
        |call, response| {
            with(call, "find_resource_graph", response, "/resources/0/reference/id", "ghost".into())
        },
        "find_resource_graph: it names an account that is not listed: \"ghost\"",
    ),
    (
        "graphs-resolve",
        |call, response| {
            with(call, "find_entitlement_graph", response, "/nodes/3/resource_id", "ghost".into())
        },
        "find_entitlement_graph: it names a resource that find_resource_graph lacks: \"ghost\"",
    ),
    (
        "graphs-resolve",
        |call, response| {
            let place = "/entitlement_implications/0/to_entitlements/0/resource_id";
            with(call, "find_entitlement_graph", response, place, "ghost".into())
        },
        "find_entitlement_graph: it names an entitlement that it lacks: \"member\" on \"ghost\"",
    ),
    (
        "graphs-resolve",
        |call, response| {
            let place = "/entitlement_implications/0/from_entitlement/entitlement_id";
            with(call, "find_entitlement_graph", response, place, "ghost".into())
        },
        "find_entitlement_graph: it names an entitlement that it lacks: \"ghost\" on \"red\"",
    ),
    (
        "graphs-resolve",
        |call, response| lost(call, "find_entitlement_graph", response),
        "find_entitlement_graph: page 1 returned the error not_found: gone",
    ),
];

#[test]
fn every_violation_is_found() {
    for (id, tamper, expected) in VIOLATIONS {
        let failures = failures_of(id, *tamper);
        assert!(failures.contains(expected), "{id}: expected {expected:?}, found\n{failures}");
    }
}

/// Responses that are unusual, but not wrong.
const ALLOWED: &[(&str, Tamper)] = &[
    // The account was deleted, so it is no longer listed.
    ("updated-are-listed", |call, mut response| {
        if call.is("list_updated_accounts") {
            let gone = json!({ "integration_specific_id": "gone", "user_status": "DELETED" });
            response["response"]["accounts"].as_array_mut().unwrap().push(gone);
        }
        response
    }),
    ("recency-is-past", |call, response| {
        with(call, "get_data_recency", response, "/data/list_accounts", Value::Null)
    }),
    // A rule adds the entitlement to every resource.
    ("graphs-resolve", |call, mut response| {
        if call.is("find_entitlement_graph") {
            response["response"]["access_graph_entitlement_rules"] = json!([{ "entitlement_id": "guest" }]);
        }
        let place = "/entitlement_implications/0/to_entitlements/0/entitlement_id";
        with(call, "find_entitlement_graph", response, place, "guest".into())
    }),
];

#[test]
fn unusual_responses_are_allowed() {
    for (id, tamper) in ALLOWED {
        assert_eq!(
            verdict_of(&Tampered::new(integration(), *tamper), id, fixture()),
            Verdict::Passed,
            "{id}"
        );
    }
}

#[test]
fn checks_without_credentials_or_data_are_not_run() {
    for id in ["get-equals-list", "updated-are-listed", "recency-is-past", "graphs-resolve"] {
        let lacks = Verdict::NotRun("the fixture has no auth".to_owned());
        assert_eq!(verdict_of(&integration(), id, json!({})), lacks, "{id}");
    }
    let empty = Tampered::new(integration(), |call, mut response| {
        if call.is("list_updated_accounts") {
            response["response"]["accounts"] = json!([]);
        }
        response
    });
    let lacks = Verdict::NotRun("list_updated_accounts lists no account".to_owned());
    assert_eq!(verdict_of(&empty, "updated-are-listed", fixture()), lacks);
}
