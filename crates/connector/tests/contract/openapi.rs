//! The contract in the openapi format.

use connector::capability::{
    AppInfo, AppInfoRequest, AppInfoResponse, ListAccounts, ListAccountsRequest, ListAccountsResponse,
};
use connector::model::BasicCredentials;
use connector::testing::contract::{Verdict, assert_contract};
use connector::{ConnectorError, Integration, NoAuth, NoSettings, Request, Response, Result, Wire};
use serde_json::{Value, json};

use crate::hub::{self, PASSWORD};
use crate::tampered::{Call, Tamper, Tampered, failures, verdict_of};

/// The fixture as openapi writes it.
pub(crate) fn fixture() -> Value {
    let mut fixture = hub::fixture();
    for (key, password) in [("auth", PASSWORD), ("bad_auth", "another one")] {
        fixture[key] = json!({ "basic": { "username": "ada", "password": password } });
    }
    let account = fixture["create"]["account"].take();
    fixture["create"] = json!({ "username": account["username"], "entitlements": [] });
    fixture
}

pub(crate) fn integration() -> Integration {
    hub::integration().with_wire(Wire::OpenApi).unwrap()
}

/// The failures of a check of a tampered connector.
#[track_caller]
pub(crate) fn failures_of(id: &str, tamper: Tamper) -> String {
    failures(verdict_of(&Tampered::new(integration(), tamper), id, fixture()))
}

/// `info` as openapi writes it for a connector that takes several kinds of credentials.
fn of_several_kinds(call: &Call, mut response: Value) -> Value {
    if call.is("info") {
        let basic = response["response"]["authentication_schema"].take();
        response["response"]["authentication_schema"] = json!({});
        response["response"]["credentials_schema"] = json!([basic, { "type": "object" }]);
    }
    response
}

#[test]
fn an_honest_connector_passes_every_check() {
    let report = assert_contract(&integration(), fixture());
    for finding in report.findings() {
        assert_eq!(finding.verdict, Verdict::Passed, "{}", finding.check.id());
    }
}

#[test]
fn a_connector_with_several_kinds_of_credentials_must_reject_a_request_without_any() {
    let strict = Tampered::new(integration(), of_several_kinds);
    assert_eq!(verdict_of(&strict, "missing-auth", fixture()), Verdict::Passed);
    let lacks = Verdict::NotRun("the fixture has no auth".to_owned());
    assert_eq!(verdict_of(&strict, "pages-end", json!({})), lacks);
    let failures = failures_of("missing-auth", |call, response| {
        let response = of_several_kinds(call, response);
        let is_anonymous = call.is("list-accounts") && call.request.get("auth").is_none();
        if is_anonymous { json!({ "response": [] }) } else { response }
    });
    assert!(
        failures.contains("list_accounts: given a request without credentials, it accepted the request"),
        "{failures}"
    );
}

#[test]
fn the_schema_of_each_kind_of_credentials_is_checked() {
    let failures = failures_of("schemas-valid", |call, response| {
        let mut response = of_several_kinds(call, response);
        if call.is("info") {
            response["response"]["credentials_schema"][1]["type"] = 7.into();
        }
        response
    });
    assert!(failures.contains("credentials_schema[1]: not a valid JSON Schema, at /type"), "{failures}");
    let failures = failures_of("info-complete", |call, response| {
        let mut response = of_several_kinds(call, response);
        if call.is("info") {
            response["response"]["credentials_schema"][1] = "basic".into();
        }
        response
    });
    assert!(failures.contains("credentials_schema[1] is not a schema"), "{failures}");
}

#[test]
fn app_info_must_describe_the_same_connector_as_info() {
    let failures = failures_of("app-info-agrees", |call, mut response| {
        if call.is("app_info") {
            let document = &mut response["response"]["app_schema"];
            document["openapi"] = "2.0".into();
            document["info"]["x-app-id"] = "other".into();
            document["info"]["x-capabilities"][0] = "rotate_badge".into();
            let accounts = document["paths"].as_object_mut().unwrap().remove("/list_accounts").unwrap();
            document["paths"]["/get_badge"] = accounts;
            document["components"]["schemas"].as_object_mut().unwrap().remove("Settings");
        }
        response
    });
    for expected in [
        "app_id or x-app-id is not \"hub\", as in info",
        "app_schema is not an OpenAPI 3 document",
        "x-capabilities has no activate_account, which info has",
        "x-capabilities has rotate_badge, which info doesn't have",
        "paths has no list_accounts, which info has",
        "paths has get_badge, which info doesn't have",
        "the reference #/components/schemas/Settings does not resolve",
    ] {
        assert!(failures.contains(&format!("app_info: {expected}")), "{expected}: {failures}");
    }
    let failures = failures_of("app-info-agrees", |call, response| {
        if call.is("app_info") { json!({ "response": null }) } else { response }
    });
    assert_eq!(failures, "app_info: it returned no `response`");
}

#[test]
fn entitlements_are_listed_without_an_assignment() {
    let doubled = Tampered::new(integration(), |call, mut response| {
        if call.is("list-entitlements")
            && let Some(items) = response["response"].as_array_mut()
        {
            items.extend(items.first().cloned());
        }
        response
    });
    let failures = failures(verdict_of(&doubled, "ids-unique", json!({ "auth": fixture()["auth"] })));
    assert!(failures.contains("list-entitlements: \"member red\" occurs twice"), "{failures}");
}

#[test]
fn an_error_must_be_marked_as_one() {
    let failures = failures_of("error-shape", |_, mut response| {
        response.as_object_mut().unwrap().remove("is_error");
        response
    });
    assert!(failures.contains("is_error is not true"), "{failures}");
}

#[test]
fn an_association_must_name_a_listed_account() {
    let failures = failures_of("associations-resolve", |call, mut response| {
        if call.is("find-entitlement-associations") && response["response"].is_array() {
            response["response"][0]["account_id"] = "ghost".into();
        }
        response
    });
    assert!(failures.contains("the account \"ghost\" is not listed"), "{failures}");
}

#[test]
fn get_account_must_report_an_unknown_id_even_if_writes_are_not_allowed() {
    let read_only = json!({ "auth": fixture()["auth"] });
    assert_eq!(verdict_of(&integration(), "unknown-ids", read_only.clone()), Verdict::Passed);
    let lenient = Tampered::new(integration(), |call, response| {
        let is_unknown = call.is("get_account") && response["error"].is_object();
        if is_unknown { json!({ "response": { "integration_specific_id": "x" } }) } else { response }
    });
    let failures = failures(verdict_of(&lenient, "unknown-ids", read_only));
    let expected = "get_account: given an account that does not exist, it returned a success";
    assert!(failures.contains(expected), "{failures}");
}

#[test]
fn unknown_ids_that_no_capability_takes_are_not_checked() {
    let without_get = Tampered::new(integration(), |call, mut response| {
        if call.is("info")
            && let Some(names) = response["response"]["capabilities"].as_array_mut()
        {
            names.retain(|name| name != "get_account");
        }
        response
    });
    let why = "the fixture does not allow writes, and the connector has no get_account".to_owned();
    let read_only = json!({ "auth": fixture()["auth"] });
    assert_eq!(verdict_of(&without_get, "unknown-ids", read_only), Verdict::NotRun(why));
}

#[test]
fn get_account_must_return_what_is_listed() {
    let failures = failures_of("get-equals-list", |call, mut response| {
        if call.is("get_account") && call.request["request"]["account_id"] == "user2" {
            response["response"]["email"] = "ada@example.com".into();
        }
        response
    });
    let expected = "get_account: the account \"user2\" differs from its listing: \
                    email: expected nothing, found \"ada@example.com\"";
    assert_eq!(failures, expected);
    let failures = failures_of("get-equals-list", |call, response| {
        let error = json!({ "app_id": "hub", "message": "gone", "error_code": "not_found" });
        let is_lost = call.is("get_account") && call.request["request"]["account_id"] == "user0";
        if is_lost { json!({ "is_error": true, "error": error }) } else { response }
    });
    let expected = "get_account: given the listed account \"user0\", it returned the error not_found: gone";
    assert_eq!(failures, expected);
}

#[test]
fn a_probe_must_report_what_the_listings_return() {
    const REPORTS: [(Tamper, &str); 6] = [
        (
            |call, mut response| {
                if call.is("probe_integration") {
                    response["response"]["checks"][0]["samples"][0]["integration_specific_id"] =
                        "ghost".into();
                }
                response
            },
            "accounts has a sample that list-accounts doesn't list: \"ghost\"",
        ),
        (
            |call, mut response| {
                if call.is("probe_integration") {
                    response["response"]["checks"][2]["samples"] = json!([]);
                }
                response
            },
            "entitlement_associations has passed without a sample",
        ),
        (
            |call, mut response| {
                if call.is("probe_integration") {
                    response["response"]["checks"][1]["status"] = "failed".into();
                }
                response
            },
            "its status is passed, but a check has failed",
        ),
        (
            |call, mut response| {
                if call.is("probe_integration") {
                    response["response"]["status"] = "failed".into();
                    response["response"]["checks"][1]["status"] = "failed".into();
                    response["response"]["checks"][1]["error"] = json!({ "message": "no" });
                }
                response
            },
            "entitlements has failed, but list-entitlements lists 6 items",
        ),
        (
            |call, response| {
                let error = json!({ "app_id": "hub", "message": "gone", "error_code": "not_found" });
                let fails = call.is("list_accounts");
                if fails { json!({ "is_error": true, "error": error }) } else { response }
            },
            "accounts has passed, but list-accounts: page 1 returned the error not_found: gone",
        ),
        (
            |call, response| {
                let error = json!({ "app_id": "hub", "message": "gone", "error_code": "not_found" });
                let fails = call.is("probe_integration");
                if fails { json!({ "is_error": true, "error": error }) } else { response }
            },
            "probe_integration: returned the error not_found: gone",
        ),
    ];
    for (tamper, expected) in REPORTS {
        let failures = failures_of("probe-agrees", tamper);
        assert!(failures.contains(expected), "expected {expected:?}, found {failures}");
    }
}

async fn app_info(_: Request<AppInfoRequest, NoSettings, NoAuth>) -> Result<Response<AppInfoResponse>> {
    Ok(AppInfoResponse::default().into())
}

async fn list_accounts(
    request: Request<ListAccountsRequest, NoSettings, BasicCredentials>,
) -> Result<Response<ListAccountsResponse>> {
    if request.auth.password.expose() != PASSWORD {
        Err(ConnectorError::unauthorized("wrong password"))?;
    }
    Ok(ListAccountsResponse::default().into())
}

#[test]
fn bad_credentials_are_given_to_a_capability_whose_requests_carry_some() {
    // Its name comes first, and its requests carry no credentials.
    let integration = Integration::builder("app")
        .auth::<BasicCredentials>()
        .register(AppInfo, app_info)
        .register(ListAccounts, list_accounts)
        .wire(Wire::OpenApi)
        .build();
    assert_eq!(verdict_of(&integration, "bad-credentials", fixture()), Verdict::Passed);
}
