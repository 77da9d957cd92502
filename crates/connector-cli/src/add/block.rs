//! Class-style connectors: an `impl` block under `#[connector::capabilities]` whose methods are the capabilities.

use connector::standard_capabilities;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Attribute, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, ItemMod, Path, ReturnType, Token, Type};

use super::about::About;
use super::capability::Capability;
use super::chain::{Chain, is_test};
use super::files::Module;
use super::handler;
use super::imports::{self, Import};
use super::test::Test;
use crate::unasync::edit::{Bytes, Edits};
use crate::unasync::source::{first_type, range};

/// An `impl` block under `#[connector::capabilities]`.
pub(super) struct Block<'a> {
    pub(super) start: usize,
    /// The position of its closing brace.
    end: usize,
    methods: Vec<Method>,
    /// The calls on its builder, `.into_builder(…)`.
    builder_calls: Vec<(&'a Module, Chain)>,
    pub(super) about: About,
}

/// A method that implements a capability.
struct Method {
    /// The capability's marker type.
    marker: String,
    /// The positions of its name and of the whole method.
    name: usize,
    place: Bytes,
    /// `pub `, or nothing.
    visibility: Bytes,
    is_async: bool,
    request: Option<Type>,
    response: Option<Type>,
}

impl Method {
    /// Whether requests for its capability carry credentials, as those for custom ones do.
    fn carries_credentials(&self) -> bool {
        standard_capabilities()
            .iter()
            .find(|standard| standard.marker == self.marker)
            .is_none_or(|standard| standard.carries_credentials)
    }
}

/// All blocks of a module, except in tests.
pub(super) fn all<'a>(module: &Module) -> Vec<Block<'a>> {
    let mut finder = Finder(Vec::new());
    finder.visit_file(&module.source.file);
    finder.0
}

impl<'a> Block<'a> {
    /// Adds the calls on the block's builder.
    pub(super) fn add_builder_calls(&mut self, calls: Vec<(&'a Module, Chain)>) {
        for (_, chain) in &calls {
            self.about.wire = chain.about.wire;
            if self.about.function.is_none() {
                self.about.function.clone_from(&chain.about.function);
            }
        }
        self.builder_calls = calls;
    }

    /// The file and the line where the capability is registered, if it is.
    pub(super) fn registered(&self, module: &Module, capability: &Capability) -> Option<String> {
        let method = self.methods.iter().find(|method| method.marker == capability.marker);
        method.map(|method| module.place(method.name)).or_else(|| {
            self.builder_calls
                .iter()
                .find_map(|(module, chain)| chain.registered(capability).map(|at| module.place(at)))
        })
    }

    /// Adds a method after the last capability. Unless the connector has cases, adds a test at the end of the file.
    pub(super) fn register(&self, module: &Module, capability: &Capability, test: &Test, edits: &mut Edits) {
        let source = &module.source;
        let method = self.text(module, capability, edits);
        match self.methods.last() {
            Some(Method { place, .. }) => {
                let before = source.line_before(place.start);
                let indent = &before[..before.len() - before.trim_start().len()];
                edits.insert(source.with_comment(place.end), format!("\n\n{}", indented(&method, indent)));
            }
            None => edits.insert(self.end, format!("\n{}\n", indented(&method, "    "))),
        }
        edits.insert(source.text.len(), test.unit_test(&format!("{}_tests", capability.name), capability));
    }

    /// The method, in the style of the last one. Adds the imports that it needs.
    fn text(&self, module: &Module, capability: &Capability, edits: &mut Edits) -> String {
        let Capability { name, standard, .. } = capability;
        let payloads = ["connector", "capability"].map(str::to_owned);
        let [request, response] =
            imports::add_all(module, &payloads, [standard.request, standard.response], edits);
        let error = imports::add(module, &Import::new(["connector"], "ConnectorError"), edits);
        let (text, like) = (&module.source.text, self.methods.last());
        // Requests without credentials differ from those of other methods.
        let request = like
            .filter(|method| standard.carries_credentials && method.carries_credentials())
            .and_then(|method| with_first(text, method.request.as_ref()?, &request))
            .unwrap_or_else(|| {
                format!("connector::Request<{request}{}>", self.type_arguments(text, capability))
            });
        let response = like
            .and_then(|method| with_innermost(text, method.response.as_ref()?, &response))
            .unwrap_or_else(|| format!("connector::Result<connector::Response<{response}>>"));
        let visibility = like.map_or("", |method| &text[method.visibility.clone()]);
        let keyword = if like.is_none_or(|method| method.is_async) { "async fn" } else { "fn" };
        format!(
            "/// {}.\n{visibility}{keyword} {name}(\n    &self,\n    _request: {request},\n) -> {response} {{\n{}}}",
            standard.summary,
            handler::body(capability, &error)
        )
    }

    /// The type arguments of the SDK's `Request` after the payload.
    fn type_arguments(&self, text: &str, capability: &Capability) -> String {
        let text_of = |ty: &Type| text[range(ty)].to_owned();
        let auth = self.about.auth.as_ref().filter(|_| capability.standard.carries_credentials);
        handler::type_arguments(self.about.settings.as_ref().map(text_of), auth.map(text_of), None)
    }
}

fn indented(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{indent}{line}")).collect();
    lines.join("\n")
}

/// `Request<A, S>` with another `A`.
fn with_first(text: &str, ty: &Type, argument: &str) -> Option<String> {
    first_argument(ty).map(|first| replaced(text, ty, first, argument))
}

/// `Result<Response<A>, E>` with another `A`.
fn with_innermost(text: &str, ty: &Type, argument: &str) -> Option<String> {
    let mut innermost = first_argument(ty)?;
    while let Some(inner) = first_argument(innermost) {
        innermost = inner;
    }
    Some(replaced(text, ty, innermost, argument))
}

fn replaced(text: &str, whole: &Type, part: &Type, by: &str) -> String {
    let (whole, part) = (range(whole), range(part));
    format!("{}{by}{}", &text[whole.start..part.start], &text[part.end..whole.end])
}

fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    first_type(&path.path.segments.last()?.arguments)
}

struct Finder<'a>(Vec<Block<'a>>);

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(item) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        self.0.extend(
            item.attrs
                .iter()
                .find(|attribute| is_capabilities(attribute))
                .map(|attribute| block(item, attribute)),
        );
        syn::visit::visit_item_impl(self, item);
    }
}

fn is_capabilities(attribute: &Attribute) -> bool {
    let segments: Vec<&Ident> = attribute.path().segments.iter().map(|segment| &segment.ident).collect();
    match segments.as_slice() {
        [last] => *last == "capabilities",
        [first, last] => *first == "connector" && *last == "capabilities",
        _ => false,
    }
}

fn block<'a>(item: &ItemImpl, attribute: &Attribute) -> Block<'a> {
    let arguments =
        attribute.parse_args_with(Punctuated::<Argument, Token![,]>::parse_terminated).unwrap_or_default();
    let type_of = |name: &str| {
        arguments.iter().find(|argument| argument.name == name).and_then(|argument| argument.ty.clone())
    };
    Block {
        start: range(&item.impl_token).start,
        end: item.brace_token.span.close().byte_range().start,
        methods: item.items.iter().filter_map(method).collect(),
        builder_calls: Vec::new(),
        about: About { settings: type_of("settings"), auth: type_of("auth"), ..About::default() },
    }
}

/// `auth = Type`, `on_error(…)`.
struct Argument {
    name: Ident,
    ty: Option<Type>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            return Ok(Self { name, ty: Some(input.parse()?) });
        }
        let inner;
        syn::parenthesized!(inner in input);
        inner.parse::<proc_macro2::TokenStream>()?;
        Ok(Self { name, ty: None })
    }
}

/// The method, if its name or an attribute makes it a capability, by the rules of the macro.
fn method(item: &ImplItem) -> Option<Method> {
    let ImplItem::Fn(function) = item else { return None };
    let marker = marker(function)?;
    let request = function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(argument) => Some((*argument.ty).clone()),
        FnArg::Receiver(_) => None,
    });
    let response = match &function.sig.output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => None,
    };
    let start = function.sig.asyncness.as_ref().map_or_else(|| range(&function.sig.fn_token), range);
    let visibility = match &function.vis {
        syn::Visibility::Inherited => start.start..start.start,
        visibility => range(visibility).start..start.start,
    };
    Some(Method {
        marker,
        name: range(&function.sig.ident).start,
        place: range(function),
        visibility,
        is_async: function.sig.asyncness.is_some(),
        request,
        response,
    })
}

fn marker(function: &ImplItemFn) -> Option<String> {
    for attribute in &function.attrs {
        if attribute.path().is_ident("capability") || attribute.path().is_ident("custom_capability") {
            let marker: Path = attribute.parse_args().ok()?;
            let last = marker.segments.last()?.ident.to_string();
            return (last != "skip").then_some(last);
        }
    }
    Capability::named(&function.sig.ident.to_string()).ok().map(|capability| capability.marker)
}
