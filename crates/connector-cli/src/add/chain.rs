//! Where a connector registers its capabilities: the calls that follow on `Integration::builder(…)`.

use connector::Wire;
use syn::visit::Visit;
use syn::{Expr, ExprMethodCall, GenericArgument, Type};

use super::Capability;
use super::files::{Module, Package};
use crate::stop::Stop;
use crate::unasync::edit::{Bytes, Edits};
use crate::unasync::source::{Source, range};

/// The calls from `Integration::builder(…)` on.
pub(super) struct Chain {
    /// Each `register…`: the method, the last name of its first argument, and where the call ends.
    registrations: Vec<Registration>,
    /// The first call, `.build()` or what else is last.
    first: Bytes,
    last: usize,
    pub(super) settings: Option<Type>,
    pub(super) auth: Option<Type>,
    pub(super) wire: Wire,
    /// The function that gives the integration, if it can be called without more ado.
    pub(super) function: Option<String>,
}

struct Registration {
    method: String,
    marker: String,
    /// Where the call's dot is.
    dot: usize,
    end: usize,
}

/// # Errors
/// If the package has none, or several.
pub(super) fn the_only(package: &Package) -> Result<(&Module, Chain), Stop> {
    let mut found: Vec<(&Module, Chain)> = Vec::new();
    for module in &package.modules {
        let mut finder = Finder { function: None, chains: Vec::new() };
        finder.visit_file(&module.source.file);
        found.extend(finder.chains.into_iter().map(|chain| (module, chain)));
    }
    if found.len() > 1 {
        let places: Vec<String> = found
            .iter()
            .map(|(module, chain)| {
                let (line, _) = module.source.line_column(chain.first.start);
                format!("{}:{line}", module.path.display())
            })
            .collect();
        return Err(Stop::failed(format!("there are several integrations: {}", places.join(", "))));
    }
    found.pop().ok_or_else(|| {
        Stop::failed(format!(
            "there is no `Integration::builder(…)` with `.build()` in {}",
            package.sources().display()
        ))
    })
}

impl Chain {
    /// Where the capability is registered, if it is.
    pub(super) fn registered(&self, capability: &Capability) -> Option<usize> {
        let is_it = |registration: &&Registration| registration.marker == capability.marker;
        self.registrations.iter().find(is_it).map(|registration| registration.dot)
    }

    /// Whether handlers block, as the last one does.
    pub(super) fn is_blocking(&self) -> bool {
        self.registrations.last().is_some_and(|registration| registration.method == "register_blocking")
    }

    /// Adds a registration behind the last one, or before the end.
    pub(super) fn register(&self, source: &Source, arguments: &str, edits: &mut Edits) {
        let method = if self.is_blocking() { "register_blocking" } else { "register" };
        let call = format!(".{method}({arguments})");
        let text = &source.text;
        let (dot, end) = match self.registrations.last() {
            Some(registration) => (registration.dot, registration.end),
            None => (self.last, self.last),
        };
        let line = text[..dot].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = &text[line..dot];
        if !indent.trim().is_empty() {
            // All in one line.
            edits.insert(end, call);
        } else if self.registrations.is_empty() {
            edits.insert(end, format!("{call}\n{indent}"));
        } else {
            // A comment behind the last one stays there.
            let rest = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
            let is_comment = text[end..rest].trim_start().starts_with("//");
            edits.insert(if is_comment { rest } else { end }, format!("\n{indent}{call}"));
        }
    }
}

struct Finder {
    function: Option<String>,
    chains: Vec<Chain>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
        });
        if !is_test {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let name = item.sig.ident.to_string();
        let is_plain =
            item.sig.inputs.is_empty() && item.sig.asyncness.is_none() && item.sig.generics.params.is_empty();
        let outer = std::mem::replace(&mut self.function, (is_plain && name != "main").then_some(name));
        syn::visit::visit_item_fn(self, item);
        self.function = outer;
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        match links(call) {
            Some(links) => self.chains.extend(chain(&links, self.function.clone())),
            None => syn::visit::visit_expr_method_call(self, call),
        }
    }
}

/// The calls on `Integration::builder(…)`, in order, if that is what `call` begins with.
fn links(call: &ExprMethodCall) -> Option<Vec<&ExprMethodCall>> {
    let mut links = vec![call];
    loop {
        match &*links.last()?.receiver {
            Expr::MethodCall(call) => links.push(call),
            Expr::Call(call) if is_builder(&call.func) => {
                links.reverse();
                return Some(links);
            }
            _ => return None,
        }
    }
}

fn is_builder(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.ends_with(&["Integration".to_owned(), "builder".to_owned()])
}

/// `None` if nothing is built.
fn chain(links: &[&ExprMethodCall], function: Option<String>) -> Option<Chain> {
    let (first, last) = (links.first()?, links.iter().rfind(|link| is_end(link))?);
    // What `build` gives may be called as well, but it is no integration any more that one could call the function for.
    let mut chain = Chain {
        registrations: Vec::new(),
        first: range(*first),
        last: range(&last.dot_token).start,
        settings: None,
        auth: None,
        wire: Wire::default(),
        function: function.filter(|_| links.last().is_some_and(|link| is_end(link))),
    };
    for link in links {
        let method = link.method.to_string();
        let argument = link.args.first().and_then(last_name);
        match method.as_str() {
            "settings" => chain.settings = type_argument(link),
            "auth" => chain.auth = type_argument(link),
            "wire" if argument.as_deref() == Some("OpenApi") => chain.wire = Wire::OpenApi,
            "register" | "register_blocking" => chain.registrations.push(Registration {
                method,
                marker: argument.unwrap_or_default(),
                dot: range(&link.dot_token).start,
                end: range(*link).end,
            }),
            _ => {}
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

fn type_argument(call: &ExprMethodCall) -> Option<Type> {
    match call.turbofish.as_ref()?.args.first()? {
        GenericArgument::Type(given) => Some(given.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(text: &str, call: &str) -> String {
        let source = Source::parse(text.to_owned()).map_err(|error| error.reason).unwrap();
        let mut finder = Finder { function: None, chains: Vec::new() };
        finder.visit_file(&source.file);
        let mut edits = Edits::default();
        finder.chains.pop().unwrap().register(&source, call, &mut edits);
        edits.apply(text, &[]).unwrap()
    }

    #[test]
    fn a_registration_follows_the_last_one_and_comments_stay_where_they_are() {
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
    fn the_first_registration_comes_before_the_end() {
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
