//! The execution summaries of writes.

use connector::capability::*;
use connector::model::AccountStatus;
use connector::{
    ConnectorError, Error, ExecutionEffect, ExecutionSummary, Integration, NoAuth, NoSettings, Response,
    Result, Secret, Wire,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::ask;

type Request<P> = connector::Request<P, NoSettings, NoAuth>;

/// Registers a handler that returns this payload.
macro_rules! returning {
    ($($marker:ident($request:ident) => $payload:expr),* $(,)?) => {
        Integration::builder("app").wire(Wire::OpenApi)
            $(.register($marker, |_: Request<$request>| async { Ok($payload.into()) }))*
            .build()
    };
}

/// An integration with every write, whose handlers say nothing about the execution.
fn writes() -> Integration {
    returning! {
        ActivateAccount(ActivateAccountRequest) => ActivateAccountResponse::new(AccountStatus::Active, true),
        AssignApplication(AssignApplicationRequest) => AssignApplicationResponse::new(true, false),
        AssignApplicationEntitlement(AssignApplicationEntitlementRequest)
            => AssignApplicationEntitlementResponse::new(true),
        AssignEntitlement(AssignEntitlementRequest) => AssignEntitlementResponse::new(true),
        CreateAccount(CreateAccountRequest) => CreateAccountResponse::new(AccountStatus::Active, true),
        DeactivateAccount(DeactivateAccountRequest)
            => DeactivateAccountResponse::new(AccountStatus::Suspended, true),
        DeleteAccount(DeleteAccountRequest) => DeleteAccountResponse::new(AccountStatus::Deleted, true),
        DowngradeLicense(DowngradeLicenseRequest) => DowngradeLicenseResponse::new(true),
        ReleaseResources(ReleaseResourcesRequest) => ReleaseResourcesResponse::new(true),
        TransferData(TransferDataRequest) => TransferDataResponse::new(true),
        UnassignApplication(UnassignApplicationRequest)
            => UnassignApplicationResponse::new(false, true, AccountStatus::Deprovisioned),
        UnassignApplicationEntitlement(UnassignApplicationEntitlementRequest)
            => UnassignApplicationEntitlementResponse::new(true),
        UnassignEntitlement(UnassignEntitlementRequest) => UnassignEntitlementResponse::new(true),
        UpdateAccount(UpdateAccountRequest) => UpdateAccountResponse::new("7"),
    }
}

/// The summary of a call.
fn summary(integration: &Integration, capability: &str, request: &Value) -> Value {
    let mut response = ask(integration, capability, &json!({ "request": request }).to_string());
    assert_eq!(response["error"], Value::Null, "{capability}: {response}");
    response["execution_summary"].take()
}

#[derive(Deserialize)]
struct Line {
    capability: String,
    request: Value,
    fingerprint: String,
}

/// The fingerprints that connector-py 4.280.0 computes for requests of each write.
fn lines() -> impl Iterator<Item = Line> {
    include_str!("fingerprints.jsonl").lines().map(|line| serde_json::from_str(line).expect("a line"))
}

#[test]
fn fingerprints_equal_those_of_python() {
    let integration = writes();
    let mut capabilities: Vec<String> = Vec::new();
    for Line { capability, request, fingerprint } in lines() {
        let found = summary(&integration, &capability, &request);
        assert_eq!(found["request_fingerprint"], fingerprint, "{capability}: {request}");
        capabilities.push(capability);
    }
    capabilities.dedup();
    let own = integration.capabilities().filter(|capability| !capability.is_provided);
    let expected: Vec<_> = own.map(|capability| capability.name).collect();
    capabilities.sort();
    capabilities.dedup();
    assert_eq!(capabilities, expected);
}

#[test]
fn writes_have_a_summary_that_follows_from_the_capability() {
    let integration = writes();
    for Line { capability, request, .. } in lines() {
        let found = summary(&integration, &capability, &request);
        let effect = match capability.as_str() {
            "create_account" => "created",
            "delete_account" => "deleted",
            _ => "updated",
        };
        let is_unsafe =
            ["create_account", "downgrade_license", "transfer_data"].contains(&capability.as_str());
        assert_eq!(found["effect"], json!({ "kind": effect }), "{capability}");
        assert_eq!(found["is_idempotent"], !is_unsafe, "{capability}");
        assert_eq!((&found["description"], &found["caught_errors"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn a_payload_without_success_has_no_summary() {
    let integration = returning! {
        AssignApplication(AssignApplicationRequest) => AssignApplicationResponse::new(false, false),
        CreateAccount(CreateAccountRequest) => CreateAccountResponse::new(AccountStatus::Pending, false),
        TransferData(TransferDataRequest) => TransferDataResponse::new(false),
    };
    for capability in ["assign_application", "create_account", "transfer_data"] {
        let Line { request, .. } = lines().find(|line| line.capability == capability).expect("a request");
        assert_eq!(summary(&integration, capability, &request), Value::Null, "{capability}");
    }
}

#[test]
fn reads_and_exchanges_of_tokens_have_no_summary() {
    let integration = returning! {
        ListAccounts(ListAccountsRequest) => ListAccountsResponse::default(),
        RefreshAccessToken(RefreshAccessTokenRequest) => RefreshAccessTokenResponse::new(Secret::new("t".to_owned()), TokenType::Bearer),
    };
    assert_eq!(summary(&integration, "list_accounts", &json!({})), Value::Null);
    let refresh = json!({ "client_id": "c", "client_secret": "s", "refresh_token": "r" });
    assert_eq!(summary(&integration, "refresh_access_token", &refresh), Value::Null);
}

fn deactivating(
    summary: fn(Response<DeactivateAccountResponse>) -> Response<DeactivateAccountResponse>,
) -> Value {
    let handler = move |_: Request<DeactivateAccountRequest>| async move {
        Ok(summary(DeactivateAccountResponse::new(AccountStatus::Suspended, true).into()))
    };
    let integration =
        Integration::builder("app").wire(Wire::OpenApi).register(DeactivateAccount, handler).build();
    self::summary(&integration, "deactivate_account", &json!({ "account_id": "7" }))
}

/// The fingerprint of `{"account_id": "7"}`.
const FINGERPRINT: &str = "0480a597f5d31b974b1bb32a2e8b49fefb12af97f58dc3df9ad75c18ac4f041f";

#[test]
fn a_handler_can_report_that_nothing_changed() {
    let noop = json!({ "kind": "noop", "reason": "state_already_matches" });
    let found = deactivating(|response| response.unchanged_if(true));
    assert_eq!((&found["effect"], &found["is_idempotent"]), (&noop, &json!(true)));
    assert_eq!(found["request_fingerprint"], FINGERPRINT);
    assert_eq!(deactivating(|response| response.unchanged_if(false))["effect"], json!({ "kind": "updated" }));
    // The rest of the handler's summary is kept.
    let found = deactivating(|response| {
        let summary = ExecutionSummary::new(ExecutionEffect::Updated).description("Suspended since May");
        response.execution_summary(summary).unchanged_if(true)
    });
    assert_eq!((&found["effect"], &found["description"]), (&noop, &json!("Suspended since May")));
}

#[test]
fn a_handler_overrides_parts_of_the_summary() {
    let found = deactivating(|response| {
        let error: Error = ConnectorError::conflict("still signed in").into();
        response.execution_summary(ExecutionSummary::new(ExecutionEffect::Deleted).caught(&error))
    });
    assert_eq!(
        (&found["effect"], &found["request_fingerprint"], &found["is_idempotent"]),
        (&json!({ "kind": "deleted" }), &json!(FINGERPRINT), &json!(true))
    );
    assert_eq!(found["caught_errors"][0]["message"], "still signed in");
    let found = deactivating(|response| {
        let summary = ExecutionSummary::new(ExecutionEffect::Updated);
        response.execution_summary(summary.request_fingerprint("f").idempotent(false))
    });
    assert_eq!((&found["request_fingerprint"], &found["is_idempotent"]), (&json!("f"), &json!(false)));
}

#[derive(Clone, Deserialize, JsonSchema)]
struct Desk {
    #[expect(dead_code, reason = "only its schema is used")]
    floor: u8,
    #[expect(dead_code, reason = "only its schema is used")]
    label: Option<String>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Changes {
    ratio: f64,
    desk: Option<Desk>,
    #[serde(default)]
    desks: Vec<Desk>,
    #[serde(default)]
    notes: std::collections::BTreeMap<String, Option<String>>,
    #[serde(default)]
    by_name: std::collections::BTreeMap<String, Desk>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Unique {
    #[serde(flatten)]
    changes: Changes,
    #[schemars(extend("x-unique" = true))]
    badge: String,
    pin: Option<Secret>,
}

fn updating<X: Arguments>() -> Integration {
    Integration::builder("app")
        .wire(Wire::OpenApi)
        .register(UpdateAccount, |_: Request<WithArgs<UpdateAccountRequest, X>>| async {
            Ok(UpdateAccountResponse::new("7").into())
        })
        .build()
}

#[test]
fn fingerprints_of_custom_arguments_equal_those_of_python() {
    let of = |integration: &Integration, request: Value| {
        summary(integration, "update_account", &request)["request_fingerprint"].take()
    };
    let request = json!({
        "id": "7", "ratio": 5, "desk": { "floor": 1, "label": null, "x": 2 }, "desks": [{ "floor": 2, "y": 1 }],
        "notes": { "a": null }, "by_name": { "w": { "floor": 3, "label": null } },
    });
    let expected = "2d724766a194282dd370186d1f2ee6b5454663b17de6c851925df076aafe4606";
    assert_eq!(of(&updating::<Changes>(), request), expected);
    let request = json!({ "id": "7", "ratio": 0.5 });
    let expected = "b1f793a62b1c9567737a9db53d8f88c0400d5d2f45db342414b4d0d1b80fa2c6";
    assert_eq!(of(&updating::<Changes>(), request), expected);
    // Only the badge counts, which is marked as unique.
    for request in [
        json!({ "id": "7", "ratio": 0.5, "badge": "b" }),
        json!({ "id": "8", "ratio": 0.25, "badge": "b", "pin": "1234" }),
    ] {
        let expected = "a3287d25db77e1438b8c30a40549f398487338ea28869be7fb212ae338bb51be";
        assert_eq!(of(&updating::<Unique>(), request), expected);
    }
}

#[derive(Deserialize, JsonSchema)]
struct Password {
    #[expect(dead_code, reason = "only its schema is used")]
    password: Secret,
}

#[test]
fn secrets_are_not_part_of_a_fingerprint() {
    let with = |password: &str| {
        let request = json!({ "id": "7", "password": password });
        summary(&updating::<Password>(), "update_account", &request)["request_fingerprint"].take()
    };
    assert_eq!(with("correct horse"), with("battery staple"));
    assert_eq!(
        with("correct horse"),
        summary(&writes(), "update_account", &json!({ "id": "7" }))["request_fingerprint"]
    );
}

#[test]
fn custom_writes_have_a_summary_if_the_handler_creates_one() {
    #[derive(Deserialize, JsonSchema)]
    struct RotateRequest {
        account_id: String,
    }
    #[derive(Serialize, JsonSchema)]
    struct RotateResponse {}
    struct Rotate;
    impl CustomCapability for Rotate {
        type Request = RotateRequest;
        type Response = RotateResponse;
        const NAME: &'static str = "rotate_badge";
        const EFFECT: Effect = Effect::UnsafeWrite;
        const SUMMARY: &'static str = "Issues a new badge";
    }
    async fn rotate(request: Request<RotateRequest>) -> Result<Response<RotateResponse>> {
        let response = Response::new(RotateResponse {});
        Ok(match request.request.account_id.as_str() {
            "7" => response.execution_summary(ExecutionSummary::new(ExecutionEffect::Updated)),
            _ => response,
        })
    }
    let integration = Integration::builder("app").wire(Wire::OpenApi).register_custom(Rotate, rotate).build();
    let found = summary(&integration, "rotate_badge", &json!({ "account_id": "7" }));
    assert_eq!(
        (&found["is_idempotent"], &found["request_fingerprint"]),
        (&json!(false), &json!(FINGERPRINT))
    );
    assert_eq!(summary(&integration, "rotate_badge", &json!({ "account_id": "8" })), Value::Null);
}

#[test]
fn classic_responses_have_no_summary() {
    let integration = writes().with_wire(Wire::Classic).expect("no credentials");
    let request = json!({ "auth": null, "request": { "account_id": "7" } }).to_string();
    let response = ask(&integration, "delete_account", &request);
    assert_eq!(response["response"]["deleted"], true, "{response}");
    assert!(response.get("execution_summary").is_none(), "{response}");
}

#[derive(Deserialize)]
struct Unknown {}

impl JsonSchema for Unknown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Unknown".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        panic!("as it should")
    }
}

#[test]
fn a_write_succeeds_even_if_its_schema_panics() {
    let found = summary(&updating::<Unknown>(), "update_account", &json!({ "id": "7" }));
    let expected = summary(&writes(), "update_account", &json!({ "id": "7" }));
    assert_eq!(found, expected);
}
