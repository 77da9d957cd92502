//! The built-in probe, on integrations that misbehave.

#![expect(clippy::unwrap_used, reason = "tests, and helpers that only tests call")]
#![expect(clippy::needless_pass_by_value, reason = "passing `json!` by reference would only add noise")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connector::capability::{
    FindEntitlementAssociations, FindEntitlementAssociationsRequest, FindEntitlementAssociationsResponse,
    GetAccountEntitlementAssociations, GetAccountEntitlementAssociationsRequest,
    GetAccountEntitlementAssociationsResponse, ListAccounts, ListAccountsRequest, ListAccountsResponse,
    ListCustomAttributesSchema, ListCustomAttributesSchemaRequest, ListCustomAttributesSchemaResponse,
    ListEntitlements, ListEntitlementsRequest, ListEntitlementsResponse, ProbeCapabilityType, ProbeCheck,
    ProbeCheckName, ProbeConfigFinding, ProbeConfigFindingSeverity, ProbeIntegration,
    ProbeIntegrationRequest, ProbeIntegrationResponse, ProbeSampleCapabilityConfig, ProbeStatus,
};
use connector::model::{
    BasicCredentials, CustomAttributeCustomizedType, CustomAttributeSchema, CustomAttributeType,
    FoundAccountData, FoundEntitlementAssociation, FoundEntitlementData,
};
use connector::testing::paused;
use connector::{
    BuildError, ConnectorError, ErrorCode, Integration, IntegrationBuilder, NoAuth, NoSettings, Probe,
    Response, Wire,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::support::ask;

type Request<P> = connector::Request<P, NoSettings, BasicCredentials, Tenant>;
type Builder = IntegrationBuilder<NoSettings, BasicCredentials, Tenant>;
type Result<R> = connector::Result<Response<R>>;

const CANARY: &str = "canary-2f61c0";

/// How the upstream behaves.
#[derive(Default)]
struct Tenant {
    accounts: Vec<FoundAccountData>,
    entitlements: Vec<FoundEntitlementData>,
    associations: Vec<FoundEntitlementAssociation>,
    attributes: Vec<CustomAttributeSchema>,
    /// What the listing of accounts does wrong.
    accounts_are: Accounts,
    calls: AtomicUsize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Accounts {
    #[default]
    Listed,
    Panicking,
    Failing,
    Hanging,
    Partial,
    /// Every page has the same token.
    RepeatingTokens,
    /// Every page has the same items.
    RepeatingPages,
    /// The second page fails.
    Ending,
    /// The first page is empty.
    Filtered,
}

async fn list_accounts(request: Request<ListAccountsRequest>) -> Result<ListAccountsResponse> {
    let call = request.state.calls.fetch_add(1, Ordering::Relaxed);
    assert_eq!((request.page_size(), request.include_raw_data), (10, false));
    assert_eq!(request.auth.password.expose(), CANARY);
    let first = request.page.token.is_none();
    let page = if first { &request.state.accounts[..] } else { &[] };
    let accounts: Vec<_> = page
        .iter()
        .map(|account| FoundAccountData {
            custom_attributes: account
                .custom_attributes
                .clone()
                .filter(|_| request.request.custom_attributes.is_some()),
            ..account.clone()
        })
        .collect();
    let response = Response::new(ListAccountsResponse::new(accounts));
    Ok(match request.state.accounts_are {
        Accounts::Listed => response,
        Accounts::Panicking => panic!("{CANARY}"),
        Accounts::Failing => {
            let message = format!("no access with {}", request.auth.password.expose());
            return Err(ConnectorError::new(message, ErrorCode::PermissionDenied).with_status(403))?;
        }
        Accounts::Hanging => std::future::pending().await,
        Accounts::Partial => response.partial(format!("1 account is skipped; {CANARY}"), 1),
        Accounts::RepeatingTokens => response.next_token(Some("again".to_owned())),
        Accounts::RepeatingPages => Response::new(ListAccountsResponse::new(request.state.accounts.clone()))
            .next_token(Some(call.to_string())),
        Accounts::Filtered if first => {
            Response::new(ListAccountsResponse::default()).next_token(Some("2".to_owned()))
        }
        Accounts::Filtered => Response::new(ListAccountsResponse::new(request.state.accounts.clone())),
        Accounts::Ending if first => response.next_token(Some("2".to_owned())),
        Accounts::Ending => return Err(ConnectorError::new("page 2 is gone", ErrorCode::BadGateway))?,
    })
}

/// Lists one entitlement a page.
async fn list_entitlements(request: Request<ListEntitlementsRequest>) -> Result<ListEntitlementsResponse> {
    let at = request.page.token.as_deref().map_or(0, |token| token.parse().unwrap());
    let all = &request.state.entitlements;
    let next = (at + 1 < all.len()).then(|| (at + 1).to_string());
    Ok(Response::new(ListEntitlementsResponse::new(all.get(at).cloned().into_iter().collect::<Vec<_>>()))
        .next_token(next))
}

async fn find_associations(
    request: Request<FindEntitlementAssociationsRequest>,
) -> Result<FindEntitlementAssociationsResponse> {
    Ok(FindEntitlementAssociationsResponse::new(request.state.associations.clone()).into())
}

/// Returns those of account 1 for all accounts other than 2.
async fn associations_of_account(
    request: Request<GetAccountEntitlementAssociationsRequest>,
) -> Result<GetAccountEntitlementAssociationsResponse> {
    let id = if request.request.account_id == "2" { "2" } else { "1" };
    let of_account =
        |association: &&FoundEntitlementAssociation| association.account.integration_specific_id == id;
    let found: Vec<_> = request.state.associations.iter().filter(of_account).cloned().collect();
    Ok(GetAccountEntitlementAssociationsResponse::new(found).into())
}

async fn list_attributes(
    request: Request<ListCustomAttributesSchemaRequest>,
) -> Result<ListCustomAttributesSchemaResponse> {
    if request.state.attributes.is_empty() {
        return Err(ConnectorError::new("no schema", ErrorCode::BadGateway))?;
    }
    Ok(ListCustomAttributesSchemaResponse::new(request.state.attributes.clone()).into())
}

/// A tenant in which everything works.
fn tenant() -> Tenant {
    let account = |id: &str| FoundAccountData {
        email: Some(format!("{id}@x.example")),
        custom_attributes: Some([("team".to_owned(), format!("t{id}"))].into()),
        ..FoundAccountData::new(id)
    };
    let entitlement = |id: &str, kind: &str| FoundEntitlementData {
        label: Some(id.to_uppercase()),
        ..FoundEntitlementData::new(id, "r", kind)
    };
    let attribute =
        |name: &str, customized| CustomAttributeSchema::new(customized, name, CustomAttributeType::String);
    Tenant {
        accounts: vec![account("1"), account("2")],
        entitlements: (0..7)
            .map(|at| entitlement(&format!("e{at}"), if at == 3 { "role" } else { "group" }))
            .collect(),
        associations: vec![
            FoundEntitlementAssociation::new("e1", FoundAccountData::new("1"), "r"),
            FoundEntitlementAssociation::new("e1", FoundAccountData::new("2"), "r"),
        ],
        attributes: vec![
            attribute("team", CustomAttributeCustomizedType::Account),
            attribute("color", CustomAttributeCustomizedType::Resource),
        ],
        ..Tenant::default()
    }
}

fn builder(tenant: Tenant) -> Builder {
    Integration::builder("app").wire(Wire::OpenApi).auth::<BasicCredentials>().state(tenant)
}

/// An integration with every capability that the probe calls.
fn complete(tenant: Tenant) -> Builder {
    builder(tenant)
        .register(ListAccounts, list_accounts)
        .register(ListEntitlements, list_entitlements)
        .register(FindEntitlementAssociations, find_associations)
        .register(GetAccountEntitlementAssociations, associations_of_account)
        .register(ListCustomAttributesSchema, list_attributes)
}

/// Probes an integration. Returns the whole response.
fn respond(integration: &Integration, payload: Value) -> Value {
    let auth = json!({ "basic": { "username": "u", "password": CANARY } });
    let response =
        ask(integration, "probe_integration", &json!({ "auth": auth, "request": payload }).to_string());
    assert!(!response.to_string().contains(CANARY), "{response}");
    response
}

fn probe(integration: &Integration) -> Value {
    respond(integration, json!({}))["response"].take()
}

fn probe_of(tenant: Tenant) -> Value {
    probe(&complete(tenant).probe(Probe::new()).build())
}

fn statuses(response: &Value) -> Vec<&str> {
    let checks = response["checks"].as_array().unwrap();
    let statuses = checks.iter().map(|check| check["status"].as_str().unwrap());
    std::iter::once(response["status"].as_str().unwrap()).chain(statuses).collect()
}

#[test]
fn a_working_connector_passes_with_samples() {
    let response = probe_of(tenant());
    assert_eq!(statuses(&response), ["passed", "passed", "passed", "passed"], "{response}");
    let [accounts, entitlements, associations] = [0, 1, 2].map(|at| &response["checks"][at]);
    assert_eq!(
        (&accounts["check"], &accounts["source"], &accounts["capability"], &accounts["observed_count"]),
        (&json!("accounts"), &json!("default"), &json!("list_accounts"), &json!(2))
    );
    assert_eq!(
        accounts["samples"][0],
        json!({
            "kind": "account", "integration_specific_id": "1", "email": "1@x.example", "username": null,
            "user_status": null,
            "custom_attributes": [
                { "name": "team", "value": "t1", "customized_type": "account", "attribute_type": "string" },
            ],
        })
    );
    assert_eq!(accounts["custom_attributes"], json!([{ "name": "team", "status": "found" }]));
    assert_eq!(accounts["message"], "Fetched 2 account(s), including 1@x.example.");
    assert!(accounts["error"].is_null() && accounts["duration_ms"].is_u64(), "{accounts}");
    assert_eq!(
        entitlements["samples"],
        json!([{
            "kind": "entitlement", "integration_specific_id": "e0", "integration_specific_resource_id": "r",
            "entitlement_type": "group", "label": "E0",
        }])
    );
    assert_eq!(entitlements["entitlement_types"], Value::Null);
    assert_eq!(associations["capability"], "get_account_entitlement_associations");
    assert_eq!(associations["message"], "Fetched 2 association(s) of 2 account(s).");
    assert_eq!(associations["samples"][1]["linked_to_sampled_account"], true);
    assert!(response["duration_ms"].is_u64());
}

#[test]
fn a_probe_that_can_do_nothing_fails() {
    let response = probe(&builder(tenant()).probe(Probe::new()).build());
    assert_eq!(statuses(&response), ["failed", "unsupported", "unsupported", "unsupported"]);
    let capabilities: Vec<_> = (0..3).map(|at| &response["checks"][at]["capability"]).collect();
    assert_eq!(capabilities, ["list_accounts", "list_entitlements", "find_entitlement_associations"]);
}

#[test]
fn unsupported_checks_beside_others_do_not_fail_the_probe() {
    let integration = builder(tenant()).register(ListAccounts, list_accounts).probe(Probe::new()).build();
    assert_eq!(statuses(&probe(&integration)), ["passed", "passed", "unsupported", "unsupported"]);
}

#[test]
fn only_requested_checks_run() {
    let integration = complete(tenant()).probe(Probe::new()).build();
    let response = respond(&integration, json!({ "checks": ["accounts"] }))["response"].take();
    assert_eq!(statuses(&response), ["passed", "passed", "skipped", "skipped"]);
    let response = respond(&integration, json!({ "checks": [] }))["response"].take();
    assert_eq!(statuses(&response), ["passed", "skipped", "skipped", "skipped"]);
}

#[test]
fn empty_listings_fail() {
    let response = probe_of(Tenant { attributes: tenant().attributes, ..Tenant::default() });
    assert_eq!(statuses(&response), ["failed", "failed", "failed", "failed"]);
    for at in 0..3 {
        let check = &response["checks"][at];
        assert_eq!((&check["observed_count"], &check["error"]), (&json!(0), &Value::Null), "{check}");
    }
    let capability = &response["checks"][2]["capability"];
    assert_eq!(capability, "find_entitlement_associations", "without accounts, all associations are read");
}

#[test]
fn errors_are_classified_and_fail_only_their_check() {
    let response = probe_of(Tenant { accounts_are: Accounts::Failing, ..tenant() });
    assert_eq!(statuses(&response), ["failed", "failed", "passed", "passed"], "{response}");
    let check = &response["checks"][0];
    let error = &check["error"];
    assert_eq!((&error["error_code"], &error["status_code"]), (&json!("permission_denied"), &json!(403)));
    assert_eq!(error["error_metadata"]["category"], "authorization");
    assert!(error["raised_in"].as_str().unwrap().ends_with("built_in_probe:list_accounts"), "{error}");
    assert_eq!(
        (&check["message"], &error["message"]),
        (&json!("no access with ***"), &json!("no access with ***"))
    );
    // Without accounts, the associations can't be linked to any.
    let associations = &response["checks"][2];
    assert_eq!(associations["capability"], "find_entitlement_associations");
    assert_eq!(associations["samples"][0]["linked_to_sampled_account"], false);
}

#[test]
fn associations_of_accounts_that_cannot_be_listed_fail_with_the_error_of_the_listing() {
    let integration = builder(Tenant { accounts_are: Accounts::Failing, ..tenant() })
        .register(ListAccounts, list_accounts)
        .register(GetAccountEntitlementAssociations, associations_of_account)
        .probe(Probe::new())
        .build();
    let check = probe(&integration)["checks"][2].take();
    assert_eq!(check["status"], "failed");
    assert_eq!(check["error"]["error_code"], "permission_denied");
}

#[test]
fn a_panic_fails_only_its_check() {
    let response = probe_of(Tenant { accounts_are: Accounts::Panicking, ..tenant() });
    assert_eq!(statuses(&response), ["failed", "failed", "passed", "passed"]);
    assert_eq!(response["checks"][0]["error"]["error_code"], "internal_error");
}

#[test]
fn partial_listings_do_not_pass_but_leave_the_probe_partial() {
    let response = probe_of(Tenant { accounts_are: Accounts::Partial, ..tenant() });
    assert_eq!(statuses(&response), ["partial", "failed", "passed", "passed"]);
    let check = &response["checks"][0];
    assert_eq!(check["samples"].as_array().unwrap().len(), 2, "{check}");
    assert!(check["message"].as_str().unwrap().ends_with("1 account is skipped; ***"), "{check}");
}

#[test]
fn listings_that_do_not_continue_fail() {
    for (accounts_are, code, message) in [
        (Accounts::RepeatingTokens, "invalid_response", "returned the same page token twice"),
        (Accounts::RepeatingPages, "invalid_response", "returned the same page twice"),
        (Accounts::Ending, "bad_gateway", "page 2 is gone"),
    ] {
        let response = probe_of(Tenant { accounts_are, ..tenant() });
        assert_eq!(statuses(&response)[..2], ["failed", "failed"], "{response}");
        let check = &response["checks"][0];
        assert_eq!(check["error"]["error_code"], code);
        assert!(check["message"].as_str().unwrap().contains(message), "{check}");
        assert_eq!(check["samples"].as_array().unwrap().len(), 2, "{check}");
    }
}

#[test]
fn an_empty_page_is_not_an_empty_listing() {
    let response = probe_of(Tenant { accounts_are: Accounts::Filtered, ..tenant() });
    let check = &response["checks"][0];
    assert_eq!((&check["status"], &check["observed_count"]), (&json!("passed"), &json!(2)), "{check}");
}

#[test]
fn malformed_records_fail() {
    let mut blank = tenant();
    blank.accounts[1].integration_specific_id = " ".to_owned();
    let mut unlabeled = tenant();
    unlabeled.entitlements[0].label = None;
    let mut of_others = tenant();
    of_others.accounts.insert(0, FoundAccountData::new("3"));
    for (tenant, at, code, message) in [
        (blank, 0, "invalid_response", "list_accounts returned a record without an ID"),
        (unlabeled, 1, "internal_error", "label"),
        (of_others, 2, "invalid_response", "returned an association of another account"),
    ] {
        let response = probe_of(tenant);
        let check = &response["checks"][at];
        assert_eq!((&response["status"], &check["status"]), (&json!("failed"), &json!("failed")), "{check}");
        assert_eq!(check["error"]["error_code"], code, "{check}");
        assert!(check["error"]["message"].as_str().unwrap().contains(message), "{check}");
    }
}

#[test]
fn custom_attributes_without_values_make_the_probe_partial() {
    let mut tenant = tenant();
    tenant.attributes.push(CustomAttributeSchema::new(
        CustomAttributeCustomizedType::Account,
        "gone",
        CustomAttributeType::User,
    ));
    let integration = complete(tenant).probe(Probe::new()).build();
    let response = probe(&integration);
    assert_eq!(statuses(&response)[..2], ["partial", "passed"]);
    let check = &response["checks"][0];
    let (found, gone) =
        (json!({ "name": "team", "status": "found" }), json!({ "name": "gone", "status": "not_found" }));
    assert_eq!(check["custom_attributes"], json!([found, gone]));
    assert_eq!(check["samples"][0]["custom_attributes"][1]["value"], Value::Null);
    let response =
        respond(&integration, json!({ "custom_attributes": ["gone", "unknown"] }))["response"].take();
    assert_eq!(response["checks"][0]["custom_attributes"], json!([gone]));
}

#[test]
fn unreadable_custom_attributes_make_the_probe_partial() {
    let response = probe_of(Tenant { attributes: Vec::new(), ..tenant() });
    assert_eq!(statuses(&response), ["partial", "failed", "passed", "passed"], "{response}");
    let check = &response["checks"][0];
    assert_eq!(check["error"]["error_code"], "bad_gateway");
    assert_eq!(check["observed_count"], 2);
}

#[test]
fn declared_types_are_searched_for_on_several_pages() {
    let types = |types: &[&str], pages| {
        let probe_settings = Probe::new().entitlement_types(types.iter().copied()).entitlement_pages(pages);
        let mut response = probe(&complete(tenant()).probe(probe_settings).build());
        (response["status"].take(), response["checks"][1].take())
    };
    let (status, check) = types(&["group", "role"], 5);
    assert_eq!((&status, &check["observed_count"]), (&json!("passed"), &json!(4)), "{check}");
    let (status, check) = types(&["group", "license"], 5);
    assert_eq!((&status, &check["observed_count"]), (&json!("partial"), &json!(5)));
    assert_eq!(
        check["entitlement_types"],
        json!([
            { "entitlement_type": "group", "status": "found" },
            { "entitlement_type": "license", "status": "not_checked" },
        ])
    );
    let (_, check) = types(&["license"], 7);
    assert_eq!(check["entitlement_types"][0]["status"], "not_found");
}

/// Probes on a paused clock. Returns the response and how long it took.
fn probe_paused(integration: &Integration, extra: Value) -> (Value, Duration) {
    let mut request = json!({ "auth": { "basic": { "username": "u", "password": CANARY } }, "request": {} });
    request.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    paused(async {
        let begin = Instant::now();
        let response = integration.dispatch("probe_integration", request.to_string().as_bytes()).await;
        (serde_json::from_slice(&response).unwrap(), begin.elapsed())
    })
}

#[test]
fn a_check_that_hangs_is_stopped_after_its_time() {
    let integration =
        complete(Tenant { accounts_are: Accounts::Hanging, ..tenant() }).probe(Probe::new()).build();
    let (mut response, took) = probe_paused(&integration, json!({}));
    let response = response["response"].take();
    // Accounts are listed in two checks.
    assert_eq!(took, Duration::from_secs(360));
    assert_eq!(statuses(&response)[..3], ["failed", "failed", "passed"], "{response}");
    let check = &response["checks"][0];
    assert_eq!(check["error"]["error_code"], "request_timeout");
    assert_eq!(check["message"], "list_accounts did not finish within 180s and was stopped");
    assert_eq!(check["duration_ms"], 180_000);
}

#[test]
fn a_caller_gets_the_report_before_it_stops_waiting() {
    let integration =
        complete(Tenant { accounts_are: Accounts::Hanging, ..tenant() }).probe(Probe::new()).build();
    let (response, took) = probe_paused(&integration, json!({ "rate_limit": { "max_execution_time": 100 } }));
    assert!(took < Duration::from_secs(90), "{took:?}");
    let response = &response["response"];
    // Accounts are listed in two of the checks, and each has its share of the time.
    assert_eq!(statuses(response), ["failed", "failed", "passed", "failed"], "{response}");
    assert_eq!(response["checks"][0]["message"], "list_accounts did not finish within 27s and was stopped");
    assert_eq!(response["checks"][2]["error"]["error_code"], "request_timeout");
}

#[test]
fn a_cancelled_probe_stops() {
    let integration =
        complete(Tenant { accounts_are: Accounts::Hanging, ..tenant() }).probe(Probe::new()).build();
    let request =
        json!({ "auth": { "basic": { "username": "u", "password": CANARY } }, "request": {} }).to_string();
    paused(async {
        let probe = integration.dispatch("probe_integration", request.as_bytes());
        assert!(tokio::time::timeout(Duration::from_secs(5), probe).await.is_err());
        let request = json!({ "auth": { "basic": { "username": "u", "password": CANARY } }, "request": {} });
        let listing = integration.dispatch("list_entitlements", request.to_string().as_bytes()).await;
        assert!(serde_json::from_slice::<Value>(&listing).unwrap()["response"].is_array());
    });
}

#[test]
fn requests_without_credentials_are_rejected() {
    let integration = complete(tenant()).probe(Probe::new()).build();
    let error = ask(&integration, "probe_integration", r#"{"request":{}}"#)["error"].take();
    assert_eq!(
        (&error["error_code"], &error["message"]),
        (&json!("bad_request"), &json!("auth.basic is required"))
    );
    let request = format!(
        r#"{{"auth":{{"basic":{{"username":"u","password":"{CANARY}"}}}},"request":{{"checks":["nope"]}}}}"#
    );
    let error = ask(&integration, "probe_integration", &request)["error"].take();
    assert!(error["message"].as_str().unwrap().starts_with("request.checks[0]"), "{error}");
}

async fn checks_config(request: Request<ProbeIntegrationRequest>) -> connector::Result<ProbeCheck> {
    let findings = |severity| [ProbeConfigFinding::new(severity, "odd", "something is odd")];
    let config = |name: &str, severity| {
        ProbeSampleCapabilityConfig::of_findings(name, ProbeCapabilityType::Write, findings(severity))
    };
    let invalid = request.state.accounts.is_empty();
    let severity =
        if invalid { ProbeConfigFindingSeverity::Error } else { ProbeConfigFindingSeverity::Warning };
    Ok(ProbeCheck::of_capability_configs([config("create_account", severity)]))
}

async fn fails_with_secret(request: Request<ProbeIntegrationRequest>) -> connector::Result<ProbeCheck> {
    if request.state.accounts.is_empty() {
        return Ok(ProbeCheck::failed(format!("password {}", request.auth.password.expose())));
    }
    Err(ConnectorError::new(format!("password {}", request.auth.password.expose()), ErrorCode::NotFound))?
}

async fn panics(_: Request<ProbeIntegrationRequest>) -> connector::Result<ProbeCheck> {
    panic!("{CANARY}")
}

#[test]
fn custom_checks_run_after_the_others_and_replace_them() {
    let integration = complete(tenant())
        .probe(
            Probe::new()
                .check(ProbeCheckName::CapabilityConfig, checks_config)
                .check(ProbeCheckName::Accounts, fails_with_secret)
                .optional(ProbeCheckName::Accounts)
                .without(ProbeCheckName::Entitlements),
        )
        .build();
    let response = probe(&integration);
    let names: Vec<_> = (0..4).map(|at| &response["checks"][at]["check"]).collect();
    assert_eq!(names, ["accounts", "entitlement_associations", "capability_config", "entitlements"]);
    assert_eq!(statuses(&response), ["partial", "failed", "passed", "passed", "unsupported"], "{response}");
    let accounts = &response["checks"][0];
    assert_eq!((&accounts["source"], &accounts["message"]), (&json!("native"), &json!("password ***")));
    assert_eq!(accounts["error"]["error_code"], "not_found");
    let config = &response["checks"][2];
    assert_eq!(config["samples"][0]["status"], "warning");
    assert_eq!(config["message"], "Checked the settings of 1 of 1 capabilities. Valid with warnings: 1.");
}

#[test]
fn secrets_are_removed_from_the_results_of_custom_checks() {
    let checks = Probe::new()
        .check(ProbeCheckName::Accounts, fails_with_secret)
        .check(ProbeCheckName::Entitlements, panics)
        .check(ProbeCheckName::CapabilityConfig, checks_config);
    let response = probe(&builder(Tenant::default()).probe(checks).build());
    assert_eq!(statuses(&response), ["failed", "failed", "failed", "unsupported", "failed"], "{response}");
    assert_eq!(response["checks"][0]["message"], "password ***");
    assert_eq!(response["checks"][1]["error"]["error_code"], "internal_error");
    assert_eq!(response["checks"][3]["samples"][0]["status"], "invalid");
}

async fn own_probe(_: Request<ProbeIntegrationRequest>) -> Result<ProbeIntegrationResponse> {
    Ok(ProbeIntegrationResponse::new(ProbeStatus::Passed, []).into())
}

#[test]
fn a_registered_handler_replaces_the_built_in_probe() {
    let integration = complete(tenant()).probe(Probe::new()).register(ProbeIntegration, own_probe).build();
    assert_eq!(probe(&integration)["checks"], json!([]));
}

#[test]
fn the_probe_is_off_by_default_and_absent_in_classic() {
    let has_probe = |integration: &Integration| {
        integration.capabilities().any(|capability| capability.name == "probe_integration")
    };
    assert!(!has_probe(&complete(tenant()).build()));
    let integration = complete(tenant()).probe(Probe::new()).build();
    assert!(has_probe(&integration));
    assert!(!has_probe(&integration.with_wire(Wire::Classic).unwrap()));
}

#[test]
fn contradictory_options_are_mistakes() {
    let config = ProbeCheckName::CapabilityConfig;
    for (probe, reason) in [
        (Probe::new().page_size(0), "at least 1"),
        (Probe::new().time_limit(Duration::ZERO), "at least 1"),
        (Probe::new().check(config, panics).check(config, panics), "set twice"),
        (Probe::new().without(config), "not one of the SDK's"),
        (Probe::new().optional(config), "is not run"),
    ] {
        let error = builder(tenant()).probe(probe).try_build().unwrap_err();
        assert!(matches!(&error, BuildError::InvalidProbe(found) if found.contains(reason)), "{error}");
    }
    let twice = Integration::builder("app").probe(Probe::new()).probe(Probe::new()).try_build();
    assert!(matches!(twice, Err(BuildError::DuplicateCapability(_))));
    let late = Integration::builder("app").probe(Probe::<NoSettings, NoAuth>::new()).state(7).try_build();
    assert!(matches!(late, Err(BuildError::DeclaredLate { .. })));
}
