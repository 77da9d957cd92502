//! `connector add`, with a stub of the SDK that compiles quickly.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// The parts of the SDK that a connector needs to compile. `DeleteAccount` is missing.
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

/// The attribute `capabilities`, which adds `into_builder`.
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

/// A scaffolded connector, shortened.
const NEW: &[(&str, &str)] = &[
    (
        "src/lib.rs",
        "//! A connector.\n\nmod integration;\nmod read;\n\npub use integration::integration;\n\n\
         /// The settings of a tenant.\npub struct Settings;\n\n/// The request that handlers receive.\n\
         type Request<P> = connector::Request<P, Settings>;\n",
    ),
    (
        "src/integration.rs",
        "//! The connector as a whole.\n\nuse connector::Integration;\nuse connector::capability::ListAccounts;\n\n\
         use crate::{Settings, read};\n\n/// The connector.\n#[must_use]\npub fn integration() -> Integration {\n    \
         Integration::builder(\"acme\")\n        // The settings of a tenant.\n        .settings::<Settings>()\n        \
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

/// A class-style connector.
const CLASS_STYLE: &str = "\
//! A connector.

use connector::capability::{ListAccountsRequest, ListAccountsResponse};
use connector::model::BasicCredentials;
use connector::{Integration, Response, Result};

/// The settings of a tenant.
pub struct Settings;

/// The request that methods receive.
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

/// A connector and its SDK.
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
         use connector::{ConnectorError, ErrorCode, Response, Result};\n\n\
         use crate::Request;\n\n\
         pub(crate) async fn create_account(\n    _request: Request<CreateAccountRequest>,\n) -> \
         Result<Response<CreateAccountResponse>> {\n    \
         let message = \"create_account is not implemented yet\";\n    \
         Err(ConnectorError::new(message, ErrorCode::NotImplemented).into())\n}\n"
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
fn handlers_name_the_shared_state() {
    let main = |state: &str, rest: &str| {
        format!(
            "use std::sync::Mutex;\n\nuse connector::Integration;\n\npub struct Shared;\n\n\
             impl Shared {{\n    pub fn new() -> Self {{\n        Shared\n    }}\n}}\n\n\
             pub fn identity<T>(value: T) -> T {{\n    value\n}}\n\n\
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
        (".state::<Mutex<Shared>>(identity(Mutex::new(Shared)))", "", "std::sync::Mutex<crate::Shared>"),
        (".state(identity(Mutex::new(Shared::new())))", alias, "std::sync::Mutex<crate::Shared>"),
    ] {
        let folder = connector_with(&[("src/main.rs", &main(state, rest))]);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(0), "{state}: {errors}");
        let handler = &files(&folder)["src/create_account.rs"];
        let request = format!("_request: Request<CreateAccountRequest, {shared}{expected}>");
        assert!(handler.contains(&request), "{handler}");
    }
    let folder = connector_with(&[("src/main.rs", &main(".state(identity(7))", ""))]);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(1), "{errors}");
    assert!(errors.contains("cannot infer the type of the state from the code"), "{errors}");
    assert_eq!(files(&folder), before);
}

/// A connector with a shared state.
fn sharing(uses: &str, state: &str) -> String {
    format!(
        "{uses}\n\nuse connector::Integration;\n\npub trait Store {{}}\n\n#[derive(Default)]\npub struct Shared;\n\n\
         impl Store for Shared {{}}\n\npub fn integration() -> Integration {{\n    \
         Integration::builder(\"acme\"){state}.build()\n}}\n\nfn main() {{\n    integration();\n}}\n"
    )
}

#[test]
fn the_type_of_a_shared_state_compiles_in_the_new_module() {
    let arc = "use std::sync::Arc;";
    for (uses, state, expected) in [
        (arc, ".state(Arc::new(Shared::default()))", "std::sync::Arc<crate::Shared>"),
        (
            "use std::sync::{self, RwLock};",
            ".state(sync::Arc::new(RwLock::new(Shared)))",
            "std::sync::Arc<std::sync::RwLock<crate::Shared>>",
        ),
        (arc, ".state::<Arc<str>>(Arc::from(\"shared\"))", "std::sync::Arc<str>"),
        (arc, ".state(Arc::<str>::from(\"shared\"))", "std::sync::Arc::<str>"),
        ("", ".state::<&'static str>(\"shared\")", "&'static str"),
        (
            arc,
            ".state::<Arc<dyn Store + Send + Sync>>(Arc::new(Shared))",
            "std::sync::Arc<dyn crate::Store + Send + Sync>",
        ),
        (
            arc,
            ".state::<Arc<dyn Fn(&Shared) -> Box<dyn Store> + Send + Sync>>(Arc::new(|_| Box::new(Shared) as Box<dyn Store>))",
            "std::sync::Arc<dyn Fn(&crate::Shared) -> Box<dyn crate::Store> + Send + Sync>",
        ),
    ] {
        let folder = connector_with(&[("src/main.rs", &sharing(uses, state))]);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(0), "{state}: {errors}");
        // However rustfmt breaks the line.
        let handler: String = files(&folder)["src/create_account.rs"].split_whitespace().collect();
        let expected: String = expected.split_whitespace().collect();
        assert!(handler.contains(&format!("connector::NoAuth,{expected}")), "{expected}: {handler}");
    }
}

#[test]
fn state_types_that_cannot_be_inferred_are_requested() {
    for state in [
        ".state(Arc::new(7))",
        ".state(Arc::clone(&shared()))",
        ".state(HashMap::<u8, u8>::new().len())",
        ".state(Arc::default())",
    ] {
        let folder = connector_with(&[("src/main.rs", &sharing("use std::sync::Arc;", state))]);
        let before = files(&folder);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(1), "{state}: {errors}");
        assert!(errors.contains("cannot infer the type of the state"), "{state}: {errors}");
        assert!(errors.contains("`.state::<Arc<Shared>>(shared)`"), "{state}: {errors}");
        assert_eq!(files(&folder), before);
    }
    // A type that has parameters of its own looks like one that has none.
    let own = sharing("", ".state(Own::new())")
        + "pub struct Own<T>(T);\nimpl Own<u8> {\n    pub fn new() -> Self {\n        Self(7)\n    }\n}\n";
    let folder = connector_with(&[("src/main.rs", &own)]);
    let (status, _, errors) = add(&folder, "create_account");
    assert_eq!(status, Some(1), "{errors}");
    assert!(
        errors.contains("does not compile") && errors.contains("`.state::<Arc<Shared>>(shared)`"),
        "{errors}"
    );
}

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
            .replace("{Integration, ", "{ConnectorError, ErrorCode, Integration, ")
            .replace(
                "    } // for now\n",
                "    } // for now\n\n    /// Creates an account.\n    async fn create_account(\n        &self,\n        \
                 _request: Request<CreateAccountRequest>,\n    ) -> Result<Response<CreateAccountResponse>> {\n        \
                 let message = \"create_account is not implemented yet\";\n        \
                 Err(ConnectorError::new(message, ErrorCode::NotImplemented).into())\n    }\n"
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
fn capabilities_of_another_format_are_rejected() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "get_account");
        assert_eq!(status, Some(1), "{errors}");
        assert!(
            errors.contains("the classic wire format, which this connector uses, has no get_account"),
            "{errors}"
        );
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
fn changes_that_do_not_compile_are_undone() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, stdout, errors) = add(&folder, "delete_account");
        assert_eq!((status, stdout.as_str()), (Some(1), ""));
        assert!(errors.contains("DeleteAccount") && errors.contains("all changes were undone"), "{errors}");
        assert!(errors.contains(".register(DeleteAccount, delete_account)"), "{errors}");
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
#[cfg(unix)]
fn interrupted_changes_are_undone() {
    use std::os::unix::process::CommandExt as _;
    let folder = connector_with(NEW);
    let before = files(&folder);
    // A slow `cargo check`. Another process writes the script: if this one did, a concurrent fork could keep the file
    // open, and it couldn't be executed.
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
    // Like a terminal, signals the whole process group.
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
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("interrupted; all changes were undone"), "{stderr}");
    assert_eq!(files(&folder), before);
}

#[test]
fn registered_and_unknown_capabilities_change_nothing() {
    let folder = connector_with(NEW);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "list-accounts");
    assert_eq!(status, Some(1));
    assert!(
        errors.contains("list_accounts is already registered") && errors.contains("integration.rs:14"),
        "{errors}"
    );
    let (status, _, errors) = add(&folder, "fly");
    assert_eq!(status, Some(2));
    assert!(errors.contains("unknown capability \"fly\", expected one of activate_account"), "{errors}");
    assert_eq!(files(&folder), before);
}

#[test]
fn manual_steps_are_printed_if_there_is_no_place() {
    let none = [("src/lib.rs", "")];
    let two = "use connector::Integration;\npub fn a() -> Integration { Integration::builder(\"a\").build() }\n\
               pub fn b() -> Integration { Integration::builder(\"b\").build() }\n";
    let both = format!("{CLASS_STYLE}fn other() -> Integration {{ Integration::builder(\"b\").build() }}\n");
    let unasked_block = CLASS_STYLE.replace("integration()", "integration(_: u8)");
    let unasked = "fn main() { connector::Integration::builder(\"a\").build(); }";
    for (files, about) in [
        (&none[..], "found neither `Integration::builder(…)` with `.build()` nor an `impl` block"),
        (&[("src/lib.rs", two)], "the connector has several integrations"),
        (&[("src/lib.rs", &both)], "acme/src/lib.rs:16\n"),
        (&[("src/main.rs", unasked)], "a test cannot call the integration"),
        (&[("src/lib.rs", &unasked_block)], "a test cannot call the integration"),
        (
            &[NEW[0], NEW[1], NEW[2], NEW[3], ("src/write/create_account.rs", "")],
            "create_account.rs already exists",
        ),
    ] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(1), "{errors}");
        assert!(
            errors.contains(about) && errors.contains("To add it by hand, write the handler"),
            "{errors}"
        );
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
#[ignore = "needs minutes and crates.io: cargo xtask test --system"]
fn added_capabilities_pass_their_tests_with_the_real_sdk() {
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
    // Not deleted, to speed up the next run.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/add");
    for style in [chain, block] {
        let _ = fs::remove_dir_all(&sources);
        fs::create_dir(&sources).unwrap();
        fs::write(sources.join("main.rs"), format!("{style}{rest}")).unwrap();
        let mut capabilities = connector::standard_capabilities();
        capabilities.retain(|capability| capability.classic_name.is_some());
        for capability in &capabilities {
            let mut add = Command::new(env!("CARGO_BIN_EXE_connector"));
            add.args(["add", capability.name]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
            let output = add.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let mut test = Command::new(env!("CARGO_BIN_EXE_connector"));
        test.args(["hacking", "test"]).current_dir(folder.path()).env("CARGO_TARGET_DIR", target);
        let output = test.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let passed = format!("{} passed", capabilities.len());
        assert!(output.status.success() && stdout.contains(&passed), "{stdout}");
    }
}
