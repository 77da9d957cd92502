//! Handlers work in both wire formats.

use connector::Wire;
use serde_json::json;

use crate::support::{CLASSIC, OPENAPI, ask, integration};

#[test]
fn accounts_are_an_object_in_classic_and_a_list_in_openapi() {
    assert_eq!(
        ask(&integration(Wire::Classic), "list-accounts", CLASSIC),
        json!({
            "response": {"accounts": [{
                "integration_specific_id": "1", "email": null, "given_name": null, "family_name": null,
                "username": "ada", "user_status": "SUSPENDED", "extra_data": null, "custom_attributes": null,
            }]},
            "raw_data": null, "page": {"token": "next", "size": null}, "error": null,
        }),
    );
    assert_eq!(
        ask(&integration(Wire::OpenApi), "list_accounts", OPENAPI),
        json!({
            "response": [{
                "integration_specific_id": "1", "email": null, "given_name": null, "family_name": null,
                "username": "ada", "user_status": "INACTIVE", "extra_data": null, "custom_attributes": null,
                "account_type": null, "resource_id": "r",
            }],
            "raw_data": null, "page": {"token": "next", "size": null},
            "rate_limit": null, "execution_summary": null,
        }),
    );
}

#[test]
fn create_account_nests_the_account_only_in_classic() {
    let classic = r#"{"auth":{"model":"basic","username":"a","password":"p"},
        "request":{"account":{"email":"a@b"},"entitlements":[{"integration_specific_id":"e","entitlement_type":"t"}]}}"#;
    assert_eq!(
        ask(&integration(Wire::Classic), "create_account", classic)["response"],
        json!({"status": "ACTIVE", "created": true}),
    );
    let openapi = r#"{"auth":{"basic":{"username":"a","password":"p"}},
        "request":{"email":"a@b","entitlements":[{"integration_specific_id":"e","entitlement_type":"t"}]}}"#;
    assert_eq!(
        ask(&integration(Wire::OpenApi), "create_account", openapi)["response"],
        json!({"status": "ACTIVE", "created": true, "id": "a@b+1"}),
    );
}

#[test]
fn associations_contain_the_account_in_classic_and_its_id_in_openapi() {
    let classic = ask(&integration(Wire::Classic), "find-entitlement-associations", CLASSIC);
    assert_eq!(classic["response"]["associations"][0]["account"]["integration_specific_id"], "1");
    let openapi = ask(&integration(Wire::OpenApi), "find-entitlement-associations", OPENAPI);
    assert_eq!(
        openapi["response"],
        json!([{
            "account_id": "1", "integration_specific_entitlement_id": "member",
            "integration_specific_resource_id": "staff",
        }]),
    );
}

#[test]
fn errors_have_a_null_response_in_classic_and_none_in_openapi() {
    assert_eq!(
        ask(&integration(Wire::Classic), "list-resources", CLASSIC),
        json!({
            "error": {
                "message": "app does not implement list-resources in the classic wire format", "status_code": null,
                "error_code": "app.not_implemented", "raised_by": null, "raised_in": null,
            },
            "response": null, "raw_data": null, "page": null,
        }),
    );
    let openapi = ask(&integration(Wire::OpenApi), "list-resources", OPENAPI);
    assert_eq!(openapi["is_error"], true);
    assert_eq!(openapi["error"]["error_code"], "unsupported_operation");
    assert_eq!(openapi["error"]["app_error_code"], "app.not_implemented");
    assert_eq!(openapi["error"]["app_id"], "app");
    assert_eq!(openapi["error"]["error_metadata"]["fault"], "connector");
    assert!(openapi.get("response").is_none());
}

#[test]
fn hyphens_and_underscores_in_names_are_equivalent() {
    let integration = integration(Wire::Classic);
    assert_eq!(ask(&integration, "list_accounts", CLASSIC), ask(&integration, "list-accounts", CLASSIC));
}

#[test]
fn openapi_reads_credentials_from_the_list_if_auth_has_none() {
    let request = r#"{"auth":{"oauth":{"access_token":"t"}},
        "credentials":[{"id":"x","basic":{"username":"listed","password":"p"}}],"request":{}}"#;
    let answer = ask(&integration(Wire::OpenApi), "list_accounts", request);
    assert_eq!(answer["response"][0]["username"], "listed");
}
