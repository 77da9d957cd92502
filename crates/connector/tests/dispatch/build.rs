//! Mistakes that are found when an integration is built.

use connector::capability::{
    CustomCapability, Effect, ListAccounts, ListAccountsRequest, ListAccountsResponse,
};
use connector::model::TokenCredentials;
use connector::{BuildError, Integration, NoSettings, Response, Wire};

use crate::support::{Request, builder};

async fn list(_: Request<ListAccountsRequest>) -> connector::Result<Response<ListAccountsResponse>> {
    Ok(ListAccountsResponse::default().into())
}

macro_rules! custom {
    ($type:ident, $name:literal) => {
        struct $type;
        impl CustomCapability for $type {
            type Request = NoSettings;
            type Response = bool;
            const NAME: &'static str = $name;
            const EFFECT: Effect = Effect::Read;
            const SUMMARY: &'static str = "Tests a name";
        }
    };
}

custom!(Hyphens, "rotate-badge");
custom!(Standard, "list_accounts");
custom!(Later, "list_connector_app_ids");
custom!(Route, "livez");

async fn custom(_: Request<NoSettings>) -> connector::Result<Response<bool>> {
    Ok(true.into())
}

#[test]
fn the_app_id_is_trimmed_and_must_not_be_empty() {
    assert_eq!(Integration::builder(" github\n").build().app_id(), "github");
    assert_eq!(Integration::builder("  ").try_build().unwrap_err(), BuildError::EmptyAppId);
}

#[test]
fn the_app_id_is_valid_in_error_codes_and_paths() {
    assert_eq!(Integration::builder("Git_hub-2").build().app_id(), "Git_hub-2");
    for id in ["git.hub", "git hub", "git/hub", "git\u{0}hub", "gíthub"] {
        let rejected = Integration::builder(id).try_build().unwrap_err();
        assert_eq!(rejected, BuildError::InvalidAppId(id.to_owned()));
    }
}

#[test]
fn a_capability_cannot_be_registered_twice() {
    let built = builder().register(ListAccounts, list).register(ListAccounts, list).try_build();
    assert_eq!(built.unwrap_err(), BuildError::DuplicateCapability("list_accounts".to_owned()));
}

#[test]
fn names_of_custom_capabilities_are_checked() {
    let built = builder().register_custom(Hyphens, custom).try_build();
    assert_eq!(built.unwrap_err(), BuildError::InvalidName("rotate-badge".to_owned()));
    for built in [
        builder().register_custom(Standard, custom).try_build(),
        builder().register_custom(Later, custom).try_build(),
        builder().register_custom(Route, custom).try_build(),
    ] {
        assert!(matches!(built.unwrap_err(), BuildError::ReservedName(_)));
    }
}

#[test]
fn unsupported_credentials_are_rejected_in_classic() {
    let builder = || Integration::builder("app").auth::<TokenCredentials>();
    let unknown = BuildError::UnsupportedCredentials { wire: Wire::Classic, kind: "Token".to_owned() };
    assert_eq!(builder().try_build().unwrap_err(), unknown);
    let openapi = builder().wire(Wire::OpenApi).build();
    assert_eq!(openapi.with_wire(Wire::Classic).unwrap_err(), unknown);
}

#[test]
fn late_declarations_are_reported_with_their_line() {
    let registered = || builder().register(ListAccounts, list);
    let late = [
        ("auth", line!(), registered().auth::<TokenCredentials>().try_build()),
        ("settings", line!(), registered().settings::<NoSettings>().try_build()),
        ("state", line!(), registered().state(1).try_build()),
    ];
    for (method, line, built) in late {
        let error = built.unwrap_err();
        assert!(matches!(error, BuildError::DeclaredLate { .. }));
        let place = format!("`.{method}` at {}:{line}:", file!());
        assert!(error.to_string().starts_with(&place), "{error}");
    }
}

#[test]
fn settings_must_be_an_object() {
    let built = Integration::builder("app").settings::<Vec<String>>().try_build();
    assert_eq!(built.unwrap_err(), BuildError::SettingsNotAnObject);
}

#[test]
#[should_panic(expected = "cannot build the integration: the app id is empty")]
fn build_panics_with_the_error() {
    let _ = Integration::builder("").build();
}

#[test]
fn closure_types_are_inferred_from_the_declarations() {
    let built = builder()
        .state(7_usize)
        .register(ListAccounts, |request: connector::Request<ListAccountsRequest, _, _, _>| async move {
            let size = request.auth.username.len() + *request.state;
            Ok(ListAccountsResponse { accounts: Vec::with_capacity(size) }.into())
        })
        .try_build();
    assert_eq!(built.unwrap().capabilities().count(), 1);
}
