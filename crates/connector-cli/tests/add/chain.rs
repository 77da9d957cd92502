//! Connectors with calls of a builder.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{NEW, add, connector_with, files};

#[test]
fn a_scaffolded_connector_gets_a_handler_a_registration_and_a_case() {
    let folder = connector_with(NEW);
    let (status, stdout, errors) = add(&folder, "create-account");
    assert_eq!(status, Some(0), "{errors}");
    for path in ["src/write.rs", "src/write/create_account.rs", "tests/cases/create_account.json"] {
        assert!(stdout.contains(&format!("wrote acme/{path}")) || stdout.contains(path), "{stdout}");
    }
    let files = files(&folder);
    let old: BTreeMap<&str, &str> = NEW.iter().copied().collect();
    assert_eq!(
        files["src/integration.rs"],
        old["src/integration.rs"]
            .replace("capability::ListAccounts;", "capability::{CreateAccount, ListAccounts};")
            .replace("{Settings, read}", "{Settings, read, write}")
            .replace(
                "// all of them\n",
                "// all of them\n        .register(CreateAccount, write::create_account)\n"
            )
    );
    assert_eq!(files["src/lib.rs"], old["src/lib.rs"].replace("mod read;\n", "mod read;\nmod write;\n"));
    assert_eq!(
        files["src/write.rs"],
        "//! Capabilities that change the upstream, one per file.\n\nmod create_account;\n\n\
         pub(crate) use create_account::create_account;\n"
    );
    assert_eq!(
        files["src/write/create_account.rs"],
        "//! Creates an account.\n\n\
         use connector::capability::{CreateAccountRequest, CreateAccountResponse};\n\
         use connector::{ConnectorError, Response, Result};\n\n\
         use crate::Request;\n\n\
         pub(crate) async fn create_account(\n    _request: Request<CreateAccountRequest>,\n) -> \
         Result<Response<CreateAccountResponse>> {\n    \
         let message = \"create_account is not implemented yet\";\n    \
         Err(ConnectorError::not_implemented(message).into())\n}\n"
    );
    let case: serde_json::Value = serde_json::from_str(&files["tests/cases/create_account.json"]).unwrap();
    assert_eq!(case["capability"], "create_account");
    assert_eq!(case["cases"][0]["request"]["account"]["username"], "ada");
    assert_eq!(case["cases"][0]["expect"]["error"]["code"], "not_implemented");
}

#[test]
fn a_member_of_a_workspace_is_checked_there() {
    let folder = connector_with(NEW);
    for member in ["acme", "sdk", "macros"] {
        let manifest = folder.path().join(member).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap().replace("[workspace]\n", "");
        fs::write(manifest, text).unwrap();
    }
    let root = "[workspace]\nresolver = \"3\"\nmembers = [\"acme\", \"sdk\", \"macros\"]\n";
    fs::write(folder.path().join("Cargo.toml"), root).unwrap();
    let (status, stdout, errors) = add(&folder, "create-account");
    assert_eq!(status, Some(0), "{errors}");
    assert!(stdout.contains("src/write/create_account.rs"), "{stdout}");
    assert!(folder.path().join("Cargo.lock").exists() && !folder.path().join("acme/Cargo.lock").exists());
}

#[test]
fn new_handlers_follow_the_existing_ones() {
    let folder = connector_with(&[
        (
            "src/lib.rs",
            "mod capabilities;\nmod integration;\nmod write;\n\npub use integration::integration;\n",
        ),
        (
            "src/integration.rs",
            "use connector::Integration;\nuse connector::capability::ListAccounts;\n\nuse crate::capabilities::accounts;\n\n\
             pub fn integration() -> Integration {\n    Integration::builder(\"acme\")\n        \
             .register_blocking(ListAccounts, accounts::list_accounts)\n        .build()\n}\n",
        ),
        // This module has no handlers.
        ("src/write.rs", ""),
        ("src/capabilities.rs", "//! The handlers.\n\npub(crate) mod accounts;\n"),
        (
            "src/capabilities/accounts.rs",
            "use connector::capability::{ListAccountsRequest, ListAccountsResponse};\n\
             use connector::{Request, Response, Result};\n\npub(crate) fn list_accounts(\n    \
             _request: Request<ListAccountsRequest>,\n) -> Result<Response<ListAccountsResponse>> {\n    \
             Ok(Response(ListAccountsResponse))\n}\n",
        ),
    ]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    let files = files(&folder);
    assert!(
        files["src/capabilities.rs"].ends_with("pub(crate) mod accounts;\npub(crate) mod create_account;\n")
    );
    assert!(files["src/capabilities/create_account.rs"].contains("pub(crate) fn create_account("));
    let integration = &files["src/integration.rs"];
    assert!(integration.contains("use crate::capabilities::{accounts, create_account};\n"), "{integration}");
    let call = "\n        .register_blocking(CreateAccount, create_account::create_account)\n";
    assert!(integration.contains(call), "{integration}");
}

#[test]
fn a_connector_in_one_file_gets_a_module_with_a_test() {
    let main = "use connector::Integration;\nuse connector::model::BasicCredentials;\n\nmod own {\n    \
                pub struct Settings;\n}\n\nfn integration() -> Integration {\n    \
                Integration::builder(\"acme\").settings::<own::Settings>().auth::<BasicCredentials>().build()\n}\n\n\
                fn main() {\n    integration();\n}\n";
    let folder = connector_with(&[("src/main.rs", main)]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    let files = files(&folder);
    assert!(
        files["src/main.rs"].contains(".register(CreateAccount, create_account::create_account).build()")
    );
    assert!(files["src/main.rs"].contains("mod create_account;"));
    let handler = &files["src/create_account.rs"];
    let request =
        "_request: Request<CreateAccountRequest, crate::own::Settings, connector::model::BasicCredentials>";
    assert!(handler.contains(request), "{handler}");
    assert!(handler.contains("crate::integration().dispatch_blocking(\"create_account\""), "{handler}");
    assert!(handler.contains("\"settings\": {}") && handler.contains("\"model\": \"basic\""), "{handler}");
}

#[test]
fn a_connector_in_openapi_gets_the_capabilities_of_that_format() {
    let main = "use connector::model::TokenCredentials;\nuse connector::{Integration, Wire};\n\n\
                fn integration() -> Integration {\n    Integration::builder(\"acme\")\n        \
                .wire(Wire::OpenApi)\n        .auth::<TokenCredentials>()\n        .build()\n}\n\n\
                fn main() {\n    integration();\n}\n";
    let folder = connector_with(&[("src/main.rs", main)]);
    let (status, _, errors) = add(&folder, "get-account");
    assert_eq!(status, Some(0), "{errors}");
    let files = files(&folder);
    assert!(files["src/main.rs"].contains(".register(GetAccount, get_account::get_account)\n"), "{files:?}");
    let handler = &files["src/get_account.rs"];
    assert!(
        handler.contains("use connector::capability::{GetAccountRequest, GetAccountResponse};"),
        "{handler}"
    );
    assert!(handler.contains("Result<Response<GetAccountResponse>>"), "{handler}");
    let (_, request) = handler.split_once("const REQUEST: &str = r#\"").expect("a request");
    let (request, _) = request.split_once("\"#;").expect("its end");
    let request: serde_json::Value = serde_json::from_str(request).unwrap();
    assert_eq!(request["auth"], serde_json::json!({ "token": { "token": "<token>" } }));
    assert!(request["request"]["account_id"].is_string(), "{request}");
}

#[test]
fn handlers_take_no_credentials_that_requests_do_not_carry() {
    let main = "use connector::Integration;\nuse connector::model::BasicCredentials;\n\n\
                pub struct Settings;\npub type Request<P> = connector::Request<P, Settings, BasicCredentials>;\n\n\
                fn integration() -> Integration {\n    \
                Integration::builder(\"acme\").settings::<Settings>().auth::<BasicCredentials>().build()\n}\n\n\
                fn main() {\n    integration();\n}\n";
    for (capability, expected) in [
        ("create_account", "_request: Request<CreateAccountRequest>,"),
        ("get_authorization_url", "_request: Request<GetAuthorizationUrlRequest, crate::Settings>,"),
    ] {
        let folder = connector_with(&[("src/main.rs", main)]);
        let (status, _, errors) = add(&folder, capability);
        assert_eq!(status, Some(0), "{errors}");
        let handler = &files(&folder)[&format!("src/{capability}.rs")];
        assert!(handler.contains(expected), "{handler}");
    }
}
