//! The contract of a connector whose credentials have IDs.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{BasicCredentials, FoundAccountData, TokenCredentials};
use connector::testing::contract::{Verdict, assert_contract};
use connector::{
    ConnectorError, Credentials, ErrorCode, Integration, NoSettings, Request, Response, Result, Wire,
};
use serde_json::{Value, json};

use crate::tampered::{Tampered, failures, verdict_of};

const TOKEN: &str = "the-real-token";

#[derive(Credentials)]
struct Auth {
    api: TokenCredentials,
    #[expect(dead_code, reason = "only declared")]
    console: Option<BasicCredentials>,
}

async fn list(
    request: Request<ListAccountsRequest, NoSettings, Auth>,
) -> Result<Response<ListAccountsResponse>> {
    if request.auth.api.token.expose() != TOKEN {
        Err(ConnectorError::new("not a token of ours", ErrorCode::Unauthorized))?;
    }
    if request.page.token.is_some() {
        Err(ConnectorError::new("there is one page", ErrorCode::InvalidPageToken))?;
    }
    Ok(ListAccountsResponse::new([FoundAccountData::new("1")]).into())
}

fn integration() -> Integration {
    Integration::builder("app").wire(Wire::OpenApi).auth::<Auth>().register(ListAccounts, list).build()
}

fn fixture() -> Value {
    let credentials = |token: &str| json!([{ "id": "api", "token": { "token": token } }]);
    json!({ "credentials": credentials(TOKEN), "bad_credentials": credentials("another-token") })
}

#[test]
fn credentials_are_sent_by_id() {
    let report = assert_contract(&integration(), fixture());
    let verdict =
        |id: &str| &report.findings().iter().find(|finding| finding.check.id() == id).unwrap().verdict;
    for id in ["bad-credentials", "missing-auth", "pages-end", "error-shape", "secrets-not-leaked"] {
        assert_eq!(*verdict(id), Verdict::Passed, "{id}");
    }
}

#[test]
fn a_fixture_without_them_is_reported() {
    let honest = || Tampered::new(integration(), |_, response| response);
    let verdict = |id: &str, fixture: Value| verdict_of(&honest(), id, fixture);
    assert_eq!(verdict("pages-end", json!({})), Verdict::NotRun("the fixture has no credentials".to_owned()));
    assert_eq!(
        verdict("bad-credentials", json!({})),
        Verdict::NotRun("the fixture has no bad_credentials".to_owned())
    );
}

#[test]
fn a_connector_that_accepts_bad_credentials_fails() {
    let lax = Tampered::new(integration(), |call, response| {
        if call.request["credentials"][0]["token"]["token"] == "another-token" {
            return json!({ "response": [], "raw_data": null, "page": null });
        }
        response
    });
    let failures = failures(verdict_of(&lax, "bad-credentials", fixture()));
    assert!(failures.contains("given bad credentials, it returned a success"), "{failures}");
}

#[test]
fn a_connector_that_needs_no_credentials_after_all_fails() {
    let lax = Tampered::new(integration(), |call, response| {
        if call.is("list-accounts") && call.request.get("credentials").is_none() {
            return json!({ "response": [], "raw_data": null, "page": null });
        }
        response
    });
    let failures = failures(verdict_of(&lax, "missing-auth", fixture()));
    assert!(failures.contains("given a request without credentials, it accepted the request"), "{failures}");
}
