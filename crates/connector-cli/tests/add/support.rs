//! A stub of the SDK that compiles quickly, connectors to change, and `connector add` itself.

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
pub enum Wire { OpenApi }
pub struct Response<T>(pub T);
pub struct NoSettings;
pub struct NoAuth;
pub struct Request<P, S = NoSettings, A = NoAuth, State = ()>(pub P, pub S, pub A, pub State);
pub struct Integration;
pub struct Builder<S, A, State = ()>(std::marker::PhantomData<(S, A, State)>);
pub mod capability {
    pub struct ListAccounts; pub struct ListAccountsRequest; pub struct ListAccountsResponse;
    pub struct CreateAccount; pub struct CreateAccountRequest; pub struct CreateAccountResponse;
    pub struct GetAuthorizationUrl; pub struct GetAuthorizationUrlRequest; pub struct GetAuthorizationUrlResponse;
    pub trait Capability { type Auth<A>; }
    impl Capability for ListAccounts { type Auth<A> = A; }
    impl Capability for CreateAccount { type Auth<A> = A; }
    impl Capability for GetAccount { type Auth<A> = A; }
    impl Capability for GetAuthorizationUrl { type Auth<A> = crate::NoAuth; }
    pub struct GetAccount; pub struct GetAccountRequest; pub struct GetAccountResponse;
}
pub mod model { pub struct BasicCredentials; pub struct TokenCredentials; }
impl ConnectorError { pub fn not_implemented(_: &str) -> Self { Self } }
impl From<ConnectorError> for Error { fn from(_: ConnectorError) -> Self { Self } }
impl Integration {
    pub fn builder(_: &str) -> Builder<NoSettings, NoAuth> { Builder(std::marker::PhantomData) }
    pub fn dispatch_blocking(&self, _: &str, _: &[u8]) -> Vec<u8> { Vec::new() }
}
impl<S, A, State> Builder<S, A, State> {
    pub fn wire(self, _: Wire) -> Self { self }
    pub fn settings<T>(self) -> Builder<T, A, State> { Builder(std::marker::PhantomData) }
    pub fn auth<T>(self) -> Builder<S, T, State> { Builder(std::marker::PhantomData) }
    pub fn state<T>(self, _: T) -> Builder<S, A, T> { Builder(std::marker::PhantomData) }
    pub fn register<C: capability::Capability, P, R, F, Fut>(self, _: C, _: F) -> Self
    where F: Fn(Request<P, S, C::Auth<A>, State>) -> Fut, Fut: Future<Output = Result<Response<R>>> { self }
    pub fn register_blocking<C: capability::Capability, P, R, F>(self, _: C, _: F) -> Self
    where F: Fn(Request<P, S, C::Auth<A>, State>) -> Result<Response<R>> { self }
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
pub(crate) const NEW: &[(&str, &str)] = &[
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
pub(crate) const CLASS_STYLE: &str = "\
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
pub(crate) fn connector_with(files: &[(&str, &str)]) -> TempDir {
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

/// Adds capabilities, whose names are separated by spaces.
pub(crate) fn add(folder: &TempDir, capabilities: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
    command.arg("add").args(capabilities.split(' ')).args(["-d", "acme"]).current_dir(folder.path());
    command.env("CARGO_TARGET_DIR", folder.path().join("target")).env_remove("RUSTFLAGS");
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// All files of the connector.
pub(crate) fn files(folder: &TempDir) -> BTreeMap<String, String> {
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
