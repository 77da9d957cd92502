//! The shared state of a connector, which handlers name.

use crate::support::{add, connector_with, files};

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
