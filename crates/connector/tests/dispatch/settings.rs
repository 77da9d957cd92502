//! Declared settings and credentials.

use connector::capability::{
    ListAccounts, ListAccountsRequest, ListAccountsResponse, ValidateCredentials, ValidateCredentialsRequest,
    ValidateCredentialsResponse,
};
use connector::model::{AnyCredentials, FoundAccountData};
use connector::schemars::JsonSchema;
use connector::{Integration, Request, Response, Secret, Wire};
use serde::Deserialize;
use serde_json::Value;

use crate::support::{ask, error_text};

#[derive(Deserialize, JsonSchema)]
struct Settings {
    host: String,
    #[expect(dead_code, reason = "only decoded")]
    key: Option<Secret>,
    #[serde(default)]
    port: u16,
}

fn with_settings() -> Integration {
    Integration::builder("app")
        .settings::<Settings>()
        .register(ValidateCredentials, |request: Request<ValidateCredentialsRequest, Settings>| async move {
            let valid = request.settings.host == "h" && request.settings.port == 0;
            Ok(ValidateCredentialsResponse::new(valid).into())
        })
        .build()
}

fn bare() -> Integration {
    Integration::builder("app")
        .register(ValidateCredentials, |_: Request<ValidateCredentialsRequest>| async {
            Ok(ValidateCredentialsResponse::new(true).into())
        })
        .build()
}

#[test]
fn absent_and_null_settings_are_an_empty_object() {
    for request in
        [r#"{"request":{}}"#, r#"{"request":{},"settings":null}"#, r#"{"request":{},"settings":{}}"#]
    {
        assert_eq!(
            error_text(&with_settings(), "validate-credentials", request),
            "app.bad_request: settings.host is required"
        );
        assert_eq!(ask(&bare(), "validate-credentials", request)["error"], Value::Null);
    }
    let answer = ask(&with_settings(), "validate-credentials", r#"{"request":{},"settings":{"host":"h"}}"#);
    assert_eq!(answer["response"]["valid"], true);
}

#[test]
fn settings_of_the_wrong_type_are_named_but_not_quoted() {
    let error_of = |settings: &str| {
        error_text(
            &with_settings(),
            "validate-credentials",
            &format!(r#"{{"request":{{}},"settings":{settings}}}"#),
        )
    };
    assert_eq!(error_of(r#""canary""#), "app.bad_request: settings: expected an object, found a string");
    assert_eq!(
        error_of(r#"{"host":"h","port":"canary"}"#),
        "app.bad_request: settings.port: expected an integer (u16), found a string"
    );
    assert_eq!(
        error_of(r#"{"host":"h","port":70000}"#),
        "app.bad_request: settings.port: expected an integer (u16), found a number that is not allowed"
    );
}

#[test]
fn without_settings_only_an_empty_object_is_accepted() {
    assert_eq!(
        error_text(&bare(), "validate-credentials", r#"{"request":{},"settings":{"canary":1}}"#),
        "app.bad_request: settings: unknown field, expected none"
    );
}

#[test]
fn without_auth_credentials_are_ignored() {
    for auth in ["5", "null", r#"{"model":"nonsense"}"#] {
        let request = format!(r#"{{"request":{{}},"auth":{auth}}}"#);
        assert_eq!(ask(&bare(), "validate-credentials", &request)["response"]["valid"], true);
    }
}

#[test]
fn kinds_of_credentials_are_distinguished() {
    async fn validate(
        request: Request<ValidateCredentialsRequest, connector::NoSettings, AnyCredentials>,
    ) -> connector::Result<Response<ValidateCredentialsResponse>> {
        let valid = request.basic_auth()?.username == "ada";
        Ok(ValidateCredentialsResponse::new(valid).into())
    }
    let integration =
        Integration::builder("app").auth::<AnyCredentials>().register(ValidateCredentials, validate).build();
    let basic = r#"{"auth":{"model":"basic","username":"ada","password":"p"},"request":{}}"#;
    assert_eq!(ask(&integration, "validate-credentials", basic)["response"]["valid"], true);
    let oauth = r#"{"auth":{"model":"oauth","access_token":"t"},"request":{}}"#;
    assert_eq!(
        error_text(&integration, "validate-credentials", oauth),
        "app.bad_request: auth: expected basic credentials"
    );
    assert_eq!(
        error_text(&integration, "validate-credentials", r#"{"auth":{"model":"foo"},"request":{}}"#),
        "app.bad_request: auth.model: unknown value, expected \"basic\" or \"oauth\""
    );
}

#[test]
fn an_openapi_request_may_carry_several_kinds_at_once() {
    async fn list(
        request: Request<ListAccountsRequest, connector::NoSettings, AnyCredentials>,
    ) -> connector::Result<Response<ListAccountsResponse>> {
        let id = format!("{} {}", request.basic_auth()?.username, request.oauth()?.access_token.expose());
        Ok(ListAccountsResponse { accounts: vec![FoundAccountData::new(id)] }.into())
    }
    let integration = Integration::builder("app")
        .auth::<AnyCredentials>()
        .wire(Wire::OpenApi)
        .register(ListAccounts, list)
        .build();
    let both =
        r#"{"auth":{"oauth":{"access_token":"t"},"basic":{"username":"ada","password":"p"}},"request":{}}"#;
    let answer = ask(&integration, "list_accounts", both);
    assert_eq!(answer["response"][0]["integration_specific_id"], "ada t");
    let none = ask(&integration, "list_accounts", r#"{"auth":{},"request":{}}"#);
    assert_eq!(none["error"]["message"], "auth is required");
}

#[test]
fn struct_variants_are_read_only_from_objects() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Mode {
        Plain,
        Custom { host: String },
    }
    #[derive(Deserialize, JsonSchema)]
    struct Moded {
        mode: Mode,
    }
    let integration = Integration::builder("app")
        .settings::<Moded>()
        .register(ValidateCredentials, |request: Request<ValidateCredentialsRequest, Moded>| async move {
            let valid = match request.settings.mode {
                Mode::Plain => true,
                Mode::Custom { host } => host == "h",
            };
            Ok(ValidateCredentialsResponse::new(valid).into())
        })
        .build();
    let ask = |mode: &str| {
        let request = format!(r#"{{"request":{{}},"settings":{{"mode":{mode}}}}}"#);
        ask(&integration, "validate-credentials", &request)
    };
    assert_eq!(ask(r#""plain""#)["response"]["valid"], true);
    assert_eq!(ask(r#"{"custom":{"host":"h"}}"#)["response"]["valid"], true);
    for wrong in [r#"{"custom":["h"]}"#, r#"{"custom":{}}"#, r#""other""#] {
        assert_eq!(ask(wrong)["error"]["error_code"], "app.bad_request", "{wrong}");
    }
}
