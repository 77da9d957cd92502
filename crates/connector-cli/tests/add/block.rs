//! Class-style connectors.

use crate::support::{CLASS_STYLE, add, connector_with, files};

#[test]
fn a_class_style_connector_gets_a_method_and_its_test() {
    let folder = connector_with(&[("src/lib.rs", CLASS_STYLE)]);
    let (status, stdout, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    assert!(
        stdout.starts_with("changed ") && stdout.contains("acme/src/lib.rs\ncreate_account returns"),
        "{stdout}"
    );
    let files = files(&folder);
    assert_eq!(files.len(), 3, "{files:?}");
    let (text, test) = files["src/lib.rs"].split_once("\n#[cfg(test)]\n").expect("a test");
    assert_eq!(
        text,
        CLASS_STYLE
            .replace(
                "{ListAccountsRequest, ListAccountsResponse}",
                "{\n    CreateAccountRequest, CreateAccountResponse, ListAccountsRequest, ListAccountsResponse,\n}"
            )
            .replace("{Integration, ", "{ConnectorError, Integration, ")
            .replace(
                "    } // for now\n",
                "    } // for now\n\n    /// Creates an account.\n    async fn create_account(\n        &self,\n        \
                 _request: Request<CreateAccountRequest>,\n    ) -> Result<Response<CreateAccountResponse>> {\n        \
                 let message = \"create_account is not implemented yet\";\n        \
                 Err(ConnectorError::not_implemented(message).into())\n    }\n"
            )
    );
    assert!(test.starts_with("mod create_account_tests {\n"), "{test}");
    assert!(test.contains("crate::integration().dispatch_blocking(\"create_account\""), "{test}");
    assert!(test.contains("\"settings\": {}") && test.contains("\"model\": \"basic\""), "{test}");
}

#[test]
fn new_methods_follow_the_last_one_and_get_a_case() {
    let text = CLASS_STYLE
        .replace("    async fn list_accounts", "    pub fn list_accounts")
        .replace("_: Request<ListAccountsRequest>", "_: connector::Request<ListAccountsRequest, Settings>");
    let folder = connector_with(&[("src/lib.rs", &text), ("tests/cases/list_accounts.json", "{}")]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    let files = files(&folder);
    let added = "    pub fn create_account(\n        &self,\n        \
                 _request: connector::Request<CreateAccountRequest, Settings>,\n    ) -> Result<";
    assert!(files["src/lib.rs"].contains(added), "{}", files["src/lib.rs"]);
    assert!(!files["src/lib.rs"].contains("cfg(test)"));
    assert!(files["tests/cases/create_account.json"].contains("not_implemented"));
}

#[test]
fn new_methods_take_credentials_even_after_one_whose_requests_carry_none() {
    let last = "    } // for now\n\n    async fn get_authorization_url(\n        &self,\n        \
                _: connector::Request<GetAuthorizationUrlRequest, Settings, connector::NoAuth>,\n    \
                ) -> Result<Response<GetAuthorizationUrlResponse>> {\n        \
                Ok(Response(GetAuthorizationUrlResponse))\n    }\n";
    let text = CLASS_STYLE.replace("    } // for now\n", last).replace(
        "{ListAccountsRequest, ",
        "{GetAuthorizationUrlRequest, GetAuthorizationUrlResponse, ListAccountsRequest, ",
    );
    let folder = connector_with(&[("src/lib.rs", &text)]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    let added = "_request: connector::Request<CreateAccountRequest, Settings, BasicCredentials>,";
    let text = &files(&folder)["src/lib.rs"];
    assert!(text.contains(added), "{text}");
}

#[test]
fn an_empty_block_gets_its_first_method() {
    let (begin, rest) = CLASS_STYLE.split_once("    // All").expect("methods");
    let (_, end) = rest.split_once("fn helper() {}\n").expect("more");
    let folder = connector_with(&[("src/lib.rs", &format!("{begin}{end}"))]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    let text = &files(&folder)["src/lib.rs"];
    let request = "_request: connector::Request<CreateAccountRequest, Settings, BasicCredentials>";
    assert!(text.contains(request) && text.contains("connector::Result<connector::Response<"), "{text}");
}

#[test]
fn registered_capabilities_of_a_block_change_nothing() {
    for (capability, text, line) in [
        ("list_accounts", CLASS_STYLE.to_owned(), 18),
        ("create_account", CLASS_STYLE.replace("    /// Helps.", "    #[capability(CreateAccount)]"), 26),
        ("create_account", CLASS_STYLE.replace(").build", ").register(CreateAccount, f).build"), 32),
    ] {
        let folder = connector_with(&[("src/lib.rs", &text)]);
        let before = files(&folder);
        let (status, _, errors) = add(&folder, capability);
        assert_eq!(status, Some(1), "{errors}");
        let place = format!("acme/src/lib.rs:{line}\n");
        assert!(errors.contains("is already registered") && errors.contains(&place), "{errors}");
        assert_eq!(files(&folder), before);
    }
}

#[test]
fn a_class_style_connector_in_openapi_gets_the_capabilities_of_that_format() {
    let text = CLASS_STYLE
        .replace("{Integration, ", "{Integration, Wire, ")
        .replace(".build()", ".wire(Wire::OpenApi).build()");
    let folder = connector_with(&[("src/lib.rs", &text)]);
    let (status, _, errors) = add(&folder, "get_account");
    assert_eq!(status, Some(0), "{errors}");
    let text = &files(&folder)["src/lib.rs"];
    assert!(text.contains("    async fn get_account(\n"), "{text}");
    assert!(text.contains("Request<GetAccountRequest>") && text.contains("Response<GetAccountResponse>"));
    assert!(text.contains("\"basic\": {") && !text.contains("\"model\""), "{text}");
}
