//! `connector add`, on connectors to a library that stands in for the SDK: it compiles at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// As much of the SDK as a connector needs to compile. It lacks `DeleteAccount`.
const SDK: &str = r#"
pub use macros::capabilities;
pub type Result<T> = std::result::Result<T, Error>;
pub struct Error;
pub struct ConnectorError;
pub enum ErrorCode { NotImplemented }
pub struct Response<T>(pub T);
pub struct NoSettings;
pub struct NoAuth;
pub struct Request<P, S = NoSettings, A = NoAuth, State = ()>(pub P, pub S, pub A, pub State);
pub struct Integration;
pub struct Builder<S, A, State = ()>(std::marker::PhantomData<(S, A, State)>);
pub mod capability {
    pub struct ListAccounts; pub struct ListAccountsRequest; pub struct ListAccountsResponse;
    pub struct CreateAccount; pub struct CreateAccountRequest; pub struct CreateAccountResponse;
}
pub mod model { pub struct BasicCredentials; }
impl ConnectorError { pub fn new(_: &str, _: ErrorCode) -> Self { Self } }
impl From<ConnectorError> for Error { fn from(_: ConnectorError) -> Self { Self } }
impl Integration {
    pub fn builder(_: &str) -> Builder<NoSettings, NoAuth> { Builder(std::marker::PhantomData) }
    pub fn dispatch_blocking(&self, _: &str, _: &[u8]) -> Vec<u8> { Vec::new() }
}
impl<S, A, State> Builder<S, A, State> {
    pub fn settings<T>(self) -> Builder<T, A, State> { Builder(std::marker::PhantomData) }
    pub fn auth<T>(self) -> Builder<S, T, State> { Builder(std::marker::PhantomData) }
    pub fn state<T>(self, _: T) -> Builder<S, A, T> { Builder(std::marker::PhantomData) }
    pub fn register<C, P, R, F, Fut>(self, _: C, _: F) -> Self
    where F: Fn(Request<P, S, A, State>) -> Fut, Fut: Future<Output = Result<Response<R>>> { self }
    pub fn register_blocking<C, P, R, F>(self, _: C, _: F) -> Self
    where F: Fn(Request<P, S, A, State>) -> Result<Response<R>> { self }
    pub fn build(self) -> Integration { Integration }
}
"#;

/// As much of its attribute: the method that begins the integration.
const MACROS: &str = r#"
use proc_macro::TokenStream;
#[proc_macro_attribute]
pub fn capabilities(_: TokenStream, block: TokenStream) -> TokenStream {
    let name = block.clone().into_iter().nth(1).unwrap();
    let method = "fn into_builder(self, id: &str) -> ::connector::Builder<::connector::NoSettings, ::connector::NoAuth> \
                  { ::connector::Integration::builder(id) }";
    let written: TokenStream = format!("impl {name} {{ {method} }}").parse().unwrap();
    block.into_iter().chain(written).collect()
}
"#;

/// What a new connector looks like.
const NEW: &[(&str, &str)] = &[
    (
        "src/lib.rs",
        "//! A connector.\n\nmod integration;\nmod read;\n\npub use integration::integration;\n\n\
         /// What a tenant sets.\npub struct Settings;\n\n/// What every handler gets.\n\
         type Request<P> = connector::Request<P, Settings>;\n",
    ),
    (
        "src/integration.rs",
        "//! The connector as a whole.\n\nuse connector::Integration;\nuse connector::capability::ListAccounts;\n\n\
         use crate::{Settings, read};\n\n/// The connector.\n#[must_use]\npub fn integration() -> Integration {\n    \
         Integration::builder(\"acme\")\n        // What a tenant sets.\n        .settings::<Settings>()\n        \
         .register(ListAccounts, read::list_accounts) // all of them\n        .build()\n}\n",
    ),
    ("src/read.rs", "//! Reads.\n\nmod list_accounts;\n\npub(crate) use list_accounts::list_accounts;\n"),
    (
        "src/read/list_accounts.rs",
        "use connector::capability::{ListAccountsRequest, ListAccountsResponse};\nuse connector::{Response, Result};\n\n\
         use crate::Request;\n\npub(crate) async fn list_accounts(\n    _request: Request<ListAccountsRequest>,\n) -> \
         Result<Response<ListAccountsResponse>> {\n    Ok(Response(ListAccountsResponse))\n}\n",
    ),
    ("tests/cases/list_accounts.json", "{}"),
];

/// A connector whose methods are its capabilities.
const CLASS_STYLE: &str = "\
//! A connector.

use connector::capability::{ListAccountsRequest, ListAccountsResponse};
use connector::model::BasicCredentials;
use connector::{Integration, Response, Result};

/// What a tenant sets.
pub struct Settings;

/// What every method gets.
type Request<P> = connector::Request<P, Settings, BasicCredentials>;

struct Hub;

#[connector::capabilities(auth = BasicCredentials, settings = Settings, on_error(E, handler(1, 2)))]
impl Hub {
    // All of them.
    async fn list_accounts(
        &self,
        _: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>> {
        Ok(Response(ListAccountsResponse))
    } // for now

    /// Helps.
    fn helper() {}
}

/// The connector.
#[must_use]
pub fn integration() -> Integration {
    Hub.into_builder(\"hub\").build()
}
";

/// A connector and the SDK beside it.
fn connector_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n{rest}")
    };
    let dependency = "[dependencies]\nlumos-connector = { path = \"../sdk\" }\n";
    let acme: Vec<(String, &str)> =
        files.iter().map(|(path, text)| (format!("acme/{path}"), *text)).collect();
    let needs = "[dependencies]\nmacros = { path = \"../macros\" }\n[lib]\nname = \"connector\"\n";
    let (sdk, macros) =
        (manifest("lumos-connector", needs), manifest("macros", "[lib]\nproc-macro = true\n"));
    let own = manifest("acme", dependency);
    let rest = [
        ("macros/Cargo.toml", macros.as_str()),
        ("macros/src/lib.rs", MACROS),
        ("sdk/Cargo.toml", sdk.as_str()),
        ("sdk/src/lib.rs", SDK),
        ("acme/Cargo.toml", own.as_str()),
    ];
    for (path, text) in acme.iter().map(|(path, text)| (path.as_str(), *text)).chain(rest) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn add(folder: &TempDir, capability: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.args(["add", capability, "-d", "acme"]).current_dir(folder.path());
    command.env("CARGO_TARGET_DIR", folder.path().join("target")).env_remove("RUSTFLAGS");
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// All files of the connector.
fn files(folder: &TempDir) -> BTreeMap<String, String> {
    fn collect(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below").display().to_string();
            if path.is_dir() {
                files.insert(format!("{name}/"), String::new());
                collect(&path, root, files);
            } else if name != "Cargo.lock" {
                files.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    let (root, mut files) = (folder.path().join("acme"), BTreeMap::new());
    collect(&root, &root, &mut files);
    files
}

#[test]
fn a_new_connector_gets_a_handler_its_registration_and_a_case() {
    let folder = connector_with(NEW);
    let (status, told, errors) = add(&folder, "create-account");
    assert_eq!(status, Some(0), "{errors}");
    for path in ["src/write.rs", "src/write/create_account.rs", "tests/cases/create_account.json"] {
        assert!(told.contains(&format!("wrote acme/{path}")) || told.contains(path), "{told}");
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
        "//! The capabilities that change something in the upstream.\n\nmod create_account;\n\n\
         pub(crate) use create_account::create_account;\n"
    );
    assert_eq!(
        files["src/write/create_account.rs"],
        "//! Creates an account.\n\n\
         use connector::capability::{CreateAccountRequest, CreateAccountResponse};\n\
         use connector::{ConnectorError, ErrorCode, Response, Result};\n\n\
         use crate::Request;\n\n\
         pub(crate) async fn create_account(\n    _request: Request<CreateAccountRequest>,\n) -> \
         Result<Response<CreateAccountResponse>> {\n    \
         let message = \"create_account is not written yet\";\n    \
         Err(ConnectorError::new(message, ErrorCode::NotImplemented).into())\n}\n"
    );
    let case: serde_json::Value = serde_json::from_str(&files["tests/cases/create_account.json"]).unwrap();
    assert_eq!(case["capability"], "create_account");
    assert_eq!(case["cases"][0]["request"]["account"]["username"], "ada");
    assert_eq!(case["cases"][0]["expect"]["error"]["code"], "not_implemented");
}

#[test]
fn a_member_of_a_workspace_is_checked_in_it() {
    let folder = connector_with(NEW);
    for member in ["acme", "sdk", "macros"] {
        let manifest = folder.path().join(member).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap().replace("[workspace]\n", "");
        fs::write(manifest, text).unwrap();
    }
    let root = "[workspace]\nresolver = \"3\"\nmembers = [\"acme\", \"sdk\", \"macros\"]\n";
    fs::write(folder.path().join("Cargo.toml"), root).unwrap();
    let (status, told, errors) = add(&folder, "create-account");
    assert_eq!(status, Some(0), "{errors}");
    assert!(told.contains("src/write/create_account.rs"), "{told}");
    assert!(folder.path().join("Cargo.lock").exists() && !folder.path().join("acme/Cargo.lock").exists());
}

#[test]
fn a_handler_goes_where_the_others_are_and_blocks_if_they_do() {
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
        // Not the handlers: what stands below them.
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
fn a_connector_of_one_file_gets_a_module_with_its_test() {
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
fn a_handler_names_the_state_that_the_others_share() {
    let main = |state: &str, rest: &str| {
        format!(
            "use std::sync::Mutex;\n\nuse connector::Integration;\n\npub struct Shared;\n\n\
             impl Shared {{\n    pub fn new() -> Self {{\n        Shared\n    }}\n}}\n\n\
             pub fn made<T>(value: T) -> T {{\n    value\n}}\n\n\
             pub fn integration() -> Integration {{\n    Integration::builder(\"acme\"){state}.build()\n}}\n\n\
             fn main() {{\n    integration();\n}}\n{rest}"
        )
    };
    let shared = "connector::NoSettings, connector::NoAuth, ";
    let alias = "\nmod own {\n    type Request<P> = connector::Request<P, connector::NoSettings, connector::NoAuth, \
                 std::sync::Mutex<crate::Shared>>;\n    pub fn first(_: Request<u8>) {}\n}\n";
    for (state, rest, expected) in [
        (".state(Shared)", "", "crate::Shared"),
        (".state(Shared::new())", "", "crate::Shared"),
        (".state::<Mutex<Shared>>(made(Mutex::new(Shared)))", "", "std::sync::Mutex<crate::Shared>"),
        (".state(made(Mutex::new(Shared::new())))", alias, "std::sync::Mutex<crate::Shared>"),
    ] {
        let folder = connector_with(&[("src/main.rs", &main(state, rest))]);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(0), "{state}: {errors}");
        let handler = &files(&folder)["src/create_account.rs"];
        let request = format!("_request: Request<CreateAccountRequest, {shared}{expected}>");
        assert!(handler.contains(&request), "{handler}");
    }
    let folder = connector_with(&[("src/main.rs", &main(".state(made(7))", ""))]);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(1), "{errors}");
    assert!(errors.contains("the type of the state cannot be told from the code"), "{errors}");
    assert_eq!(files(&folder), before);
}

#[test]
fn a_class_style_connector_gets_a_method_and_its_test() {
    let folder = connector_with(&[("src/lib.rs", CLASS_STYLE)]);
    let (status, told, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(0), "{errors}");
    assert!(
        told.starts_with("changed ") && told.contains("acme/src/lib.rs\ncreate_account answers"),
        "{told}"
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
            .replace("{Integration, ", "{ConnectorError, ErrorCode, Integration, ")
            .replace(
                "    } // for now\n",
                "    } // for now\n\n    /// Creates an account.\n    async fn create_account(\n        &self,\n        \
                 _request: Request<CreateAccountRequest>,\n    ) -> Result<Response<CreateAccountResponse>> {\n        \
                 let message = \"create_account is not written yet\";\n        \
                 Err(ConnectorError::new(message, ErrorCode::NotImplemented).into())\n    }\n"
            )
    );
    assert!(test.starts_with("mod create_account_tests {\n"), "{test}");
    assert!(test.contains("crate::integration().dispatch_blocking(\"create_account\""), "{test}");
    assert!(test.contains("\"settings\": {}") && test.contains("\"model\": \"basic\""), "{test}");
}

#[test]
fn a_method_is_like_its_neighbour_and_has_a_case_where_there_are_cases() {
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
fn a_block_without_methods_gets_its_first_one() {
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
fn a_capability_that_a_block_has_or_its_builder_changes_nothing() {
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
        assert!(errors.contains("is registered already") && errors.contains(&place), "{errors}");
        assert_eq!(files(&folder), before);
    }
}

#[test]
fn a_capability_that_the_connectors_format_lacks_is_not_added() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "get_account");
        assert_eq!(status, Some(1), "{errors}");
        assert!(
            errors.contains("the classic format, which this connector uses, has no get_account"),
            "{errors}"
        );
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
fn what_would_not_compile_is_taken_back_byte_for_byte() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, told, errors) = add(&folder, "delete_account");
        assert_eq!((status, told.as_str()), (Some(1), ""));
        assert!(errors.contains("DeleteAccount") && errors.contains("everything is as it was"), "{errors}");
        assert!(errors.contains(".register(DeleteAccount, delete_account)"), "{errors}");
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
#[cfg(unix)]
fn what_is_interrupted_is_taken_back_as_well() {
    use std::os::unix::process::CommandExt as _;
    let folder = connector_with(NEW);
    let before = files(&folder);
    // A cargo that takes its time to check. Written by another process: while one here has the file open, a fork of
    // another test keeps it busy.
    let cargo = folder.path().join("cargo");
    let begun = folder.path().join("cargo.begun");
    let text = format!(
        "#!/bin/sh\n[ \"$1\" = check ] && : > \"$0.begun\" && exec sleep 600\nexec {} \"$@\"\n",
        env!("CARGO")
    );
    let write = "printf %s \"$1\" > \"$0\"; chmod +x \"$0\"";
    assert!(
        Command::new("sh").args(["-c", write]).arg(&cargo).arg(text).status().expect("sh runs").success()
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.args(["add", "create_account", "-d", "acme"]).current_dir(folder.path()).env("CARGO", &cargo);
    // As a terminal does it: all that were started together are told.
    let adding = command.process_group(0).stderr(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut tries = 0..6000;
    while !begun.exists() {
        assert!(tries.next().is_some(), "cargo does not check");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_ne!(files(&folder), before);
    let killed = Command::new("kill").args(["-INT", "--", &format!("-{}", adding.id())]).status();
    assert!(killed.expect("kill runs").success());
    let output = adding.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("interrupted; everything is as it was"), "{told}");
    assert_eq!(files(&folder), before);
}

#[test]
fn a_capability_that_is_there_or_unknown_changes_nothing() {
    let folder = connector_with(NEW);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "list-accounts");
    assert_eq!(status, Some(1));
    assert!(
        errors.contains("list_accounts is registered already") && errors.contains("integration.rs:14"),
        "{errors}"
    );
    let (status, _, errors) = add(&folder, "fly");
    assert_eq!(status, Some(2));
    assert!(errors.contains("there is no capability fly; there are activate_account"), "{errors}");
    assert_eq!(files(&folder), before);
}

#[test]
fn where_there_is_no_place_for_it_it_says_what_to_do_by_hand() {
    let none = [("src/lib.rs", "")];
    let two = "use connector::Integration;\npub fn a() -> Integration { Integration::builder(\"a\").build() }\n\
               pub fn b() -> Integration { Integration::builder(\"b\").build() }\n";
    let both = format!("{CLASS_STYLE}fn other() -> Integration {{ Integration::builder(\"b\").build() }}\n");
    let unasked_block = CLASS_STYLE.replace("integration()", "integration(_: u8)");
    let unasked = "fn main() { connector::Integration::builder(\"a\").build(); }";
    for (files, about) in [
        (&none[..], "there is no `Integration::builder(…)` with `.build()` and no `impl` block"),
        (&[("src/lib.rs", two)], "there are several integrations"),
        (&[("src/lib.rs", &both)], "acme/src/lib.rs:16\n"),
        (&[("src/main.rs", unasked)], "a test cannot ask the integration"),
        (&[("src/lib.rs", &unasked_block)], "a test cannot ask the integration"),
        (&[NEW[0], NEW[1], NEW[2], NEW[3], ("src/write/create_account.rs", "")], "create_account.rs already"),
    ] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(1), "{errors}");
        assert!(errors.contains(about) && errors.contains("by hand:"), "{errors}");
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
#[ignore = "needs minutes and crates.io: cargo xtask test --system"]
fn with_the_sdk_itself_what_is_added_passes_its_tests() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../connector")).unwrap();
    let manifest = format!(
        "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nlumos-connector = {{ path = {sdk:?} }}\n"
    );
    let rest = "\n\nfn main() -> std::process::ExitCode {\n    connector::cli::run(integration())\n}\n";
    let chain = "fn integration() -> connector::Integration {\n    \
                 connector::Integration::builder(\"acme\")\n        .auth::<connector::model::BasicCredentials>()\n        \
                 .build()\n}";
    let block = "struct Acme;\n\n#[connector::capabilities(auth = connector::model::OAuthCredentials)]\nimpl Acme {}\n\n\
                 fn integration() -> connector::Integration {\n    Acme.into_builder(\"acme\").build()\n}";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let sources = folder.path().join("src");
    // Kept, so that the next run is quick.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/add");
    for style in [chain, block] {
        let _ = fs::remove_dir_all(&sources);
        fs::create_dir(&sources).unwrap();
        fs::write(sources.join("main.rs"), format!("{style}{rest}")).unwrap();
        let capabilities = connector::standard_capabilities();
        for capability in capabilities.iter().filter(|capability| capability.classic_name.is_some()) {
            let mut add = Command::new(env!("CARGO_BIN_EXE_connector"));
            add.args(["add", capability.name]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
            let output = add.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let mut test = Command::new(env!("CARGO_BIN_EXE_connector"));
        test.args(["hacking", "test"]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
        let output = test.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("16 passed"), "{told}");
    }
}
