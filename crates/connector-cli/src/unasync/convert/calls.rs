//! Converts function and method calls.

use syn::visit::{self, Visit as _};
use syn::{Expr, ExprCall, ExprMethodCall, Pat};

use super::super::rules::{CallRule, Outcome, Spawn};
use super::super::scope::rejection;
use super::super::source::{names, range};
use super::super::template::Template;
use super::waiting::{end_of, places};
use super::{Converter, STORED, Use};

const NOT_AWAITED: &str =
    "this returns a future that is not awaited at once: without async it would run here";

impl<'a> Converter<'a> {
    /// `with_await` is the end of the `.await` that the call's rule removes.
    pub(super) fn call(&mut self, call: &ExprCall, used: Use, with_await: Option<usize>) {
        if let Some(inner) = self.boxed(call)
            && (used != Use::Value)
        {
            self.edits.delete(range(&call.func).start..range(inner).start);
            self.edits.delete(range(inner).end..end_of(&call.paren_token, None));
            return self.expr(inner, used);
        }
        if let Some(spawn) = self.spawn_of(call) {
            self.visit_expr(&call.func);
            return self.spawn(call, spawn);
        }
        if let Some(rule) = self.call_rule(call, used == Use::Awaited)
            && let Expr::Path(function) = &*call.func
        {
            let at = range(&function.path).start;
            call.args.iter().for_each(|arg| self.visit_expr(arg));
            match &rule.outcome {
                Outcome::Refuse(reason) => self.reject(at, rejection(&self.resolve(&function.path), reason)),
                Outcome::To(_) if rule.inline && call.args.iter().any(|arg| matches!(arg, Expr::Path(_))) => {
                    self.reject(at, STORED);
                }
                Outcome::To(template) => {
                    self.fill(template, at, &call.args, end_of(&call.paren_token, with_await));
                }
            }
            return;
        }
        if used == Use::Value && self.is_own_future(call) {
            self.reject(range(call).start, NOT_AWAITED);
        }
        self.visit_expr(&call.func);
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    pub(super) fn method(&mut self, call: &ExprMethodCall, used: Use, with_await: Option<usize>) {
        let name = call.method.to_string();
        let at = range(&call.method).start;
        let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        if matches!(name.as_str(), "boxed" | "boxed_local")
            && call.args.is_empty()
            && (used == Use::Awaited || (used == Use::Returned && matches!(&*call.receiver, Expr::Async(_))))
        {
            self.edits.delete(range(&call.receiver).end..end_of(&call.paren_token, None));
            return self.expr(&call.receiver, used);
        }
        let rule = self.method_rule(call, used == Use::Awaited);
        if let Some(rule) = rule {
            let functions = [&self.survey.futures, &self.survey.values];
            let is_own = functions.iter().any(|functions| functions.methods.contains(&name));
            if !(is_own && on_self) {
                self.visit_expr(&call.receiver);
                call.args.iter().for_each(|arg| self.visit_expr(arg));
                match &rule.outcome {
                    _ if is_own => self.reject(
                        at,
                        format!(
                            "{name} is both a method of this folder and of a rule: rename it, or change the rule"
                        ),
                    ),
                    Outcome::Refuse(reason) => self.reject(at, format!("{name}: {reason}")),
                    Outcome::To(_) if call.turbofish.is_some() => {
                        self.reject(
                            at,
                            format!("{name}: its rule does not support type arguments"),
                        );
                    }
                    Outcome::To(template) => {
                        self.fill(template, at, &call.args, end_of(&call.paren_token, with_await));
                    }
                }
                return;
            }
        }
        let (futures, values) = (&self.survey.futures.methods, &self.survey.values.methods);
        if used == Use::Value
            && on_self
            && self.foreign_macros == 0
            && futures.contains(&name)
            && !values.contains(&name)
        {
            self.reject(range(call).start, NOT_AWAITED);
        }
        if name == "push"
            && let (Expr::Path(collection), Some(Expr::Call(task))) = (&*call.receiver, call.args.first())
            && let Some(collection) = collection.path.get_ident()
            && self.spawn_of(task).is_some()
        {
            self.tasks.collections.push(collection.to_string());
        }
        self.visit_expr(&call.receiver);
        if let Some(turbofish) = &call.turbofish {
            self.visit_angle_bracketed_generic_arguments(turbofish);
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    /// Replaces the range from `start` to `end` with a template, filled with the arguments.
    fn fill(
        &mut self,
        template: &Template,
        start: usize,
        args: &syn::punctuated::Punctuated<Expr, syn::Token![,]>,
        end: usize,
    ) {
        let mut at = start;
        let mut closing = "";
        for ((arg, place), piece) in args.iter().zip(places(args)).zip(&template.pieces) {
            let stands_alone = piece.ends_with(['(', ' ', ',']) || binds_tightly(arg);
            let (open, close) = if stands_alone { ("", "") } else { ("(", ")") };
            self.edits.replace(at..place.start, format!("{closing}{piece}{open}"));
            closing = close;
            at = place.end;
        }
        let last = template.pieces.last().map_or("", String::as_str);
        self.edits.replace(at..end, format!("{closing}{last}"));
    }

    fn spawn(&mut self, call: &ExprCall, spawn: Spawn) {
        match (spawn, call.args.first()) {
            (Spawn::Future, Some(Expr::Async(block))) => self.thread_block(block),
            (Spawn::Future, Some(Expr::Call(inner))) if inner.args.iter().all(is_plain) => {
                self.edits.insert(range(inner).start, "move || ");
                self.call(inner, Use::Awaited, None);
            }
            (Spawn::Future, Some(Expr::MethodCall(inner))) if inner.args.iter().all(is_plain) && is_plain(&inner.receiver) => {
                self.edits.insert(range(inner).start, "move || ");
                self.method(inner, Use::Awaited, None);
            }
            (Spawn::Future, Some(other)) => self.reject(
                range(other).start,
                "only an async block, or a call whose arguments are plain names, can be spawned: any other argument would be \
                 evaluated in the thread",
            ),
            (Spawn::Closure, _) | (_, None) => call.args.iter().for_each(|arg| self.visit_expr(arg)),
        }
    }

    /// The argument, if the call is `Box::pin(…)`.
    pub(super) fn boxed<'e>(&self, call: &'e ExprCall) -> Option<&'e Expr> {
        let Expr::Path(function) = &*call.func else { return None };
        let path = self.resolve(&function.path).join("::");
        let is_box = matches!(path.as_str(), "Box::pin" | "std::boxed::Box::pin");
        (is_box && call.args.len() == 1).then(|| call.args.first()).flatten()
    }

    pub(super) fn spawn_of(&self, call: &ExprCall) -> Option<Spawn> {
        let Expr::Path(function) = &*call.func else { return None };
        self.rules.spawn(&self.resolve(&function.path))
    }

    fn call_rule(&self, call: &ExprCall, awaited: bool) -> Option<&'a CallRule> {
        let Expr::Path(function) = &*call.func else { return None };
        self.rules.call(&self.resolve(&function.path), call.args.len(), awaited)
    }

    fn method_rule(&self, call: &ExprMethodCall, awaited: bool) -> Option<&'a CallRule> {
        let survey = self.survey;
        self.rules.method(&call.method.to_string(), call.args.len(), awaited, |path| survey.uses(path))
    }

    pub(super) fn call_removes_await(&self, call: &ExprCall) -> bool {
        self.boxed(call).is_none() && self.call_rule(call, true).is_some_and(|rule| rule.awaited)
    }

    pub(super) fn method_removes_await(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        let is_own =
            self.survey.futures.methods.contains(&name) || self.survey.values.methods.contains(&name);
        !(is_own && on_self) && self.method_rule(call, true).is_some_and(|rule| rule.awaited)
    }

    /// Whether the call is to a function or an associated function of this folder that returns a future.
    fn is_own_future(&self, call: &ExprCall) -> bool {
        let Expr::Path(function) = &*call.func else { return false };
        let path = self.resolve(&function.path);
        let Some(name) = path.last() else { return false };
        let (futures, values) = (&self.survey.futures, &self.survey.values);
        let is_local = |first: &str| matches!(first, "crate" | "self" | "super");
        self.foreign_macros == 0
            && if path.len() == 1 || is_local(&path[0]) {
                futures.free.contains(name) && !values.free.contains(name)
            } else {
                path[0] == "Self" && futures.methods.contains(name) && !values.methods.contains(name)
            }
    }

    /// Records a variable that holds one or more task handles.
    pub(super) fn record_tasks(&mut self, pat: &Pat, init: &Expr) {
        let Some(name) = pattern_name(pat) else { return };
        if matches!(init, Expr::Call(call) if self.spawn_of(call).is_some()) {
            self.tasks.handles.push(name);
        } else if self.spawns_inside(init) {
            self.tasks.collections.push(name);
        }
    }

    fn spawns_inside(&self, expr: &Expr) -> bool {
        struct Finder<'c, 'a>(&'c Converter<'a>, bool);
        impl<'ast> visit::Visit<'ast> for Finder<'_, '_> {
            fn visit_expr_call(&mut self, call: &'ast ExprCall) {
                self.1 |= self.0.spawn_of(call).is_some();
                visit::visit_expr_call(self, call);
            }
        }
        let mut finder = Finder(self, false);
        finder.visit_expr(expr);
        finder.1
    }

    /// Records the variable of a loop over task handles.
    pub(super) fn record_task_loop(&mut self, expr: &Expr) {
        let Expr::ForLoop(for_loop) = expr else { return };
        let mut over = &*for_loop.expr;
        while let Expr::MethodCall(ExprMethodCall { receiver: inner, .. })
        | Expr::Reference(syn::ExprReference { expr: inner, .. }) = over
        {
            over = inner;
        }
        if let (Expr::Path(over), Some(name)) = (over, pattern_name(&for_loop.pat))
            && names(&over.path).first().is_some_and(|over| self.tasks.collections.contains(over))
        {
            self.tasks.handles.push(name);
        }
    }
}

fn pattern_name(pat: &Pat) -> Option<String> {
    match pat {
        Pat::Ident(name) => Some(name.ident.to_string()),
        Pat::Type(typed) => pattern_name(&typed.pat),
        _ => None,
    }
}

/// Whether it doesn't matter when the expression is evaluated.
fn is_plain(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(_) | Expr::Lit(_))
}

/// Whether a method can be called on the expression without parentheses.
fn binds_tightly(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Path(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Macro(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Array(_)
            | Expr::Tuple(_)
            | Expr::Lit(_)
            | Expr::Await(_)
            | Expr::Try(_)
    )
}
