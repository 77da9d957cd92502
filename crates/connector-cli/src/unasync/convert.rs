//! Converts async source code to blocking code.
//!
//! The syntax tree determines what to edit and what to reject; the edits are made in the text. A future is lazy: a call
//! only runs when it is awaited. So a call is converted only if it is awaited where it is made, and rejected if its
//! future is stored, passed on, or raced with another.

mod calls;
mod generics;
mod macros;
mod names;
mod paths;
mod types;
mod waiting;

use std::collections::HashMap;

use syn::visit::{self, Visit};
use syn::{Block, Expr, Stmt};

use super::edit::{Bytes, Edits};
use super::future;
use super::rules::Rules;
use super::scope::{Scopes, Survey};
use super::source::{Source, names, range};

/// Why a future in a variable is rejected.
const STORED: &str = "this future was created earlier: without async it would already have run. Await the call where it is made";

/// Something that cannot be converted: a byte offset and the reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rejection {
    pub(super) at: usize,
    pub(super) reason: String,
}

/// Converts `source` to blocking code. `survey` describes the folder that contains it.
///
/// # Errors
/// Everything that cannot be converted, in order.
pub(super) fn convert(source: &Source, rules: &Rules, survey: &Survey) -> Result<String, Vec<Rejection>> {
    let mut converter = Converter {
        source,
        rules,
        survey,
        edits: Edits::default(),
        rejections: Vec::new(),
        scopes: Scopes::default(),
        imported: Vec::new(),
        future_parameters: Vec::new(),
        tasks: Tasks::default(),
        returns_future: false,
        is_returned_type: false,
        foreign_macros: 0,
        function: 0..source.text.len(),
    };
    converter.module(&source.file.items, &source.file.attrs);
    converter.rename();
    converter.reject_remaining_keywords();
    let Converter { edits, mut rejections, .. } = converter;
    if rejections.is_empty() {
        match edits.apply(&source.text, &source.comments) {
            Ok(text) => return Ok(text),
            Err(place) => rejections.push(Rejection {
                at: place.start,
                reason: "two rules change this in different ways".to_owned(),
            }),
        }
    }
    rejections.sort();
    rejections.dedup();
    Err(rejections)
}

/// How the value of an expression is used, as far as that matters for futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Awaited immediately.
    Awaited,
    /// Returned to a caller that awaits it immediately.
    Returned,
    /// Anything else.
    Value,
}

/// The variables that hold task handles.
#[derive(Debug, Default)]
struct Tasks {
    handles: Vec<String>,
    /// Collections of task handles.
    collections: Vec<String>,
}

struct Converter<'a> {
    source: &'a Source,
    rules: &'a Rules,
    survey: &'a Survey,
    edits: Edits,
    rejections: Vec<Rejection>,
    scopes: Scopes,
    /// For each scope, the names that its `use` declarations import after the conversion: the path, and whether it
    /// changed.
    imported: Vec<HashMap<String, (Vec<String>, bool)>>,
    /// Type parameters that are futures, with the ranges of their outputs.
    future_parameters: Vec<(String, Bytes)>,
    tasks: Tasks,
    /// Whether `return` returns a future to a caller that awaits it.
    returns_future: bool,
    /// Whether the type visited next is a return type.
    is_returned_type: bool,
    /// Number of enclosing macros that are unknown.
    foreign_macros: usize,
    /// The enclosing function.
    function: Bytes,
}

impl Converter<'_> {
    fn reject(&mut self, at: usize, reason: impl Into<String>) {
        self.rejections.push(Rejection { at, reason: reason.into() });
    }

    /// Deletes a keyword and the white space after it.
    fn delete_keyword(&mut self, keyword: Bytes) {
        let end = self.source.space_after(keyword.end);
        self.edits.delete(keyword.start..end);
    }

    fn resolve(&self, path: &syn::Path) -> Vec<String> {
        self.scopes.resolve(&names(path))
    }

    /// The output of `ty`, if it is a future.
    fn future_output<'t>(&self, ty: &'t syn::Type) -> Option<&'t syn::Type> {
        future::output(ty, &|path| self.rules.canonical(&self.scopes.resolve(path)))
    }

    fn enter<'i>(&mut self, items: impl Iterator<Item = &'i syn::Item>, is_module: bool) {
        let uses = items.filter_map(|item| match item {
            syn::Item::Use(item) => Some(item),
            _ => None,
        });
        self.scopes.enter(uses, is_module, self.rules, &self.survey.modules);
        self.imported.push(HashMap::new());
    }

    fn leave(&mut self) {
        self.scopes.leave();
        self.imported.pop();
    }

    fn module(&mut self, items: &[syn::Item], attrs: &[syn::Attribute]) {
        attrs.iter().for_each(|attr| self.visit_attribute(attr));
        self.enter(items.iter(), true);
        items.iter().for_each(|item| self.visit_item(item));
        self.leave();
    }

    fn block(&mut self, block: &Block, used: Use) {
        self.enter(
            block.stmts.iter().filter_map(|stmt| match stmt {
                Stmt::Item(item) => Some(item),
                _ => None,
            }),
            false,
        );
        let last = block.stmts.len().wrapping_sub(1);
        for (at, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                Stmt::Local(local) => self.local(local),
                Stmt::Expr(expr, None) if at == last => self.expr(expr, used),
                Stmt::Expr(expr, _) => self.statement(expr),
                other => {
                    if let Stmt::Macro(call) = other
                        && call.semi_token.is_none()
                        && at != last
                        && self.rules.macro_(&self.resolve(&call.mac.path)).is_some()
                    {
                        // The end of a block becomes a closing parenthesis.
                        self.edits.insert(range(call).end, ";");
                    }
                    self.visit_stmt(other);
                }
            }
        }
        self.leave();
    }

    fn local(&mut self, local: &syn::Local) {
        local.attrs.iter().for_each(|attr| self.visit_attribute(attr));
        self.visit_pat(&local.pat);
        if let Some(init) = &local.init {
            self.record_tasks(&local.pat, &init.expr);
            self.statement(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
    }

    /// An expression in a position where a block may stay as it is.
    fn statement(&mut self, expr: &Expr) {
        match expr {
            Expr::Await(wait) if matches!(&*wait.base, Expr::Async(_)) => self.wait(wait, true),
            _ => self.expr(expr, Use::Value),
        }
    }

    fn expr(&mut self, expr: &Expr, used: Use) {
        match expr {
            Expr::Await(wait) => self.wait(wait, false),
            Expr::Async(block) => self.async_block(block, used, false),
            Expr::Closure(closure) => self.closure(closure),
            Expr::Call(call) => self.call(call, used, None),
            Expr::MethodCall(call) => self.method(call, used, None),
            Expr::Paren(paren) => self.expr(&paren.expr, used),
            Expr::Block(block) => self.block(&block.block, used),
            Expr::Unsafe(block) => self.block(&block.block, used),
            Expr::If(branch) => {
                self.visit_expr(&branch.cond);
                self.block(&branch.then_branch, used);
                if let Some((_, otherwise)) = &branch.else_branch {
                    self.expr(otherwise, used);
                }
            }
            Expr::Match(choice) => {
                self.visit_expr(&choice.expr);
                for arm in &choice.arms {
                    arm.attrs.iter().for_each(|attr| self.visit_attribute(attr));
                    self.visit_pat(&arm.pat);
                    self.expr(&arm.body, used);
                }
            }
            Expr::Return(exit) => {
                if let Some(value) = &exit.expr {
                    self.expr(value, if self.returns_future { Use::Returned } else { Use::Value });
                }
            }
            Expr::Try(attempt) => match &*attempt.expr {
                Expr::Macro(inner) => self.macro_call(&inner.mac, true),
                other => self.visit_expr(other),
            },
            Expr::Macro(_) | Expr::Break(_) | Expr::Continue(_) => visit::visit_expr(self, expr),
            Expr::ForLoop(_) => {
                self.record_task_loop(expr);
                visit::visit_expr(self, expr);
            }
            Expr::Verbatim(tokens) => self.tokens(&range(tokens)),
            _ if used == Use::Awaited => {
                self.reject(range(expr).start, STORED);
            }
            _ => visit::visit_expr(self, expr),
        }
    }
}

impl<'ast> Visit<'ast> for Converter<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.expr(expr, Use::Value);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.block(block, Use::Value);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        match &item.content {
            Some((_, items)) => self.module(items, &item.attrs),
            None => item.attrs.iter().for_each(|attr| self.visit_attribute(attr)),
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_item(item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(range(item), &item.attrs, &item.sig, Some(&item.block));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(range(item), &item.attrs, &item.sig, Some(&item.block));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(range(item), &item.attrs, &item.sig, item.default.as_ref());
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        item.attrs.iter().for_each(|attr| self.visit_attribute(attr));
        self.visit_generics(&item.generics);
        self.is_returned_type = true;
        self.visit_type(&item.ty);
    }

    fn visit_return_type(&mut self, output: &'ast syn::ReturnType) {
        self.returned(output);
    }

    fn visit_type(&mut self, ty: &'ast syn::Type) {
        self.a_type(ty);
    }

    fn visit_generics(&mut self, generics: &'ast syn::Generics) {
        self.generics(generics);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path);
        path.segments.iter().for_each(|segment| self.visit_path_arguments(&segment.arguments));
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.attribute(attribute);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.macro_call(mac, false);
    }

    fn visit_token_stream(&mut self, _: &'ast proc_macro2::TokenStream) {}
}

#[cfg(test)]
mod tests;
