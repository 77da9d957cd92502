//! Generates a handler.

use connector::StandardCapability;
use syn::visit::Visit;
use syn::{Item, TraitBound, Type, TypePath, Visibility};

use super::about::About;
use super::capability::Capability;
use super::files::{Module, Package};
use super::imports::{absolute, absolute_name, glob_path_of, path_of};
use super::place::Place;
use super::state::state_type;
use super::test::{Test, message};
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

/// The connector's alias `Request` if it has one, otherwise the SDK's with the types that the builder is called with.
/// Requests without credentials differ from what the alias describes.
///
/// # Errors
/// If the type of the state can't be inferred.
pub(super) fn request_type(
    package: &Package,
    module: &Module,
    about: &About,
    place: &Place<'_>,
    capability: &Capability,
) -> Result<RequestType, Stop> {
    let carries_credentials = capability.standard.carries_credentials;
    let root = package.root_of(module);
    let parent = package.module(&place.names.iter().map(String::as_str).collect::<Vec<_>>());
    let candidates = [root, parent, Some(module)].into_iter().flatten();
    for candidate in candidates {
        let is_above = place.names.starts_with(&candidate.names);
        let has_alias = carries_credentials
            && candidate.source.file.items.iter().any(|item| {
                matches!(item, Item::Type(item) if item.ident == "Request"
                && item.generics.type_params().filter(|param| param.default.is_none()).count() == 1
                && (is_above || !matches!(item.vis, Visibility::Inherited)))
            });
        if has_alias {
            let path = absolute_name(candidate, "Request");
            return Ok(RequestType { path, arguments: String::new() });
        }
    }
    let settings = about.settings.as_ref().map(|settings| absolute_type(module, settings));
    let auth = about.auth.as_ref().filter(|_| carries_credentials);
    let auth = auth.map(|auth| absolute_type(module, auth));
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

/// The file of a handler.
pub(super) fn text(is_blocking: bool, capability: &Capability, request: &RequestType, test: &Test) -> String {
    let Capability { name, standard, .. } = capability;
    let StandardCapability { request: payload, response, summary, .. } = standard;
    let RequestType { path, arguments } = request;
    let keyword = if is_blocking { "fn" } else { "async fn" };
    let (sdk, own) = match path.strip_prefix("connector::") {
        Some(_) => ("ConnectorError, Request, Response, Result", String::new()),
        None => ("ConnectorError, Response, Result", format!("use {path};\n\n")),
    };
    let (body, tests) = (body(capability, "ConnectorError"), test.unit_test("tests", capability));
    format!(
        "//! {summary}.\n\n\
         use connector::capability::{{{payload}, {response}}};\n\
         use connector::{{{sdk}}};\n\n{own}\
         pub(crate) {keyword} {name}(\n    _request: Request<{payload}{arguments}>,\n) -> \
         Result<Response<{response}>> {{\n{body}}}\n{tests}"
    )
}

/// The body of a handler until it is written. `error` is the name of `ConnectorError`.
pub(super) fn body(capability: &Capability, error: &str) -> String {
    format!(
        "    let message = \"{}\";\n    Err({error}::not_implemented(message).into())\n",
        message(capability)
    )
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
}
