//! The text of a handler and of its test.

use std::path::PathBuf;

use connector::{Wire, standard_openapi_document};
use serde_json::{Value, json};
use syn::visit::Visit;
use syn::{Item, Type, TypePath, Visibility};

use super::about::About;
use super::capability::Capability;
use super::files::{Module, Package};
use super::imports::{absolute, absolute_name, path_of};
use super::place::Place;
use super::state::state_type;
use crate::stop::Stop;
use crate::unasync::edit::Bytes;
use crate::unasync::source::{names, range};

/// How a handler names what it gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestType {
    /// The path of `Request`.
    path: String,
    /// What stands in it behind the payload.
    further: String,
}

/// How it is tested that the handler is registered.
pub(super) enum Test {
    /// By a file of cases, as the connector's other capabilities are.
    Case { path: PathBuf, text: String },
    /// Beside the handler: the path of the function that gives the integration, and the request.
    Beside { function: String, request: String },
}

/// The connector's own `Request`, if it has named one; else the SDK's, with the types that it is built with.
///
/// # Errors
/// If one of these types cannot be told from the code.
pub(super) fn request_type(
    package: &Package,
    module: &Module,
    about: &About,
    place: &Place<'_>,
) -> Result<RequestType, Stop> {
    let root = package.root_of(module);
    let parent = package.module(&place.names.iter().map(String::as_str).collect::<Vec<_>>());
    let candidates = [root, parent, Some(module)].into_iter().flatten();
    for candidate in candidates {
        let is_above = place.names.starts_with(&candidate.names);
        let has_alias = candidate.source.file.items.iter().any(|item| {
            matches!(item, Item::Type(item) if item.ident == "Request"
                && item.generics.params.len() == 1
                && (is_above || !matches!(item.vis, Visibility::Inherited)))
        });
        if has_alias {
            let path = absolute_name(candidate, "Request");
            return Ok(RequestType { path, further: String::new() });
        }
    }
    let settings = about.settings.as_ref().map(|settings| told(module, settings));
    let auth = about.auth.as_ref().map(|auth| told(module, auth));
    let state = about.state.as_ref().map(|call| state_type(package, module, call)).transpose()?;
    let further = further(settings, auth, state);
    Ok(RequestType { path: "connector::Request".to_owned(), further })
}

/// What stands in the SDK's `Request` behind the payload.
pub(super) fn further(settings: Option<String>, auth: Option<String>, state: Option<String>) -> String {
    let given = [settings, auth, state];
    let count = given.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let defaults = ["connector::NoSettings", "connector::NoAuth", "()"];
    let types = given.into_iter().zip(defaults).take(count);
    types.map(|(given, default)| format!(", {}", given.as_deref().unwrap_or(default))).collect()
}

/// A type as another module can name it.
pub(super) fn told(module: &Module, given: &Type) -> String {
    let mut paths = Paths { module, edits: Vec::new() };
    paths.visit_type(given);
    let (start, mut text) = (range(given).start, module.source.text[range(given)].to_owned());
    for (place, path) in paths.edits.into_iter().rev() {
        text.replace_range(place.start - start..place.end - start, &path);
    }
    text
}

/// The beginnings of the paths in a type that another module has to name in another way, in order.
struct Paths<'a> {
    module: &'a Module,
    edits: Vec<(Bytes, String)>,
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_type_path(&mut self, given: &'ast TypePath) {
        if given.qself.is_none() {
            self.edits.extend(beginning(self.module, &given.path));
        }
        syn::visit::visit_type_path(self, given);
    }
}

/// What every module knows by these names.
const PRELUDE: [&str; 21] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
    "u128", "usize", "Box", "Option", "Result", "String", "Vec",
];

/// How the beginning of a path is to be named, and where it is; `None` if it can stay.
fn beginning(module: &Module, path: &syn::Path) -> Option<(Bytes, String)> {
    let (names, first) = (names(path), path.segments.first()?);
    let name = names.first()?;
    match (path_of(module, name), name.as_str()) {
        (Some(path), _) => Some((range(&first.ident), path)),
        (None, "self" | "super") => {
            let last = &path.segments.last()?.ident;
            Some((range(&first.ident).start..range(last).end, absolute(module, &names)))
        }
        (None, name) if names.len() == 1 && PRELUDE.contains(&name) => None,
        (None, name) if names.len() == 1 || declares(module, name) => {
            Some((range(&first.ident), absolute_name(module, name)))
        }
        (None, _) => None,
    }
}

/// Whether a module has a module of this name.
fn declares(module: &Module, name: &str) -> bool {
    module.source.file.items.iter().any(|item| matches!(item, Item::Mod(item) if item.ident == name))
}

impl Test {
    /// # Errors
    /// If the connector's wire format lacks the capability, or there is neither a table of cases nor a function that
    /// gives the integration.
    pub(super) fn choose(package: &Package, about: &About, capability: &Capability) -> Result<Self, Stop> {
        if !capability.standard.wires.contains(&about.wire) {
            return Err(Stop::failed(format!(
                "the {} format, which this connector uses, has no {}; choose the other with `.wire(Wire::OpenApi)`",
                about.wire, capability.name
            )));
        }
        let example = example(capability, about.wire);
        let folder = package.folder.join("tests/cases");
        if folder.is_dir() {
            let message = not_written(capability);
            let case = json!({
                "name": "it is not written yet",
                "request": example["request"],
                "expect": { "error": { "code": "not_implemented", "message": message } },
            });
            let cases = json!({ "capability": capability.name, "cases": [case] });
            let path = folder.join(format!("{}.json", capability.name));
            return Ok(Self::Case { path, text: format!("{cases:#}\n") });
        }
        let function = about.function.clone().ok_or_else(|| {
            Stop::failed(
                "a test cannot ask the integration: it is not built by a function that takes no arguments, \
                 `integration()` say, and there is no tests/cases",
            )
        })?;
        let mut envelope = json!({ "request": example["request"] });
        if let Some(auth) = &about.auth {
            let is_oauth = matches!(auth, Type::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == "OAuthCredentials"));
            envelope["auth"] = if is_oauth {
                json!({ "model": "oauth", "access_token": "<access_token>" })
            } else {
                example["auth"].clone()
            };
        }
        if about.settings.is_some() {
            envelope["settings"] = json!({});
        }
        Ok(Self::Beside { function, request: format!("{envelope:#}") })
    }

    /// The test as a module of this name, if it stands beside the handler; else nothing.
    pub(super) fn beside(&self, module: &str, capability: &Capability) -> String {
        match self {
            Self::Case { .. } => String::new(),
            Self::Beside { function, request } => tests(module, capability, function, request),
        }
    }
}

/// The file of a handler.
pub(super) fn text(is_blocking: bool, capability: &Capability, request: &RequestType, test: &Test) -> String {
    let Capability { name, marker, standard } = capability;
    let RequestType { path, further } = request;
    let keyword = if is_blocking { "fn" } else { "async fn" };
    let (sdk, own) = match path.strip_prefix("connector::") {
        Some(_) => ("ConnectorError, ErrorCode, Request, Response, Result", String::new()),
        None => ("ConnectorError, ErrorCode, Response, Result", format!("use {path};\n\n")),
    };
    let summary = standard.summary;
    let (body, tests) = (body(capability, "ConnectorError", "ErrorCode"), test.beside("tests", capability));
    format!(
        "//! {summary}.\n\n\
         use connector::capability::{{{marker}Request, {marker}Response}};\n\
         use connector::{{{sdk}}};\n\n{own}\
         pub(crate) {keyword} {name}(\n    _request: Request<{marker}Request{further}>,\n) -> \
         Result<Response<{marker}Response>> {{\n{body}}}\n{tests}"
    )
}

/// What stands in a handler until it is written; `error` and `code` are how `ConnectorError` and `ErrorCode` are named.
pub(super) fn body(capability: &Capability, error: &str, code: &str) -> String {
    format!(
        "    let message = \"{}\";\n    Err({error}::new(message, {code}::NotImplemented).into())\n",
        not_written(capability)
    )
}

fn tests(module: &str, capability: &Capability, function: &str, request: &str) -> String {
    let (name, message) = (&capability.name, not_written(capability));
    format!(
        "\n#[cfg(test)]\nmod {module} {{\n    \
         /// A request to this capability. The settings may have to be filled in.\n    \
         const REQUEST: &str = r#\"{request}\"#;\n\n    \
         #[test]\n    fn it_says_that_it_is_not_written_yet() {{\n        \
         let answer = {function}().dispatch_blocking(\"{name}\", REQUEST.as_bytes());\n        \
         let answer = String::from_utf8_lossy(&answer);\n        \
         assert!(answer.contains(\".not_implemented\"), \"{{answer}}\");\n        \
         assert!(answer.contains(\"{message}\"), \"{{answer}}\");\n    }}\n}}\n"
    )
}

fn not_written(capability: &Capability) -> String {
    format!("{} is not written yet", capability.name)
}

/// An example of a request, as the OpenAPI document has it.
fn example(capability: &Capability, wire: Wire) -> Value {
    let mut document = standard_openapi_document(wire);
    let path = format!("/{}", capability.name);
    document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"].take()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add::files::tests::module;

    #[test]
    fn a_type_is_told_so_that_another_module_understands_it() {
        let module = module(
            &["integration"],
            "use crate::Settings;\nuse connector::model::{self, BasicCredentials as Basic};\nmod own {}\n",
        );
        for (given, expected) in [
            ("Settings", "crate::Settings"),
            ("Own<u8>", "crate::integration::Own<u8>"),
            ("model::OAuthCredentials", "connector::model::OAuthCredentials"),
            ("Basic", "connector::model::BasicCredentials"),
            ("super::Other", "crate::Other"),
            ("own::Thing", "crate::integration::own::Thing"),
            ("other::Thing", "other::Thing"),
            ("String", "String"),
            (
                "Option<std::sync::Mutex<(Basic, Own, u8, super::a::B<self::C>)>>",
                "Option<std::sync::Mutex<(connector::model::BasicCredentials, crate::integration::Own, u8, \
                 crate::a::B<crate::integration::C>)>>",
            ),
        ] {
            let text = format!("type T = {given};");
            let source = self::module(&["integration"], &format!("{}{text}", module.source.text));
            let Some(Item::Type(item)) = source.source.file.items.last() else { panic!("no type: {text}") };
            assert_eq!(told(&source, &item.ty), expected, "{given}");
        }
    }

    #[test]
    fn every_capability_has_an_example_in_its_formats() {
        for standard in connector::standard_capabilities() {
            let capability = Capability::named(standard.name).unwrap();
            for wire in &standard.wires {
                assert!(example(&capability, *wire)["request"].is_object(), "{} {wire}", capability.name);
            }
        }
    }
}
