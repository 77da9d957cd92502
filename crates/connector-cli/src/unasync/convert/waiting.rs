//! Converts `.await`, async blocks and closures.

use syn::visit::{self, Visit};
use syn::{Expr, ExprAsync, ExprAwait, ExprClosure};

use super::super::edit::Bytes;
use super::super::source::range;
use super::{Converter, STORED, Use};

const STORED_BLOCK: &str = "an async block that is not awaited at once: without async it would run here. Turn it into a \
                            closure, and call it where it is awaited";

impl Converter<'_> {
    /// `is_statement` is whether a block may stay here as it is.
    pub(super) fn wait(&mut self, wait: &ExprAwait, is_statement: bool) {
        let end = range(&wait.await_token).end;
        match &*wait.base {
            Expr::Async(block) => {
                self.async_block(block, Use::Awaited, is_statement);
                self.delete_await(wait);
            }
            Expr::MethodCall(call) if self.method_removes_await(call) => {
                self.method(call, Use::Awaited, Some(end));
            }
            Expr::Call(call) if self.call_removes_await(call) => self.call(call, Use::Awaited, Some(end)),
            base if self.is_task(base) => {
                self.visit_expr(base);
                self.edits.replace(range(&wait.await_token), "join()");
            }
            base => {
                if takes_from_variable(base) {
                    self.reject(range(base).start, STORED);
                }
                self.expr(base, Use::Awaited);
                self.delete_await(wait);
            }
        }
    }

    fn delete_await(&mut self, wait: &ExprAwait) {
        let dot = range(&wait.dot_token).start;
        let gap = range(&wait.base).end..dot;
        let start = if self.source.has_comment(&gap) { dot } else { gap.start };
        self.edits.delete(start..range(&wait.await_token).end);
    }

    pub(super) fn async_block(&mut self, block: &ExprAsync, used: Use, is_statement: bool) {
        block.attrs.iter().for_each(|attr| self.visit_attribute(attr));
        let place = range(&block.block);
        let head = range(&block.async_token).start..place.start;
        match used {
            Use::Awaited if has_early_exit(&block.block) => {
                self.edits.replace(head, if block.capture.is_some() { "(move || " } else { "(|| " });
                self.edits.insert(place.end, ")()");
            }
            Use::Awaited if !is_statement => {
                self.edits.replace(head, "(");
                self.edits.insert(place.end, ")");
            }
            Use::Awaited | Use::Returned => self.edits.delete(head),
            Use::Value => self.reject(head.start, STORED_BLOCK),
        }
        self.with_returns_future(false, |this| this.block(&block.block, Use::Value));
    }

    /// Converts an async block to the closure that a thread runs.
    pub(super) fn thread_block(&mut self, block: &ExprAsync) {
        let head = range(&block.async_token).start..range(&block.block).start;
        self.edits.replace(head, if block.capture.is_some() { "move || " } else { "|| " });
        self.with_returns_future(false, |this| this.block(&block.block, Use::Value));
    }

    pub(super) fn closure(&mut self, closure: &ExprClosure) {
        closure.attrs.iter().for_each(|attr| self.visit_attribute(attr));
        if let Some(keyword) = &closure.asyncness {
            self.delete_keyword(range(keyword));
        }
        closure.inputs.iter().for_each(|input| self.visit_pat(input));
        self.visit_return_type(&closure.output);
        let returns_future = closure.asyncness.is_none();
        if returns_future && closure.capture.is_none() && self.is_moving_block(&closure.body) {
            self.edits.insert(range(&closure.inputs_begin).start, "move ");
        }
        let used = if returns_future { Use::Returned } else { Use::Value };
        self.with_returns_future(returns_future, |this| this.expr(&closure.body, used));
    }

    /// Whether it is `async move { … }`, boxed or not: its variables are moved into the enclosing closure.
    fn is_moving_block(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Async(block) => block.capture.is_some(),
            Expr::Call(call) => self.boxed(call).is_some_and(|inner| self.is_moving_block(inner)),
            _ => false,
        }
    }

    /// Visits code that has its own `return`.
    pub(super) fn with_returns_future(&mut self, returns_future: bool, visit: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.returns_future, returns_future);
        visit(self);
        self.returns_future = outside;
    }

    /// Whether it is `tokio::spawn(…)`, or a variable that holds its result.
    fn is_task(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => self.spawn_of(call).is_some(),
            Expr::Path(path) => {
                path.path.get_ident().is_some_and(|name| self.tasks.handles.contains(&name.to_string()))
            }
            _ => false,
        }
    }
}

/// Whether `expr` takes a value out of a variable: `a.unwrap()`, `self.a.take().unwrap()`, `a.as_mut()`.
fn takes_from_variable(expr: &Expr) -> bool {
    let Expr::MethodCall(call) = expr else { return false };
    let takes = |name: &syn::Ident| ["as_mut", "clone", "expect", "unwrap"].iter().any(|taker| name == taker);
    let gives =
        |name: &syn::Ident| ["pop", "remove", "swap_remove", "take"].iter().any(|giver| name == giver);
    if !takes(&call.method) {
        return false;
    }
    let mut from = &*call.receiver;
    while let Expr::MethodCall(call) = from
        && (takes(&call.method) || gives(&call.method))
    {
        from = &call.receiver;
    }
    matches!(from, Expr::Path(_) | Expr::Field(_) | Expr::Index(_))
}

/// Whether a `return` or `?` exits `block` itself.
fn has_early_exit(block: &syn::Block) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Return(_) | Expr::Try(_) => self.0 = true,
                Expr::Async(_) | Expr::Closure(_) => {}
                _ => visit::visit_expr(self, expr),
            }
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            // Macro arguments may be anything, so assume the worst.
            let text = mac.tokens.to_string();
            self.0 |= text.contains('?') || text.contains("return");
        }
    }
    let mut finder = Finder(false);
    finder.visit_block(block);
    finder.0
}

/// The end of an argument list, or of the `.await` after it.
pub(super) fn end_of(call: &syn::token::Paren, with_await: Option<usize>) -> usize {
    with_await.unwrap_or_else(|| call.span.close().byte_range().end)
}

/// The ranges of expressions.
pub(super) fn places<'a>(exprs: impl IntoIterator<Item = &'a Expr>) -> Vec<Bytes> {
    exprs.into_iter().map(range).collect()
}
