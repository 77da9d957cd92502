//! Custom capabilities and custom arguments, which use plain serde in both formats.

use connector::capability::{
    CustomCapability, Effect, ListAccounts, ListAccountsRequest, ListAccountsResponse, WithArgs,
};
use connector::model::FoundAccountData;
use connector::schemars::JsonSchema;
use connector::{Response, Wire};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::{CLASSIC, OPENAPI, Request, ask, builder, error_text};

#[derive(Deserialize, JsonSchema)]
struct RotateBadgeRequest {
    account_id: String,
}

#[derive(Serialize, JsonSchema)]
struct RotateBadgeResponse {
    badge: String,
}

struct RotateBadge;

impl CustomCapability for RotateBadge {
    type Request = RotateBadgeRequest;
    type Response = RotateBadgeResponse;
    const NAME: &'static str = "rotate_badge";
    const EFFECT: Effect = Effect::UnsafeWrite;
    const SUMMARY: &'static str = "Issues a new badge";
}

#[derive(Deserialize, JsonSchema)]
struct Domain {
    domain: String,
}

async fn rotate(request: Request<RotateBadgeRequest>) -> connector::Result<Response<RotateBadgeResponse>> {
    Ok(RotateBadgeResponse { badge: format!("{}-2", request.request.account_id) }.into())
}

async fn list(
    request: Request<WithArgs<ListAccountsRequest, Domain>>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let WithArgs { standard, args } = request.request;
    let id = format!("{}@{}", standard.custom_attributes.unwrap_or_default().join("+"), args.domain);
    Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new(id)] }.into())
}

fn integration(wire: Wire) -> connector::Integration {
    builder().wire(wire).register_custom(RotateBadge, rotate).register(ListAccounts, list).build()
}

#[test]
fn custom_capabilities_work_in_both_formats() {
    for (wire, request) in [(Wire::Classic, CLASSIC), (Wire::OpenApi, OPENAPI)] {
        let request = request.replace("\"request\":{}", r#""request":{"account_id":"7"}"#);
        let answer = ask(&integration(wire), "rotate_badge", &request);
        assert_eq!(answer["response"], json!({"badge": "7-2"}), "{wire}");
    }
    assert_eq!(
        error_text(&integration(Wire::Classic), "rotate-badge", CLASSIC),
        "app.bad_request: request.account_id is required"
    );
}

#[test]
fn arguments_share_the_object_with_the_payload_in_both_formats() {
    let payload = r#""request":{"custom_attributes":["a","b"],"domain":"example.com"}"#;
    let classic =
        ask(&integration(Wire::Classic), "list-accounts", &CLASSIC.replace("\"request\":{}", payload));
    assert_eq!(classic["response"]["accounts"][0]["integration_specific_id"], "a+b@example.com");
    let openapi =
        ask(&integration(Wire::OpenApi), "list-accounts", &OPENAPI.replace("\"request\":{}", payload));
    assert_eq!(openapi["response"][0]["integration_specific_id"], "a+b@example.com");
}

#[test]
fn missing_arguments_are_reported_like_other_fields() {
    assert_eq!(
        error_text(&integration(Wire::Classic), "list-accounts", CLASSIC),
        "app.bad_request: request.domain is required"
    );
}
