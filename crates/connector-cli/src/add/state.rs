//! The type of the state that handlers share, as a new handler writes it.

use syn::visit::Visit;
use syn::{Expr, ExprCall, ExprMethodCall, GenericArgument, ItemMod, PathArguments, Type, TypePath};

use super::chain::is_test;
use super::files::{Module, Package};
use super::handler::absolute_type;
use crate::stop::Stop;

/// What to do if the type can't be inferred, or was inferred wrongly.
pub(super) const HINT: &str = "specify it, for example `.state::<Arc<Shared>>(shared)`, or in an alias \
                               `type Request<P> = connector::Request<P, Settings, Credentials, Arc<Shared>>`";

/// Types of the standard library (and of crates that follow it) that hold a value of another type.
const WRAPPERS: [&str; 4] = ["Arc", "Box", "Mutex", "RwLock"];

/// The type of the argument of `.state(…)`, as a new handler can write it.
///
/// It is taken from the call's type argument, from another handler's request, or from the argument itself.
///
/// # Errors
/// If none of them shows it.
pub(super) fn state_type(package: &Package, module: &Module, call: &ExprMethodCall) -> Result<String, Stop> {
    type_argument(call)
        .map(|argument| absolute_type(module, &argument))
        .or_else(|| package.modules.iter().find_map(in_requests))
        .or_else(|| type_of(module, call.args.first()?))
        .ok_or_else(|| Stop::failed(format!("cannot infer the type of the state from the code: {HINT}")))
}

/// The type argument of a method call, as in `.state::<Type>(…)`.
pub(super) fn type_argument(call: &ExprMethodCall) -> Option<Type> {
    match call.turbofish.as_ref()?.args.first()? {
        GenericArgument::Type(argument) if !matches!(argument, Type::Infer(_)) => Some(argument.clone()),
        _ => None,
    }
}

/// The type of `Shared { … }`, `Shared::new(…)`, `Shared` and `Arc::new(shared)`.
fn type_of(module: &Module, value: &Expr) -> Option<String> {
    let mut path = match value {
        Expr::Struct(value) => value.path.clone(),
        Expr::Path(value) => value.path.clone(),
        Expr::Call(ExprCall { func, .. }) => match &**func {
            Expr::Path(function) => function.path.clone(),
            _ => return None,
        },
        _ => return None,
    };
    let is_type = |path: &syn::Path| {
        let last = path.segments.last().map(|segment| segment.ident.to_string());
        last.is_some_and(|last| last.starts_with(char::is_uppercase) && last.chars().any(char::is_lowercase))
    };
    let is_new = path.segments.last().is_some_and(|last| last.ident == "new");
    if !is_type(&path) {
        path.segments.pop();
        path.segments.pop_punct();
    }
    if !is_type(&path) {
        return None;
    }
    let last = path.segments.last()?;
    let is_wrapper = WRAPPERS.iter().any(|wrapper| last.ident == wrapper) && last.arguments.is_none();
    let inner = match value {
        Expr::Call(call) if is_wrapper && is_new => format!("<{}>", type_of(module, call.args.first()?)?),
        _ if is_wrapper => return None,
        _ => String::new(),
    };
    let path = TypePath { attrs: Vec::new(), qself: None, path };
    Some(absolute_type(module, &Type::Path(path)) + &inner)
}

/// The state in the first `Request` of a module that has one.
fn in_requests(module: &Module) -> Option<String> {
    let mut finder = Finder(None);
    finder.visit_file(&module.source.file);
    finder.0.map(|state| absolute_type(module, &state))
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
        if let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &last.arguments)
            && let Some(GenericArgument::Type(state)) = arguments.args.iter().nth(3)
        {
            self.0.get_or_insert_with(|| state.clone());
        }
        syn::visit::visit_type_path(self, path);
    }
}
