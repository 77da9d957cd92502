//! The chain of calls on `Integration::builder(…)`, where a connector registers its capabilities.

use connector::Wire;
use syn::visit::Visit;
use syn::{Expr, ExprMethodCall, ItemMod};

use super::about::About;
use super::capability::{BUILT_IN, Capability};
use super::files::Module;
use super::imports::absolute_name;
use super::state::type_argument;
use crate::unasync::edit::{Bytes, Edits};
use crate::unasync::source::{Source, names, range};

/// The calls on `Integration::builder(…)` or `.into_builder(…)`.
pub(super) struct Chain {
    registrations: Vec<Registration>,
    /// The marker types of built-in capabilities, and the positions of the calls that add them.
    built_in: Vec<(&'static str, usize)>,
    /// The position of the first call.
    first: Bytes,
    /// The position of `.build()` or `.try_build()`.
    last: usize,
    /// Whether the builder is that of an `impl` block.
    pub(super) is_of_block: bool,
    pub(super) about: About,
}

/// A call of `register` or `register_blocking`.
struct Registration {
    method: String,
    /// The last segment of the first argument.
    marker: String,
    /// The position of the call's dot.
    dot: usize,
    end: usize,
}

/// All chains of a module, except in tests.
pub(super) fn all(module: &Module) -> Vec<Chain> {
    let mut finder = Finder { module, function: None, chains: Vec::new() };
    finder.visit_file(&module.source.file);
    finder.chains
}

impl Chain {
    /// The position of its start.
    pub(super) const fn start(&self) -> usize {
        self.first.start
    }

    /// The position where the capability is registered, if it is.
    pub(super) fn registered(&self, capability: &Capability) -> Option<usize> {
        let is_it = |registration: &&Registration| registration.marker == capability.marker;
        let built_in = self.built_in.iter().find(|(marker, _)| *marker == capability.marker);
        let registration = self.registrations.iter().find(is_it).map(|registration| registration.dot);
        registration.or(built_in.map(|(_, dot)| *dot))
    }

    /// Whether the last handler is blocking; a new one is then too.
    pub(super) fn is_blocking(&self) -> bool {
        self.registrations.last().is_some_and(|registration| registration.method == "register_blocking")
    }

    /// Adds a registration after the last one, or before the final call.
    pub(super) fn register(&self, source: &Source, arguments: &str, edits: &mut Edits) {
        let method = if self.is_blocking() { "register_blocking" } else { "register" };
        let call = format!(".{method}({arguments})");
        let (dot, end) = match self.registrations.last() {
            Some(registration) => (registration.dot, registration.end),
            None => (self.last, self.last),
        };
        let indent = source.line_before(dot);
        if !indent.trim().is_empty() {
            // The whole chain is in one line.
            edits.insert(end, call);
        } else if self.registrations.is_empty() {
            edits.insert(end, format!("{call}\n{indent}"));
        } else {
            edits.insert(source.with_comment(end), format!("\n{indent}{call}"));
        }
    }
}

struct Finder<'a> {
    module: &'a Module,
    function: Option<String>,
    chains: Vec<Chain>,
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(item) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let name = item.sig.ident.to_string();
        let is_plain =
            item.sig.inputs.is_empty() && item.sig.asyncness.is_none() && item.sig.generics.params.is_empty();
        let function = (is_plain && name != "main").then(|| absolute_name(self.module, &name));
        let outer = std::mem::replace(&mut self.function, function);
        syn::visit::visit_item_fn(self, item);
        self.function = outer;
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        match links(call) {
            Some((links, is_of_block)) => {
                self.chains.extend(chain(&links, is_of_block, self.function.clone()));
            }
            None => syn::visit::visit_expr_method_call(self, call),
        }
    }
}

/// Whether the module is for tests only.
pub(super) fn is_test(item: &ItemMod) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// The calls on `Integration::builder(…)` or `.into_builder(…)`, if `call` starts with either, and whether it is the
/// latter.
fn links(call: &ExprMethodCall) -> Option<(Vec<&ExprMethodCall>, bool)> {
    let mut links = vec![call];
    let is_of_block = loop {
        match &*links.last()?.receiver {
            Expr::MethodCall(call) if call.method == "into_builder" => break true,
            Expr::MethodCall(call) => links.push(call),
            Expr::Call(call) if is_builder(&call.func) => break false,
            _ => return None,
        }
    };
    links.reverse();
    Some((links, is_of_block))
}

fn is_builder(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    names(&path.path).ends_with(&["Integration".to_owned(), "builder".to_owned()])
}

/// `None` if the chain doesn't build an integration.
fn chain(links: &[&ExprMethodCall], is_of_block: bool, function: Option<String>) -> Option<Chain> {
    let (first, last) = (links.first()?, links.iter().rfind(|link| is_end(link))?);
    // If other calls follow `build`, or if `try_build` is used, the function doesn't return an integration.
    let mut chain = Chain {
        registrations: Vec::new(),
        built_in: Vec::new(),
        first: range(*first),
        last: range(&last.dot_token).start,
        is_of_block,
        about: About {
            function: function.filter(|_| links.last().is_some_and(|link| link.method == "build")),
            ..About::default()
        },
    };
    for link in links {
        let method = link.method.to_string();
        let argument = link.args.first().and_then(last_name);
        match method.as_str() {
            "settings" => chain.about.settings = type_argument(link),
            "state" => chain.about.state = Some((*link).clone()),
            "auth" => chain.about.auth = type_argument(link),
            "wire" if argument.as_deref() == Some("OpenApi") => chain.about.wire = Wire::OpenApi,
            "register" | "register_blocking" => chain.registrations.push(Registration {
                method,
                marker: argument.unwrap_or_default(),
                dot: range(&link.dot_token).start,
                end: range(*link).end,
            }),
            _ => chain.built_in.extend(
                BUILT_IN
                    .iter()
                    .filter(|(known, _)| *known == method)
                    .map(|(_, marker)| (*marker, range(&link.dot_token).start)),
            ),
        }
    }
    Some(chain)
}

fn is_end(link: &ExprMethodCall) -> bool {
    link.method == "build" || link.method == "try_build"
}

fn last_name(expression: &Expr) -> Option<String> {
    let Expr::Path(path) = expression else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add::files::tests::module;

    fn registered(text: &str, call: &str) -> String {
        let module = module(&["integration"], text);
        let mut edits = Edits::default();
        all(&module).pop().unwrap().register(&module.source, call, &mut edits);
        edits.apply(text, &[]).unwrap()
    }

    #[test]
    fn registrations_follow_the_last_one_and_its_comment() {
        let text = "fn f() -> I {\n    Integration::builder(\"a\") // whose\n        .register(A, a) // first\n        // then\n        .build()\n}\n";
        assert_eq!(
            registered(text, "B, b"),
            text.replace("// first\n", "// first\n        .register(B, b)\n")
        );
        let blocking = text.replace("register(A", "register_blocking(A").replace(" // first", "");
        assert_eq!(
            registered(&blocking, "B, b"),
            blocking.replace("(A, a)\n", "(A, a)\n        .register_blocking(B, b)\n")
        );
    }

    #[test]
    fn the_first_registration_precedes_the_final_call() {
        assert_eq!(
            registered("fn f() { connector::Integration::builder(\"a\").build() }", "B, b"),
            "fn f() { connector::Integration::builder(\"a\").register(B, b).build() }"
        );
        let text = "fn f() {\n    Integration::builder(\"a\")\n        .build()\n}";
        assert_eq!(
            registered(text, "B, b"),
            "fn f() {\n    Integration::builder(\"a\")\n        .register(B, b)\n        .build()\n}"
        );
    }
}
