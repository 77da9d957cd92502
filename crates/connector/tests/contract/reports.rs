//! The report of a run.

use std::io;

use connector::testing::contract::{
    CallOutput, Check, Contract, Fixture, Transport, Verdict, assert_contract,
};
use connector::{Integration, Wire};
use serde_json::{Value, json};

use crate::hub::{self, PASSWORD};
use crate::tampered::{Tampered, failures, verdict_of};

#[test]
fn an_honest_connector_passes_every_check() {
    let report = assert_contract(&hub::integration(), hub::fixture());
    for finding in report.findings() {
        let expected = match finding.check.id() {
            "app-info-agrees" => Verdict::NotRun("the connector has no app_info".to_owned()),
            "get-equals-list" => Verdict::NotRun(
                "the connector has no capability that returns an item of a listing".to_owned(),
            ),
            "graphs-resolve" => Verdict::NotRun("the connector has no access graph".to_owned()),
            "recency-is-past" => Verdict::NotRun("the connector has no get_data_recency".to_owned()),
            "updated-are-listed" => Verdict::NotRun("the connector has no list_updated_accounts".to_owned()),
            "probe-agrees" => Verdict::NotRun("the connector has no probe_integration".to_owned()),
            _ => Verdict::Passed,
        };
        assert_eq!(finding.verdict, expected, "{}", finding.check.id());
    }
    assert_eq!(report.findings().len(), Check::all().len());
    assert_eq!(report.to_json()["passed"], Check::all().len() - 6);
}

#[test]
fn checks_that_lack_something_are_not_run_and_name_it() {
    let fixture = json!({ "auth": hub::fixture()["auth"] });
    let report = assert_contract(&hub::integration(), fixture);
    for (id, lacks) in [
        ("bad-credentials", "the fixture has no bad_auth"),
        ("deactivate-twice", "the fixture does not allow writes"),
        ("create-list-delete", "the fixture does not allow writes"),
        ("unknown-ids", "the fixture does not allow writes, and there is no resource type"),
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
}

#[test]
fn a_connector_without_capabilities_passes_no_check() {
    let empty = Integration::builder("empty").build();
    let fixture = Fixture::try_from(hub::fixture()).unwrap();
    let report = Contract::new(&fixture).run(&empty, |_, _| ()).unwrap();
    let passed = report.findings().iter().filter(|finding| finding.verdict == Verdict::Passed);
    assert_eq!(passed.count(), 0, "{report}");
}

#[test]
fn nothing_is_changed_unless_the_fixture_allows_writes() {
    let mut fixture = hub::fixture();
    fixture["allow_writes"] = false.into();
    struct Watched(Integration);
    impl Transport for Watched {
        fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput> {
            let response = self.0.dispatch_blocking(capability, request);
            let is_write = ["activate", "deactivate", "create", "delete", "assign", "unassign"]
                .iter()
                .any(|verb| capability.starts_with(verb));
            let document: Value = serde_json::from_slice(&response).unwrap();
            assert!(!is_write || document["error"].is_object(), "{capability} was carried out");
            Ok(CallOutput::new(response))
        }
    }
    let fixture = Fixture::try_from(fixture).unwrap();
    Contract::new(&fixture).run(&Watched(hub::integration()), |_, _| ()).unwrap();
}

#[test]
fn a_report_hides_the_secrets_of_the_fixture() {
    let echo = Tampered::new(hub::integration(), |call, mut response| {
        if call.is("validate-credentials") {
            let password = &call.request["auth"]["password"];
            response["error"] = json!({ "message": format!("no {password}"), "error_code": "hub.api_error" });
        }
        response
    });
    let failures = failures(verdict_of(&echo, "bad-credentials", hub::fixture()));
    assert!(failures.contains("api_error: no \"***\"") && !failures.contains(PASSWORD), "{failures}");
}

#[test]
fn a_write_whose_effect_cannot_be_listed_is_not_run() {
    let unlisted = Tampered::new(hub::integration(), |call, response| {
        let error = json!({ "message": "no", "error_code": "hub.api_error" });
        let is_listing = call.is("find-entitlement-associations");
        if is_listing { json!({ "response": null, "error": error }) } else { response }
    });
    let why = "find-entitlement-associations cannot be walked: see pages-end".to_owned();
    assert_eq!(verdict_of(&unlisted, "assign-twice", hub::fixture()), Verdict::NotRun(why));
}

#[test]
fn an_empty_page_token_marks_the_last_page() {
    let empty = Tampered::new(hub::integration(), |call, mut response| {
        if call.is("list-accounts") && response["page"].is_null() {
            response["page"] = json!({ "token": "" });
        }
        response
    });
    assert_eq!(verdict_of(&empty, "pages-end", hub::fixture()), Verdict::Passed);
}

#[test]
fn a_connector_in_another_wire_format_fails_the_first_check_only() {
    let fixture = Fixture::try_from(hub::fixture()).unwrap();
    let contract = Contract::new(&fixture).wire(Wire::OpenApi);
    let report = contract.run(&hub::integration(), |_, _| ()).unwrap();
    let why = "info is not written in the wire format openapi".to_owned();
    assert_eq!(report.verdict("info-complete"), Some(&Verdict::Failed(vec![why.clone()])));
    assert_eq!(report.verdict("pages-end"), Some(&Verdict::NotRun(why)));
}

#[test]
fn an_unreachable_connector_ends_the_run() {
    struct Gone;
    impl Transport for Gone {
        fn call(&self, _: &str, _: &[u8]) -> io::Result<CallOutput> {
            Err(io::ErrorKind::ConnectionRefused.into())
        }
    }
    let fixture = Fixture::try_from(json!({})).unwrap();
    let error = Contract::new(&fixture).run(&Gone, |_, _| ()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}
