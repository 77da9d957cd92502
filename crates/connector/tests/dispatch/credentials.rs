//! Credentials in the openapi format.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{AnyCredentials, FoundAccountData};
use connector::{Integration, NoSettings, Request, Response, Wire};

use crate::support::{ask, integration};

/// Accepts any kind of credentials and returns those it received.
fn any() -> Integration {
    async fn list(
        request: Request<ListAccountsRequest, NoSettings, AnyCredentials>,
    ) -> connector::Result<Response<ListAccountsResponse>> {
        let basic = request.auth.basic.map_or("-".to_owned(), |basic| basic.username);
        let token = request.auth.token.map_or("-".to_owned(), |token| token.token.expose().clone());
        let account =
            FoundAccountData { username: Some(format!("{basic} {token}")), ..FoundAccountData::new("1") };
        Ok(ListAccountsResponse { accounts: vec![account] }.into())
    }
    let builder = Integration::builder("app").auth::<AnyCredentials>().wire(Wire::OpenApi);
    builder.register(ListAccounts, list).build()
}

/// Returns the username in the response to a request with these sections, or the error message.
fn error_of(integration: &Integration, sections: &str) -> String {
    let answer = ask(integration, "list_accounts", &format!(r#"{{{sections},"request":{{}}}}"#));
    let shown = if answer["is_error"] == true {
        &answer["error"]["message"]
    } else {
        &answer["response"][0]["username"]
    };
    shown.as_str().unwrap_or_default().to_owned()
}

const GOOD: &str = r#""basic":{"username":"ada","password":"p"}"#;

#[test]
fn a_request_can_carry_several_kinds_of_credentials() {
    for (sections, shown) in [
        (format!(r#""auth":{{{GOOD}}}"#), "ada -"),
        (format!(r#""auth":{{"id":null,"token":null,"empty":{{"a":1}},"strange":7,{GOOD}}}"#), "ada -"),
        (format!(r#""auth" : {{ {GOOD} , "token" : {{ "token" : "]}}\"," }} }} "#), r#"ada ]}","#),
        (format!(r#""auth":null,"credentials":[{{{GOOD}}},{{"token":{{"token":"t"}}}}]"#), "ada t"),
        // The first of a kind is used, and `auth` precedes the list.
        (
            format!(
                r#""auth":{{"token":{{"token":"1"}}}},"credentials":[{{"token":{{"token":"2"}},{GOOD}}},{{"basic":{{"username":"b","password":"p"}}}}]"#
            ),
            "ada 1",
        ),
        (r#""auth":{"b\u0061sic":{"username":"\u0061da","password":"p"}}"#.to_owned(), "ada -"),
    ] {
        assert_eq!(error_of(&any(), &sections), shown, "{sections}");
    }
}

#[test]
fn errors_name_the_path() {
    let integration = integration(Wire::OpenApi);
    for (sections, expected) in [
        (r#""auth":5"#, "auth: expected an object, found a number"),
        (r#""auth":{"basic":[]}"#, "auth.basic: expected an object, found an array"),
        (r#""auth":{"basic":{"username":"a"}}"#, "auth.basic.password is required"),
        (
            r#""auth":{"basic":{"username":"a","password":7}}"#,
            "auth.basic.password: expected a string, found a number",
        ),
        (r#""auth":{"basic":{"username":"a","password":"p"},"basic":null}"#, "auth.basic: duplicate key"),
        (
            r#""credentials":[{"basic":{"username":"a","username":"a","password":"p"}}]"#,
            "credentials[0].basic.username: duplicate key",
        ),
        (r#""auth":{"id":7}"#, "auth.id: expected a string, found a number"),
        (r#""auth":{"empty":[]}"#, "auth.empty: expected an object, found an array"),
        (r#""auth":{}"#, "auth.basic is required"),
        (r#""auth":{"token":{"token":"t"}}"#, "auth.basic is required"),
        (r#""credentials":{}"#, "credentials: expected an array, found an object"),
        (r#""credentials":[null]"#, "credentials[0]: expected an object, found null"),
        (
            r#""credentials":[{"token":{}},{"basic":{"username":[],"password":"p"}}]"#,
            "credentials[1].basic.username: expected a string, found an array",
        ),
    ] {
        assert_eq!(error_of(&integration, sections), expected, "{sections}");
    }
}

#[test]
fn unused_credentials_are_not_read() {
    let jwt = r#""jwt":{"headers":{"alg":7}}"#;
    let sections = format!(r#""auth":{{{jwt},{GOOD}}}"#);
    assert_eq!(error_of(&integration(Wire::OpenApi), &sections), "ada");
    assert_eq!(error_of(&any(), &sections), "auth.jwt.headers.alg: expected a string, found a number");
    let sections = format!(r#""auth":{{"jwt":5,{GOOD}}}"#);
    assert_eq!(
        error_of(&integration(Wire::OpenApi), &sections),
        "auth.jwt: expected an object, found a number"
    );
}
