//! A class-style connector: an `impl` block under `#[connector::capabilities]`, whose methods are its capabilities.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Attribute, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, ItemMod, Path, ReturnType, Token, Type};

use super::about::About;
use super::capability::Capability;
use super::chain::{Chain, is_test};
use super::files::Module;
use super::handler::{self, Test};
use super::imports;
use crate::unasync::edit::{Bytes, Edits};
use crate::unasync::source::{first_type, range};

/// The block.
pub(super) struct Block<'a> {
    pub(super) start: usize,
    /// Where its closing brace is.
    end: usize,
    methods: Vec<Method>,
    /// What is called on the builder that it gives, `.into_builder(…)`.
    further: Vec<(&'a Module, Chain)>,
    pub(super) about: About,
}

/// A method that is a capability.
struct Method {
    /// The capability's marker type.
    marker: String,
    /// Where its name is, and where it is as a whole.
    name: usize,
    place: Bytes,
    /// `pub `, or nothing.
    visibility: Bytes,
    is_async: bool,
    request: Option<Type>,
    answer: Option<Type>,
}

/// All that a module has, outside of tests.
pub(super) fn all<'a>(module: &Module) -> Vec<Block<'a>> {
    let mut finder = Finder(Vec::new());
    finder.visit_file(&module.source.file);
    finder.0
}

impl<'a> Block<'a> {
    /// Takes note of what is called on the builder.
    pub(super) fn goes_on(&mut self, further: Vec<(&'a Module, Chain)>) {
        for (_, chain) in &further {
            self.about.wire = chain.about.wire;
            if self.about.function.is_none() {
                self.about.function.clone_from(&chain.about.function);
            }
        }
        self.further = further;
    }

    /// Where the capability is registered, if it is: the file and the line.
    pub(super) fn registered(&self, module: &Module, capability: &Capability) -> Option<String> {
        let method = self.methods.iter().find(|method| method.marker == capability.marker);
        method.map(|method| module.place(method.name)).or_else(|| {
            self.further
                .iter()
                .find_map(|(module, chain)| chain.registered(capability).map(|at| module.place(at)))
        })
    }

    /// Adds a method behind the last one that is a capability, and its test behind everything, if it stands there.
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
        edits.insert(source.text.len(), test.beside(&format!("{}_tests", capability.name), capability));
    }

    /// The method, spelled as the last one is; what it names is brought in.
    fn text(&self, module: &Module, capability: &Capability, edits: &mut Edits) -> String {
        let Capability { name, marker, standard } = capability;
        let mut bring_in = |path: &[&str], names| {
            let path: Vec<String> = path.iter().map(|&name| name.to_owned()).collect();
            imports::add_all(module, &path, names, edits)
        };
        let (request, answer) = (format!("{marker}Request"), format!("{marker}Response"));
        let [request, answer] = bring_in(&["connector", "capability"], [&request, &answer]);
        let [error, code] = bring_in(&["connector"], ["ConnectorError", "ErrorCode"]);
        let (text, like) = (&module.source.text, self.methods.last());
        let request = like
            .and_then(|method| with_first(text, method.request.as_ref()?, &request))
            .unwrap_or_else(|| format!("connector::Request<{request}{}>", self.further_types(text)));
        let answer = like
            .and_then(|method| with_innermost(text, method.answer.as_ref()?, &answer))
            .unwrap_or_else(|| format!("connector::Result<connector::Response<{answer}>>"));
        let visibility = like.map_or("", |method| &text[method.visibility.clone()]);
        let keyword = if like.is_none_or(|method| method.is_async) { "async fn" } else { "fn" };
        format!(
            "/// {}.\n{visibility}{keyword} {name}(\n    &self,\n    _request: {request},\n) -> {answer} {{\n{}}}",
            standard.summary,
            handler::body(capability, &error, &code)
        )
    }

    /// What stands in the SDK's `Request` behind the payload.
    fn further_types(&self, text: &str) -> String {
        let told = |given: &Option<Type>| given.as_ref().map(|given| text[range(given)].to_owned());
        handler::further(told(&self.about.settings), told(&self.about.auth), None)
    }
}

fn indented(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{indent}{line}")).collect();
    lines.join("\n")
}

/// `Request<A, S>` with another `A`.
fn with_first(text: &str, given: &Type, argument: &str) -> Option<String> {
    first_argument(given).map(|first| replaced(text, given, first, argument))
}

/// `Result<Response<A>, E>` with another `A`.
fn with_innermost(text: &str, given: &Type, argument: &str) -> Option<String> {
    let mut innermost = first_argument(given)?;
    while let Some(further) = first_argument(innermost) {
        innermost = further;
    }
    Some(replaced(text, given, innermost, argument))
}

fn replaced(text: &str, whole: &Type, part: &Type, by: &str) -> String {
    let (whole, part) = (range(whole), range(part));
    format!("{}{by}{}", &text[whole.start..part.start], &text[part.end..whole.end])
}

fn first_argument(given: &Type) -> Option<&Type> {
    let Type::Path(path) = given else { return None };
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
        self.0.extend(item.attrs.iter().find(|attribute| is_ours(attribute)).map(|ours| block(item, ours)));
        syn::visit::visit_item_impl(self, item);
    }
}

fn is_ours(attribute: &Attribute) -> bool {
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
    let given = |name: &str| {
        arguments.iter().find(|argument| argument.name == name).and_then(|argument| argument.given.clone())
    };
    Block {
        start: range(&item.impl_token).start,
        end: item.brace_token.span.close().byte_range().start,
        methods: item.items.iter().filter_map(method).collect(),
        further: Vec::new(),
        about: About { settings: given("settings"), auth: given("auth"), ..About::default() },
    }
}

/// `auth = Type`, `on_error(…)`.
struct Argument {
    name: Ident,
    given: Option<Type>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            return Ok(Self { name, given: Some(input.parse()?) });
        }
        let inner;
        syn::parenthesized!(inner in input);
        inner.parse::<proc_macro2::TokenStream>()?;
        Ok(Self { name, given: None })
    }
}

/// The method, if it is a capability: by its name or by an attribute, as the macro sees it.
fn method(item: &ImplItem) -> Option<Method> {
    let ImplItem::Fn(function) = item else { return None };
    let marker = marker(function)?;
    let request = function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(argument) => Some((*argument.ty).clone()),
        FnArg::Receiver(_) => None,
    });
    let answer = match &function.sig.output {
        ReturnType::Type(_, given) => Some((**given).clone()),
        ReturnType::Default => None,
    };
    let named = function.sig.asyncness.as_ref().map_or_else(|| range(&function.sig.fn_token), range);
    let visibility = match &function.vis {
        syn::Visibility::Inherited => named.start..named.start,
        given => range(given).start..named.start,
    };
    Some(Method {
        marker,
        name: range(&function.sig.ident).start,
        place: range(function),
        visibility,
        is_async: function.sig.asyncness.is_some(),
        request,
        answer,
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
