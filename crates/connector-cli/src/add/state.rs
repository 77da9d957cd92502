//! The type of the state that handlers share, as a new handler names it.

use syn::visit::Visit;
use syn::{Expr, ExprMethodCall, GenericArgument, ItemMod, PathArguments, Type, TypePath};

use super::chain::is_test;
use super::files::{Module, Package};
use super::handler::told;
use crate::stop::Stop;

/// How a new handler names the type of what `.state(…)` is given.
///
/// Other handlers name it, or an alias that the new one cannot use. Without either the call itself may tell.
///
/// # Errors
/// If none of them does.
pub(super) fn state_type(package: &Package, module: &Module, call: &ExprMethodCall) -> Result<String, Stop> {
    let named = type_argument(call).map(|given| told(module, &given));
    let named = named.or_else(|| package.modules.iter().find_map(in_requests));
    let named = named.or_else(|| made_by(call.args.first()?).map(|given| told(module, &given)));
    named.ok_or_else(|| {
        Stop::failed(
            "the type of the state cannot be told from the code: name it, as in `.state::<Shared>(shared)`, \
             or in an alias `type Request<P> = connector::Request<P, Settings, Credentials, Shared>`",
        )
    })
}

/// The type that is named in angle brackets behind a method.
pub(super) fn type_argument(call: &ExprMethodCall) -> Option<Type> {
    match call.turbofish.as_ref()?.args.first()? {
        GenericArgument::Type(given) if !matches!(given, Type::Infer(_)) => Some(given.clone()),
        _ => None,
    }
}

/// The type of `Shared { … }`, `Shared::new(…)` and `Shared`.
fn made_by(value: &Expr) -> Option<Type> {
    let mut path = match value {
        Expr::Struct(made) => made.path.clone(),
        Expr::Path(made) => made.path.clone(),
        Expr::Call(call) => match &*call.func {
            Expr::Path(function) => function.path.clone(),
            _ => return None,
        },
        _ => return None,
    };
    let is_type = |path: &syn::Path| {
        let last = path.segments.last().map(|segment| segment.ident.to_string());
        last.is_some_and(|last| last.starts_with(char::is_uppercase) && last.chars().any(char::is_lowercase))
    };
    if !is_type(&path) {
        path.segments.pop();
        path.segments.pop_punct();
    }
    is_type(&path).then(|| Type::Path(TypePath { attrs: Vec::new(), qself: None, path }))
}

/// What a module names behind the credentials, where it first names a request with a state.
fn in_requests(module: &Module) -> Option<String> {
    let mut finder = Finder(None);
    finder.visit_file(&module.source.file);
    finder.0.map(|given| told(module, &given))
}

struct Finder(Option<Type>);

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(item) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_type_path(&mut self, path: &'ast TypePath) {
        let last = path.path.segments.last().filter(|last| last.ident == "Request");
        if let Some(PathArguments::AngleBracketed(given)) = last.map(|last| &last.arguments)
            && let Some(GenericArgument::Type(state)) = given.args.iter().nth(3)
        {
            self.0.get_or_insert_with(|| state.clone());
        }
        syn::visit::visit_type_path(self, path);
    }
}
