//! Values for `tests/contract.json`: the mock upstream, as the contract checks see it.

use connector::Wire;
use minijinja::{Value, context};

use super::context::Facts;
use crate::scaffold::options::Credentials;

pub(super) fn values(facts: &Facts<'_>) -> Value {
    let choices = facts.choices;
    let is_openapi = choices.wire == Wire::OpenApi;
    context! {
        bad_auth_json => facts.calls().then(|| bad_auth(choices.auth, choices.wire)),
        with_account_id => facts.has_any(&["activate_account", "deactivate_account", "get_last_activity"]),
        with_assignment => facts.has_any(&["list_entitlements", "assign_entitlement", "unassign_entitlement"]),
        creation => is_creation_checked(facts).then_some(if is_openapi {
            r#"{ "email": "{{unique}}@example.com", "entitlements": [] }"#
        } else {
            r#"{ "account": { "email": "{{unique}}@example.com" }, "entitlements": [] }"#
        }),
        // Without validate_credentials, the checks call any reading capability with bad credentials, but this one
        // never calls the upstream.
        with_authorization => facts.has("get_authorization_url")
            && (facts.has("validate_credentials") || !facts.calls()),
        allows_writes => facts.calls() && facts.has_module("write"),
    }
}

fn is_creation_checked(facts: &Facts<'_>) -> bool {
    ["create_account", "list_accounts", "delete_account"].into_iter().all(|name| facts.has(name))
}

/// Credentials that the mock upstream rejects; `None` if it needs none.
const fn bad_auth(auth: Credentials, wire: Wire) -> Option<&'static str> {
    Some(match (auth, wire) {
        (Credentials::Basic, Wire::OpenApi) => r#"{ "basic": { "username": "ada", "password": "another" } }"#,
        (Credentials::Basic, _) => r#"{ "model": "basic", "username": "ada", "password": "another" }"#,
        (Credentials::Token, _) => r#"{ "token": { "token": "another" } }"#,
        (Credentials::OAuth, Wire::OpenApi) => r#"{ "oauth": { "access_token": "another" } }"#,
        (Credentials::OAuth, _) => r#"{ "model": "oauth", "access_token": "another" }"#,
        (Credentials::None, _) => return None,
    })
}
