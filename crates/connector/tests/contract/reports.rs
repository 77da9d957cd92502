//! What a run tells.

use std::io;

use connector::testing::contract::{Came, Check, Contract, Fixture, Transport, Verdict, assert_contract};
use connector::{Integration, Wire};
use serde_json::{Value, json};

use crate::hub::{self, PASSWORD};
use crate::tampered::{Call, Tampered, failures, verdict_of};

#[test]
fn a_connector_that_keeps_the_contract_passes_every_check() {
    let report = assert_contract(&hub::integration(), hub::fixture());
    for finding in report.findings() {
        assert_eq!(finding.verdict, Verdict::Passed, "{}", finding.check.id());
    }
    assert_eq!(report.findings().len(), Check::all().len());
    assert_eq!(report.to_json()["passed"], Check::all().len());
}

#[test]
fn a_check_without_what_it_needs_is_not_run_and_says_what_it_lacks() {
    let fixture = json!({ "auth": hub::fixture()["auth"] });
    let report = assert_contract(&hub::integration(), fixture);
    for (id, lacks) in [
        ("credentials-told-apart", "the fixture has no bad_auth"),
        ("deactivate-twice", "the fixture does not allow writes"),
        ("create-list-delete", "the fixture does not allow writes"),
        ("unknown-ids", "the fixture allows no writes"),
    ] {
        match report.verdict(id) {
            Some(Verdict::NotRun(why)) => assert!(why.starts_with(lacks), "{id}: {why}"),
            other => panic!("{id}: {other:?}"),
        }
    }
    let allowed = json!({ "auth": hub::fixture()["auth"], "allow_writes": true });
    let report = assert_contract(&hub::integration(), allowed);
    for (id, lacks) in [
        ("activate-twice", "the fixture has no account_id"),
        ("assign-twice", "the fixture has no assignment"),
        ("create-list-delete", "the fixture has no create"),
    ] {
        assert_eq!(report.verdict(id), Some(&Verdict::NotRun(lacks.to_owned())));
    }
    // Nothing to ask with, and nothing to be asked.
    let empty = Integration::builder("empty").build();
    let fixture = Fixture::try_from(hub::fixture()).unwrap();
    let report = Contract::new(&fixture).run(&empty, |_, _| ()).unwrap();
    let passed = report.findings().iter().filter(|finding| finding.verdict == Verdict::Passed);
    assert_eq!(passed.count(), 0, "{report}");
}

#[test]
fn without_leave_nothing_is_changed() {
    let mut fixture = hub::fixture();
    fixture["allow_writes"] = false.into();
    struct Watched(Integration);
    impl Transport for Watched {
        fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
            let answer = self.0.dispatch_blocking(capability, request);
            let is_write = ["activate", "deactivate", "create", "delete", "assign", "unassign"]
                .iter()
                .any(|verb| capability.starts_with(verb));
            let document: Value = serde_json::from_slice(&answer).unwrap();
            assert!(!is_write || document["error"].is_object(), "{capability} was carried out");
            Ok(Came::new(answer))
        }
    }
    let fixture = Fixture::try_from(fixture).unwrap();
    Contract::new(&fixture).run(&Watched(hub::integration()), |_, _| ()).unwrap();
}

#[test]
fn a_report_shows_no_secret_of_the_fixture() {
    let echo = Tampered::new(hub::integration(), |call, mut answer| {
        if call.is("validate-credentials") {
            let password = &call.request["auth"]["password"];
            answer["error"] = json!({ "message": format!("no {password}"), "error_code": "hub.api_error" });
        }
        answer
    });
    let told = failures(verdict_of(&echo, "credentials-told-apart", hub::fixture()));
    assert!(told.contains("api_error: no \"***\"") && !told.contains(PASSWORD), "{told}");
}

/// The fixture as openapi spells it.
fn spelled() -> Value {
    let mut fixture = hub::fixture();
    for (key, password) in [("auth", PASSWORD), ("bad_auth", "another one")] {
        fixture[key] = json!({ "basic": { "username": "ada", "password": password } });
    }
    fixture
}

fn in_openapi() -> Integration {
    hub::integration().with_wire(Wire::OpenApi).unwrap()
}

/// `info` as openapi writes it for a connector that takes several kinds of credentials.
fn of_several_kinds(call: &Call, mut answer: Value) -> Value {
    if call.is("info") {
        let basic = answer["response"]["authentication_schema"].take();
        answer["response"]["authentication_schema"] = json!({});
        answer["response"]["credentials_schema"] = json!([basic, { "type": "object" }]);
    }
    answer
}

#[test]
fn a_connector_of_several_kinds_of_credentials_has_to_refuse_a_request_without_any() {
    let refusing = Tampered::new(in_openapi(), of_several_kinds);
    assert_eq!(verdict_of(&refusing, "missing-auth", spelled()), Verdict::Passed);
    let lax = Tampered::new(in_openapi(), |call, answer| {
        let answer = of_several_kinds(call, answer);
        let is_it = call.is("list-accounts") && call.request.get("auth").is_none();
        if is_it { json!({ "response": [] }) } else { answer }
    });
    let told = failures(verdict_of(&lax, "missing-auth", spelled()));
    assert!(told.contains("list_accounts: to a request without credentials it took it"), "{told}");
    let lacks = Verdict::NotRun("the fixture has no auth".to_owned());
    assert_eq!(verdict_of(&refusing, "pages-end", json!({})), lacks);
}

#[test]
fn the_schema_of_each_kind_of_credentials_is_looked_at() {
    let broken = Tampered::new(in_openapi(), |call, answer| {
        let mut answer = of_several_kinds(call, answer);
        if call.is("info") {
            answer["response"]["credentials_schema"][1]["type"] = 7.into();
        }
        answer
    });
    let told = failures(verdict_of(&broken, "schemas-valid", spelled()));
    assert!(told.contains("credentials_schema[1]: no JSON Schema: /type"), "{told}");
    let none = Tampered::new(in_openapi(), |call, answer| {
        let mut answer = of_several_kinds(call, answer);
        if call.is("info") {
            answer["response"]["credentials_schema"][1] = "basic".into();
        }
        answer
    });
    let told = failures(verdict_of(&none, "info-complete", spelled()));
    assert!(told.contains("credentials_schema[1]: no schema"), "{told}");
}

#[test]
fn in_openapi_entitlements_are_listed_without_an_assignment() {
    let doubled = Tampered::new(in_openapi(), |call, mut answer| {
        if call.is("list-entitlements")
            && let Some(items) = answer["response"].as_array_mut()
        {
            items.extend(items.first().cloned());
        }
        answer
    });
    let fixture = json!({ "auth": spelled()["auth"] });
    let told = failures(verdict_of(&doubled, "ids-unique", fixture));
    assert!(told.contains("list-entitlements: \"member red\" comes twice"), "{told}");
}

#[test]
fn unknown_ids_that_cannot_be_asked_for_are_not_run_with_the_reason() {
    let lacks = |fixture: Value| match verdict_of(&in_openapi(), "unknown-ids", fixture) {
        Verdict::NotRun(why) => why,
        other => panic!("{other:?}"),
    };
    let why = lacks(json!({ "auth": spelled()["auth"] }));
    assert_eq!(why, "the fixture allows no writes, and in openapi only writes name ids");
}

#[test]
fn a_write_whose_effect_cannot_be_listed_is_not_run() {
    let unlisted = Tampered::new(hub::integration(), |call, answer| {
        let error = json!({ "message": "no", "error_code": "hub.api_error" });
        let is_it = call.is("find-entitlement-associations");
        if is_it { json!({ "response": null, "error": error }) } else { answer }
    });
    let why = "find-entitlement-associations cannot be walked: see pages-end".to_owned();
    assert_eq!(verdict_of(&unlisted, "assign-twice", hub::fixture()), Verdict::NotRun(why));
}

#[test]
fn the_openapi_format_is_checked_in_its_own_spelling() {
    let integration = in_openapi;
    let report = assert_contract(&integration(), spelled());
    for id in [
        "info-complete",
        "broken-json",
        "missing-auth",
        "error-shape",
        "answers-match-schemas",
        "secrets-silent",
    ] {
        assert_eq!(report.verdict(id), Some(&Verdict::Passed), "{id}");
    }
    for id in ["pages-end", "pages-agree", "ids-unique"] {
        assert_eq!(report.verdict(id), Some(&Verdict::Passed), "{id}");
    }
    let unmarked = Tampered::new(integration(), |_, mut answer| {
        answer.as_object_mut().unwrap().remove("is_error");
        answer
    });
    let told = failures(verdict_of(&unmarked, "error-shape", spelled()));
    assert!(told.contains("is_error: not true"), "{told}");
    let ghost = Tampered::new(integration(), |call, mut answer| {
        if call.is("find-entitlement-associations") && answer["response"].is_array() {
            answer["response"][0]["account_id"] = "ghost".into();
        }
        answer
    });
    let told = failures(verdict_of(&ghost, "associations-resolve", spelled()));
    assert!(told.contains("there is no account \"ghost\""), "{told}");
}

#[test]
fn a_connector_in_another_format_than_asked_for_is_told_from_one_that_fails() {
    let fixture = Fixture::try_from(hub::fixture()).unwrap();
    let contract = Contract::new(&fixture).wire(Wire::OpenApi);
    let report = contract.run(&hub::integration(), |_, _| ()).unwrap();
    let why = "info is not written in the wire format openapi".to_owned();
    assert_eq!(report.verdict("info-complete"), Some(&Verdict::Failed(vec![why.clone()])));
    assert_eq!(report.verdict("pages-end"), Some(&Verdict::NotRun(why)));
}

#[test]
fn a_connector_that_cannot_be_reached_ends_the_run() {
    struct Gone;
    impl Transport for Gone {
        fn call(&self, _: &str, _: &[u8]) -> io::Result<Came> {
            Err(io::ErrorKind::ConnectionRefused.into())
        }
    }
    let fixture = Fixture::try_from(json!({})).unwrap();
    let error = Contract::new(&fixture).run(&Gone, |_, _| ()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}
