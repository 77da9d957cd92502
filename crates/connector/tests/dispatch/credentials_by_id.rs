//! Credentials that are declared by ID.

use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
use connector::model::{
    BasicCredentials, EmptyCredentials, FoundAccountData, OAuthCredentials, TokenCredentials,
};
use connector::{
    BuildError, Credentials, DeclaredCredential, FoundCredentials, Integration, InvalidCredentials,
    NoSettings, Response, Secret, Wire,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::ask;

type Request<P, A> = connector::Request<P, NoSettings, A>;

#[derive(Credentials)]
struct Auth {
    /// Calls the API.
    ///
    /// Create one in *Settings*.
    #[credential(name = "API token")]
    api: TokenCredentials,
    #[credential(id = "audit")]
    audit_log: Option<OAuthCredentials>,
    #[credential(kind = "basic")]
    own: Option<Login>,
    host: Option<EmptyCredentials>,
}

/// A login with a tenant, instead of basic credentials.
#[derive(Deserialize, JsonSchema)]
struct Login {
    tenant: String,
    pin: Secret,
}

async fn list(
    request: Request<ListAccountsRequest, Auth>,
) -> connector::Result<Response<ListAccountsResponse>> {
    let Auth { api, audit_log, own, host } = &request.auth;
    let audit = audit_log.as_ref().map_or("-", |audit| audit.access_token.expose());
    let own =
        own.as_ref().map_or_else(|| "-".to_owned(), |own| format!("{}/{}", own.tenant, own.pin.expose()));
    let shown = format!("{} {audit} {own} {}", api.token.expose(), host.is_some());
    let account = FoundAccountData { username: Some(shown), ..FoundAccountData::new("1") };
    Ok(ListAccountsResponse { accounts: vec![account] }.into())
}

fn integration() -> Integration {
    Integration::builder("app").wire(Wire::OpenApi).auth::<Auth>().register(ListAccounts, list).build()
}

/// Any of two tokens, but not both, and a login only together with the second.
#[derive(Credentials)]
#[credentials(allowed("first"), allowed("second"), allowed("second", "login"))]
struct Either {
    first: Option<TokenCredentials>,
    second: Option<TokenCredentials>,
    login: Option<BasicCredentials>,
}

fn either() -> Integration {
    let list = |request: Request<ListAccountsRequest, Either>| async move {
        let Either { first, second, login } = request.auth;
        let found =
            [first.map(|token| token.token), second.map(|token| token.token), login.map(|it| it.password)];
        let shown: Vec<String> = found
            .into_iter()
            .map(|secret| secret.map_or("-".to_owned(), |secret| secret.expose().clone()))
            .collect();
        let account = FoundAccountData { username: Some(shown.join(" ")), ..FoundAccountData::new("1") };
        Ok(Response::new(ListAccountsResponse { accounts: vec![account] }))
    };
    Integration::builder("app").wire(Wire::OpenApi).auth::<Either>().register(ListAccounts, list).build()
}

/// What the handler got, or the error message.
fn outcome(integration: &Integration, sections: &Value) -> String {
    let mut request = sections.clone();
    request["request"] = json!({});
    let answer = ask(integration, "list_accounts", &request.to_string());
    let shown = if answer["is_error"] == true {
        assert_eq!(answer["error"]["error_code"], "bad_request");
        &answer["error"]["message"]
    } else {
        &answer["response"][0]["username"]
    };
    shown.as_str().unwrap_or_default().to_owned()
}

fn token(id: &str, token: &str) -> Value {
    json!({ "id": id, "token": { "token": token } })
}

#[test]
fn each_credential_is_found_by_its_id() {
    let login = json!({ "id": "own", "basic": { "tenant": "acme", "pin": "1" } });
    let audit = json!({ "id": "audit", "oauth": { "access_token": "a" } });
    for (sections, shown) in [
        (json!({ "credentials": [token("api", "t")] }), "t - - false"),
        (json!({ "credentials": [audit, token("api", "t"), login] }), "t a acme/1 false"),
        (json!({ "credentials": [{ "id": "host" }, token("api", "t")], "auth": null }), "t - - true"),
        (json!({ "credentials": [{ "id": "host", "empty": {} }, token("api", "t")] }), "t - - true"),
        // An optional credential without any fields is missing.
        (json!({ "credentials": [{ "id": "audit", "oauth": null }, token("api", "t")] }), "t - - false"),
        // Other kinds are ignored.
        (
            json!({ "credentials": [{ "id": "api", "token": { "token": "t" }, "jwt": {}, "basic": null }] }),
            "t - - false",
        ),
    ] {
        assert_eq!(outcome(&integration(), &sections), shown, "{sections}");
    }
}

#[test]
fn auth_can_carry_a_single_credential() {
    for (auth, shown) in [
        (token("api", "t"), "t - - false"),
        (json!({ "token": { "token": "t" } }), "t - - false"),
        (json!({ "oauth": { "access_token": "a" } }), "credentials: the credential \"api\" is required"),
        (token("apis", "t"), "auth.id: unknown ID, expected \"api\", \"audit\", \"own\" or \"host\""),
        (json!({ "jwt": {} }), "auth: expected \"basic\", \"oauth\", \"token\" or \"empty\""),
        (json!({ "token": { "token": 7 } }), "auth.token.token: expected a string, found a number"),
        (json!({ "token": { "token": "t\n" } }), "auth.token.token: must not begin or end with white space"),
        (json!(7), "auth: expected an object, found a number"),
    ] {
        assert_eq!(outcome(&integration(), &json!({ "auth": auth })), shown, "{auth}");
    }
    // Two credentials are tokens, so that only an ID tells them apart.
    assert_eq!(outcome(&either(), &json!({ "auth": { "token": { "token": "t" } } })), "auth.id is required");
    assert_eq!(outcome(&either(), &json!({ "auth": token("second", "t") })), "- t -");
    assert_eq!(
        outcome(&either(), &json!({ "auth": { "jwt": {} } })),
        "auth: expected \"basic\" or \"token\""
    );
}

#[test]
fn errors_name_the_path() {
    let api = token("api", "t");
    for (credentials, expected) in [
        (json!([]), "credentials: the credential \"api\" is required"),
        (json!([{ "id": "host" }]), "credentials: the credential \"api\" is required"),
        (json!([{ "id": "api" }]), "credentials: the credential \"api\" is required"),
        (json!({}), "credentials: expected an array, found an object"),
        (json!([7]), "credentials[0]: expected an object, found a number"),
        (json!([{ "token": { "token": "t" } }]), "credentials[0].id is required"),
        (json!([{ "id": "", "token": { "token": "t" } }]), "credentials[0].id is required"),
        (json!([{ "id": 7 }]), "credentials[0].id: expected a string, found a number"),
        (
            json!([api, token("apis", "t")]),
            "credentials[1].id: unknown ID, expected \"api\", \"audit\", \"own\" or \"host\"",
        ),
        (json!([api, api]), "credentials[1].id: two credentials have this ID"),
        (json!([{ "id": "api" }, api]), "credentials[1].id: two credentials have this ID"),
        (
            json!([{ "id": "api", "basic": { "username": "u", "password": "p" } }]),
            "credentials[0]: expected \"token\", found \"basic\"",
        ),
        (json!([api, { "id": "host", "jwt": {} }]), "credentials[1]: expected \"empty\", found \"jwt\""),
        (json!([{ "id": "api", "token": {} }]), "credentials[0].token.token is required"),
        (json!([{ "id": "api", "token": [] }]), "credentials[0].token: expected an object, found an array"),
        (
            json!([{ "id": "api", "token": { "token": "t" }, "jwt": 7 }]),
            "credentials[0].jwt: expected an object, found a number",
        ),
        (
            json!([api, { "id": "own", "basic": { "username": "u", "password": "p" } }]),
            "credentials[1].basic.tenant is required",
        ),
        (json!([token("api", " t")]), "credentials[0].token.token: must not begin or end with white space"),
        (
            json!([api, { "id": "own", "basic": { "tenant": "a ", "pin": "1" } }]),
            "credentials[1].basic.tenant: must not begin or end with white space",
        ),
    ] {
        assert_eq!(
            outcome(&integration(), &json!({ "credentials": credentials })),
            expected,
            "{credentials}"
        );
    }
    let both = json!({ "auth": api, "credentials": [api] });
    assert_eq!(outcome(&integration(), &both), "auth: expected either auth or credentials, not both");
    assert_eq!(outcome(&integration(), &json!({})), "credentials: the credential \"api\" is required");
}

#[test]
fn only_allowed_combinations_are_accepted() {
    let login = json!({ "id": "login", "basic": { "username": "u", "password": "p" } });
    let allowed = "expected \"first\", or \"second\", or \"second\" and \"login\"";
    for (credentials, expected) in [
        (json!([token("first", "1")]), "1 - -".to_owned()),
        (json!([token("second", "2")]), "- 2 -".to_owned()),
        (json!([login, token("second", "2")]), "- 2 p".to_owned()),
        (json!([]), format!("credentials: {allowed}")),
        (json!([login]), format!("credentials: {allowed}")),
        (
            json!([token("first", "1"), token("second", "2")]),
            format!("credentials: this combination is not allowed, {allowed}"),
        ),
    ] {
        assert_eq!(outcome(&either(), &json!({ "credentials": credentials })), expected, "{credentials}");
    }
}

#[test]
fn one_optional_credential_is_required() {
    #[derive(Credentials)]
    struct Optional {
        one: Option<TokenCredentials>,
        two: Option<BasicCredentials>,
    }
    let list = |request: Request<ListAccountsRequest, Optional>| async move {
        assert!(request.auth.one.is_some() || request.auth.two.is_some());
        Ok(Response::new(ListAccountsResponse::default()))
    };
    let integration = Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<Optional>()
        .register(ListAccounts, list)
        .build();
    assert_eq!(outcome(&integration, &json!({})), "credentials: expected \"one\" or \"two\"");
    assert_eq!(outcome(&integration, &json!({ "credentials": [token("one", "t")] })), "");
}

/// An implementation by hand, with mistakes that the derive would report.
macro_rules! declared {
    ($type:ident, $declared:expr, $allowed:expr) => {
        struct $type;
        impl Credentials for $type {
            const DECLARED: &'static [DeclaredCredential] = $declared;
            const ALLOWED: &'static [&'static [&'static str]] = $allowed;

            fn read(_: &FoundCredentials<'_>) -> Result<Self, InvalidCredentials> {
                Ok(Self)
            }
        }
    };
}

const A: DeclaredCredential = DeclaredCredential::new::<TokenCredentials>("a");
const B: DeclaredCredential = DeclaredCredential::new::<TokenCredentials>("b").optional();
declared!(Twice, &[A, B, A], &[]);
declared!(Nameless, &[DeclaredCredential::new::<TokenCredentials>("")], &[]);
declared!(Spaced, &[DeclaredCredential::new::<TokenCredentials>(" a")], &[]);
declared!(Nothing, &[], &[]);
declared!(Unknown, &[A], &[&["a", "c"]]);
declared!(Repeated, &[A], &[&["a", "a"]]);
declared!(NoneAllowed, &[B], &[&[]]);
declared!(Omitted, &[A, B], &[&["b"]]);

#[test]
fn mistakes_in_declarations_are_found_when_the_integration_is_built() {
    let builder = || Integration::builder("app").wire(Wire::OpenApi);
    let spaces = "the ID of a credential is empty or has white space around it";
    for (built, expected) in [
        (builder().auth::<Twice>().try_build(), "two credentials have the ID \"a\""),
        (builder().auth::<Nameless>().try_build(), spaces),
        (builder().auth::<Spaced>().try_build(), spaces),
        (builder().auth::<Nothing>().try_build(), "no credential is declared; omit `.auth`"),
        (
            builder().auth::<Unknown>().try_build(),
            "`allowed` names \"c\", which is not the ID of a credential",
        ),
        (builder().auth::<Repeated>().try_build(), "`allowed` names \"a\" twice"),
        (builder().auth::<NoneAllowed>().try_build(), "`allowed` names no credential"),
        (
            builder().auth::<Omitted>().try_build(),
            "`allowed` omits \"a\", which is required: make it an `Option`",
        ),
    ] {
        assert_eq!(built.unwrap_err(), BuildError::InvalidCredentials(expected.to_owned()));
    }
}

#[test]
fn classic_carries_one_credential_by_its_kind() {
    #[derive(Credentials)]
    struct Carried {
        login: Option<BasicCredentials>,
        session: Option<OAuthCredentials>,
        first: Option<TokenCredentials>,
    }
    let list = |request: Request<ListAccountsRequest, Carried>| async move {
        let Carried { login, session, first } = request.auth;
        let shown = format!("{} {} {}", login.is_some(), session.is_some(), first.is_some());
        let account = FoundAccountData { username: Some(shown), ..FoundAccountData::new("1") };
        Ok(Response::new(ListAccountsResponse { accounts: vec![account] }))
    };
    let integration = Integration::builder("app").auth::<Carried>().register(ListAccounts, list).build();
    let list =
        |auth: Value| ask(&integration, "list-accounts", &json!({ "auth": auth, "request": {} }).to_string());
    let login = list(json!({ "model": "basic", "username": "u", "password": "p" }));
    assert_eq!(login["response"]["accounts"][0]["username"], "true false false");
    let session = list(json!({ "model": "oauth", "access_token": "a" }));
    assert_eq!(session["response"]["accounts"][0]["username"], "false true false");
    let wrong = list(json!({ "model": "token", "token": "t" }));
    assert_eq!(wrong["error"]["message"], "auth.model: unknown value, expected \"basic\" or \"oauth\"");
}

#[test]
fn credentials_that_classic_cannot_carry_are_rejected_when_built() {
    #[derive(Credentials)]
    struct Both {
        #[expect(dead_code, reason = "only declared")]
        one: BasicCredentials,
        #[expect(dead_code, reason = "only declared")]
        two: OAuthCredentials,
    }
    let cannot = BuildError::CredentialsNotCarried(Wire::Classic);
    assert_eq!(Integration::builder("app").auth::<Both>().try_build().unwrap_err(), cannot);
    assert_eq!(Integration::builder("app").auth::<Auth>().try_build().unwrap_err(), cannot);
    // Two tokens and a login that isn't allowed alone.
    assert_eq!(Integration::builder("app").auth::<Either>().try_build().unwrap_err(), cannot);
    // Nothing tells which of the two a request carries.
    #[derive(Credentials)]
    struct Same {
        #[expect(dead_code, reason = "only declared")]
        one: Option<BasicCredentials>,
        #[expect(dead_code, reason = "only declared")]
        two: Option<BasicCredentials>,
    }
    assert_eq!(Integration::builder("app").auth::<Same>().try_build().unwrap_err(), cannot);
    assert_eq!(integration().with_wire(Wire::Classic).unwrap_err(), cannot);
}

#[test]
fn info_describes_each_credential() {
    let info = ask(&integration(), "info", "");
    assert_eq!(info["response"]["authentication_schema"], json!({}));
    let credentials = info["response"]["credentials_schema"].as_array().unwrap();
    let facts: Vec<Value> = credentials
        .iter()
        .map(|schema| {
            json!([
                schema["id"],
                schema["x-credential-type"],
                schema["x-credential-name"],
                schema["x-optional"],
                schema["description"],
                schema["field_order"],
            ])
        })
        .collect();
    assert_eq!(
        facts,
        [
            json!([
                "api",
                "token",
                "API token",
                false,
                "Calls the API.\n\nCreate one in *Settings*.",
                ["token"]
            ]),
            json!(["audit", "oauth", null, true, "", ["access_token", "refresh_token", "scope"]]),
            json!(["own", "basic", null, true, "", ["tenant", "pin"]]),
            json!(["host", "empty", null, true, "", []]),
        ]
    );
    assert_eq!(credentials[2]["properties"]["pin"]["x-secret"], true);
    let single = Integration::builder("app").auth::<BasicCredentials>().wire(Wire::OpenApi).build();
    let info = ask(&single, "info", "");
    assert_eq!(info["response"]["authentication_schema"]["field_order"], json!(["username", "password"]));
    assert_eq!(info["response"]["credentials_schema"], json!([]));
}

#[test]
fn the_openapi_document_describes_credentials() {
    let document = either().openapi_document();
    let body = &document["paths"]["/list_accounts"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(body["example"]["credentials"], json!([{ "id": "first", "token": { "token": "<token>" } }]));
    assert_eq!(body["schema"]["required"], json!(["request", "credentials"]));
    let items = &body["schema"]["properties"]["credentials"]["items"];
    let auth = &document["components"]["schemas"]["Auth"];
    assert_eq!(items["$ref"], "#/components/schemas/Auth");
    let ids: Vec<&Value> =
        auth["oneOf"].as_array().unwrap().iter().map(|one| &one["properties"]["id"]["const"]).collect();
    assert_eq!(ids, ["first", "second", "login"]);
}

#[test]
fn the_openapi_document_allows_what_is_accepted() {
    let validator = |integration: &Integration| {
        let mut document = integration.openapi_document();
        document["$ref"] = "#/paths/~1list_accounts/post/requestBody/content/application~1json/schema".into();
        jsonschema::draft202012::new(&document).unwrap()
    };
    let login = json!({ "id": "login", "basic": { "username": "u", "password": "p" } });
    let (first, second) = (token("first", "1"), token("second", "2"));
    let combinations = validator(&either());
    for (credentials, is_valid) in [
        (json!([first]), true),
        (json!([login, second]), true),
        (json!([login]), false),
        (json!([first, second]), false),
        (json!([]), false),
        (json!([{ "id": "first", "basic": { "username": "u", "password": "p" } }]), false),
    ] {
        let request = json!({ "credentials": credentials, "request": {} });
        assert_eq!(combinations.is_valid(&request), is_valid, "{credentials}");
        let is_accepted = ask(&either(), "list_accounts", &request.to_string())["response"].is_array();
        assert_eq!(is_accepted, is_valid, "{credentials}");
    }
    let required = validator(&integration());
    assert!(required.is_valid(&json!({ "credentials": [token("api", "t")], "request": {} })));
    for wrong in [json!([{ "id": "host", "empty": {} }]), json!([token("apis", "t")]), Value::Null] {
        assert!(!required.is_valid(&json!({ "credentials": wrong, "request": {} })), "{wrong}");
    }
}

/// A user has never seen a rejection of these: they were stored by a caller that didn't check them.
#[test]
fn credentials_without_ids_may_have_white_space_around_them() {
    let integration = Integration::builder("app")
        .wire(Wire::OpenApi)
        .auth::<TokenCredentials>()
        .register(
            ListAccounts,
            |request: connector::Request<ListAccountsRequest, NoSettings, TokenCredentials>| async move {
                assert_eq!(request.auth.token.expose(), " t\n");
                Ok(ListAccountsResponse::default().into())
            },
        )
        .build();
    let request = json!({ "auth": { "token": { "token": " t\n" } }, "request": {} }).to_string();
    assert_eq!(ask(&integration, "list_accounts", &request)["response"], json!([]));
}
