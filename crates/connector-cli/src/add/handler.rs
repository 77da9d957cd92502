//! Generates a handler and its test.

use std::path::PathBuf;

use connector::{Wire, standard_openapi_document};
use serde_json::{Value, json};
use syn::visit::Visit;
use syn::{Item, TraitBound, Type, TypePath, Visibility};

use super::about::About;
use super::capability::Capability;
use super::files::{Module, Package};
use super::imports::{absolute, absolute_name, glob_path_of, path_of};
use super::place::Place;
use super::state::state_type;
use crate::stop::Stop;
use crate::unasync::edit::Bytes;
use crate::unasync::source::{names, range};

/// The request type of a handler.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestType {
    /// The path of `Request`.
    path: String,
    /// Its type arguments after the payload.
    arguments: String,
}

/// The test that the handler is registered.
pub(super) enum Test {
    /// A file of cases, as for the connector's other capabilities.
    Case { path: PathBuf, text: String },
    /// A unit test next to the handler: the path of the function that returns the integration, and the request.
    Unit { function: String, request: String },
}

/// The connector's alias `Request` if it has one, otherwise the SDK's with the types that the builder is called with.
///
/// # Errors
/// If the type of the state can't be inferred.
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
            return Ok(RequestType { path, arguments: String::new() });
        }
    }
    let settings = about.settings.as_ref().map(|settings| absolute_type(module, settings));
    let auth = about.auth.as_ref().map(|auth| absolute_type(module, auth));
    let state = about.state.as_ref().map(|call| state_type(package, module, call)).transpose()?;
    let arguments = type_arguments(settings, auth, state);
    Ok(RequestType { path: "connector::Request".to_owned(), arguments })
}

/// The type arguments of the SDK's `Request` after the payload.
pub(super) fn type_arguments(
    settings: Option<String>,
    auth: Option<String>,
    state: Option<String>,
) -> String {
    let known = [settings, auth, state];
    let count = known.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let defaults = ["connector::NoSettings", "connector::NoAuth", "()"];
    let types = known.into_iter().zip(defaults).take(count);
    types.map(|(known, default)| format!(", {}", known.as_deref().unwrap_or(default))).collect()
}

/// A type of `module`, written so that it means the same in every module of the crate.
pub(super) fn absolute_type(module: &Module, ty: &Type) -> String {
    let mut paths = Paths { module, edits: Vec::new() };
    paths.visit_type(ty);
    let (start, mut text) = (range(ty).start, module.source.text[range(ty)].to_owned());
    for (place, path) in paths.edits.into_iter().rev() {
        text.replace_range(place.start - start..place.end - start, &path);
    }
    text
}

/// Replacements for the first segments of the paths in a type, in order.
struct Paths<'a> {
    module: &'a Module,
    edits: Vec<(Bytes, String)>,
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_type_path(&mut self, ty: &'ast TypePath) {
        if ty.qself.is_none() {
            self.edits.extend(absolute_start(self.module, &ty.path));
        }
        syn::visit::visit_type_path(self, ty);
    }

    fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
        self.edits.extend(absolute_start(self.module, &bound.path));
        syn::visit::visit_trait_bound(self, bound);
    }
}

/// Names that mean the same in every module: primitive types, and types and traits of the prelude.
const PRELUDE: [&str; 35] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32",
    "u64", "u128", "usize", "AsRef", "Box", "Clone", "Copy", "Fn", "FnMut", "FnOnce", "From", "Into",
    "Iterator", "Option", "Result", "Send", "Sized", "String", "Sync", "Unpin", "Vec",
];

/// The replacement for the start of a path, and where that is; `None` if the path means the same everywhere.
fn absolute_start(module: &Module, path: &syn::Path) -> Option<(Bytes, String)> {
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
            let path = glob_path_of(module, name).unwrap_or_else(|| absolute_name(module, name));
            Some((range(&first.ident), path))
        }
        (None, _) => None,
    }
}

/// Whether a module declares a module with this name.
fn declares(module: &Module, name: &str) -> bool {
    module.source.file.items.iter().any(|item| matches!(item, Item::Mod(item) if item.ident == name))
}

impl Test {
    /// Chooses the test for the connector.
    ///
    /// # Errors
    /// If the connector's wire format doesn't have the capability, or there is neither a folder of cases nor a function
    /// that returns the integration.
    pub(super) fn choose(package: &Package, about: &About, capability: &Capability) -> Result<Self, Stop> {
        if !capability.standard.wires.contains(&about.wire) {
            return Err(Stop::failed(format!(
                "the {} wire format, which this connector uses, has no {}; to use the {} format, call \
                 `.wire(Wire::OpenApi)`",
                about.wire,
                capability.name,
                Wire::OpenApi
            )));
        }
        let example = example(capability, about.wire);
        let folder = package.folder.join("tests/cases");
        if folder.is_dir() {
            let message = message(capability);
            let case = json!({
                "name": "not implemented yet",
                "request": example["request"],
                "expect": { "error": { "code": "not_implemented", "message": message } },
            });
            let cases = json!({ "capability": capability.name, "cases": [case] });
            let path = folder.join(format!("{}.json", capability.name));
            return Ok(Self::Case { path, text: format!("{cases:#}\n") });
        }
        let function = about.function.clone().ok_or_else(|| {
            Stop::failed(
                "a test cannot call the integration: the connector has no tests/cases, and no function without arguments \
                 that returns the integration, such as `integration()`",
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
        Ok(Self::Unit { function, request: format!("{envelope:#}") })
    }

    /// A unit test as a module with this name; empty for a case.
    pub(super) fn unit_test(&self, module: &str, capability: &Capability) -> String {
        match self {
            Self::Case { .. } => String::new(),
            Self::Unit { function, request } => unit_test(module, capability, function, request),
        }
    }
}

/// The file of a handler.
pub(super) fn text(is_blocking: bool, capability: &Capability, request: &RequestType, test: &Test) -> String {
    let Capability { name, marker, standard } = capability;
    let RequestType { path, arguments } = request;
    let keyword = if is_blocking { "fn" } else { "async fn" };
    let (sdk, own) = match path.strip_prefix("connector::") {
        Some(_) => ("ConnectorError, ErrorCode, Request, Response, Result", String::new()),
        None => ("ConnectorError, ErrorCode, Response, Result", format!("use {path};\n\n")),
    };
    let summary = standard.summary;
    let (body, tests) =
        (body(capability, "ConnectorError", "ErrorCode"), test.unit_test("tests", capability));
    format!(
        "//! {summary}.\n\n\
         use connector::capability::{{{marker}Request, {marker}Response}};\n\
         use connector::{{{sdk}}};\n\n{own}\
         pub(crate) {keyword} {name}(\n    _request: Request<{marker}Request{arguments}>,\n) -> \
         Result<Response<{marker}Response>> {{\n{body}}}\n{tests}"
    )
}

/// The body of a handler until it is written. `error` and `code` are the names of `ConnectorError` and `ErrorCode`.
pub(super) fn body(capability: &Capability, error: &str, code: &str) -> String {
    format!(
        "    let message = \"{}\";\n    Err({error}::new(message, {code}::NotImplemented).into())\n",
        message(capability)
    )
}

fn unit_test(module: &str, capability: &Capability, function: &str, request: &str) -> String {
    let (name, message) = (&capability.name, message(capability));
    format!(
        "\n#[cfg(test)]\nmod {module} {{\n    \
         /// A request for this capability. Fill in the settings if they are required.\n    \
         const REQUEST: &str = r#\"{request}\"#;\n\n    \
         #[test]\n    fn it_is_not_implemented_yet() {{\n        \
         let response = {function}().dispatch_blocking(\"{name}\", REQUEST.as_bytes());\n        \
         let response = String::from_utf8_lossy(&response);\n        \
         assert!(response.contains(\".not_implemented\"), \"{{response}}\");\n        \
         assert!(response.contains(\"{message}\"), \"{{response}}\");\n    }}\n}}\n"
    )
}

fn message(capability: &Capability) -> String {
    format!("{} is not implemented yet", capability.name)
}

/// The example of a request in the OpenAPI document.
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
    fn types_mean_the_same_in_every_module() {
        let module = module(
            &["integration"],
            "use crate::Settings;\nuse connector::model::{self, BasicCredentials as Basic};\nuse std::sync::Arc;\n\
             mod own {}\n",
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
            ("Arc<str>", "std::sync::Arc<str>"),
            ("&'static [Own]", "&'static [crate::integration::Own]"),
            (
                "Arc<dyn Own<Basic> + for<'a> Fn(&'a Settings) -> Box<dyn super::Other> + Send>",
                "std::sync::Arc<dyn crate::integration::Own<connector::model::BasicCredentials> + \
                 for<'a> Fn(&'a crate::Settings) -> Box<dyn crate::Other> + Send>",
            ),
            ("fn(Own) -> Option<Settings>", "fn(crate::integration::Own) -> Option<crate::Settings>"),
            (
                "Option<std::sync::Mutex<(Basic, Own, u8, super::a::B<self::C>)>>",
                "Option<std::sync::Mutex<(connector::model::BasicCredentials, crate::integration::Own, u8, \
                 crate::a::B<crate::integration::C>)>>",
            ),
        ] {
            let text = format!("type T = {given};");
            let source = self::module(&["integration"], &format!("{}{text}", module.source.text));
            let Some(Item::Type(item)) = source.source.file.items.last() else { panic!("no type: {text}") };
            assert_eq!(absolute_type(&source, &item.ty), expected, "{given}");
        }
    }

    #[test]
    fn a_name_from_the_only_glob_import_is_found_there() {
        for (text, expected) in [
            ("use crate::model::*;\ntype T = Own;", "crate::model::Own"),
            ("use crate::model::*;\nstruct Own;\ntype T = Own;", "crate::integration::Own"),
            ("use crate::model::*;\ntype T = String;", "String"),
        ] {
            let source = module(&["integration"], text);
            let Some(Item::Type(item)) = source.source.file.items.last() else { panic!("no type: {text}") };
            assert_eq!(absolute_type(&source, &item.ty), expected, "{text}");
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
