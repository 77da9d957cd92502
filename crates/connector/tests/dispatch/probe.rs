//! The response of a probe: samples of several kinds, and errors of checks.

use connector::capability::{
    ProbeCheck, ProbeCheckName, ProbeCheckSource, ProbeCheckStatus, ProbeIntegration,
    ProbeIntegrationRequest, ProbeIntegrationResponse, ProbeSample, ProbeSampleAccount, ProbeStatus,
};
use connector::error::ReportedError;
use connector::{ConnectorError, Error, ErrorCode, Integration, NoAuth, NoSettings, Request, Response, Wire};
use serde_json::json;

use super::support::ask;

async fn probe(
    request: Request<ProbeIntegrationRequest, NoSettings, NoAuth>,
) -> connector::Result<Response<ProbeIntegrationResponse>> {
    assert_eq!(request.request.checks, Some(vec![ProbeCheckName::Accounts]));
    let samples = [ProbeSample::Account(ProbeSampleAccount::new("1"))];
    let accounts = ProbeCheck::new(
        ProbeCheckName::Accounts,
        ProbeCheckStatus::Passed,
        ProbeCheckSource::Native,
        1_u64,
        samples,
    );
    let error: Error = ConnectorError::new("no such scope", ErrorCode::PermissionDenied).into();
    let entitlements = ProbeCheck {
        error: Some(ReportedError::new("app", &error)),
        ..ProbeCheck::new(
            ProbeCheckName::Entitlements,
            ProbeCheckStatus::Failed,
            ProbeCheckSource::Default,
            0_u64,
            [],
        )
    };
    Ok(ProbeIntegrationResponse::new(ProbeStatus::Partial, [accounts, entitlements]).into())
}

#[test]
fn samples_carry_their_kind_and_errors_their_metadata() {
    let integration =
        Integration::builder("app").wire(Wire::OpenApi).register(ProbeIntegration, probe).build();
    let request = json!({ "request": { "checks": ["accounts"] } });
    let response = &ask(&integration, "probe_integration", &request.to_string())["response"];
    let sample = &response["checks"][0]["samples"][0];
    assert_eq!((&sample["kind"], &sample["integration_specific_id"]), (&json!("account"), &json!("1")));
    let error = &response["checks"][1]["error"];
    assert_eq!((&error["error_code"], &error["app_id"]), (&json!("permission_denied"), &json!("app")));
    assert_eq!(error["error_metadata"]["category"], "authorization");
}

#[test]
fn samples_without_a_kind_are_recognized_by_their_fields() {
    for (kind, fields) in [
        ("account", json!({ "integration_specific_id": "1" })),
        (
            "entitlement",
            json!({
                "integration_specific_id": "1", "integration_specific_resource_id": "2",
                "entitlement_type": "role", "label": "Admin",
            }),
        ),
        (
            "association",
            json!({
                "account_id": "1", "integration_specific_entitlement_id": "2",
                "integration_specific_resource_id": "3", "linked_to_sampled_account": true,
            }),
        ),
        (
            "capability_config",
            json!({ "capability": "list_accounts", "capability_type": "read", "status": "valid", "findings": [] }),
        ),
    ] {
        let sample: ProbeSample = serde_json::from_value(fields).unwrap();
        assert_eq!(serde_json::to_value(sample).unwrap()["kind"], kind);
    }
    for fields in
        [json!({}), json!({ "kind": "account" }), json!({ "kind": "group", "integration_specific_id": "1" })]
    {
        assert!(serde_json::from_value::<ProbeSample>(fields.clone()).is_err(), "{fields}");
    }
}
