//! From a source of `async` code to the edits that make it blocking.
//!
//! The syntax tree tells what to edit and what to refuse; the edits are made in the text. A future is lazy: what is called
//! runs when it is awaited. So a call is converted only where both are the same moment, and refused where a future is
//! stored, passed on, or raced with another.

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

/// Why a future in a variable is refused.
const STORED: &str =
    "a future that was made earlier: without async it would have run there, not here. Await the call itself";

/// What cannot be converted: a place in bytes, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Refusal {
    pub(super) at: usize,
    pub(super) reason: String,
}

/// The blocking twin of `source`. `survey` knows the folder that it stands in.
///
/// # Errors
/// All that cannot be converted, in order.
pub(super) fn convert(source: &Source, rules: &Rules, survey: &Survey) -> Result<String, Vec<Refusal>> {
    let mut converter = Converter {
        source,
        rules,
        survey,
        edits: Edits::default(),
        refusals: Vec::new(),
        scopes: Scopes::default(),
        brought_in: Vec::new(),
        future_parameters: Vec::new(),
        tasks: Tasks::default(),
        returns_future: false,
        is_returned_type: false,
        foreign_macros: 0,
        function: 0..source.text.len(),
    };
    converter.module(&source.file.items, &source.file.attrs);
    converter.rename();
    converter.account_for_keywords();
    let Converter { edits, mut refusals, .. } = converter;
    if refusals.is_empty() {
        match edits.apply(&source.text, &source.comments) {
            Ok(text) => return Ok(text),
            Err(place) => refusals.push(Refusal {
                at: place.start,
                reason: "two rules want to change this, each in its way".to_owned(),
            }),
        }
    }
    refusals.sort();
    refusals.dedup();
    Err(refusals)
}

/// What is done with the value of an expression, for as much as it matters to a future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Awaited at once.
    Awaited,
    /// Returned to a caller who awaits it at once.
    Returned,
    /// Anything else.
    Value,
}

/// The variables that hold handles of tasks.
#[derive(Debug, Default)]
struct Tasks {
    handles: Vec<String>,
    /// Collections of handles.
    collections: Vec<String>,
}

struct Converter<'a> {
    source: &'a Source,
    rules: &'a Rules,
    survey: &'a Survey,
    edits: Edits,
    refusals: Vec<Refusal>,
    scopes: Scopes,
    /// For each scope, the names that its `use` declarations bring in afterwards: path, and whether it changed.
    brought_in: Vec<HashMap<String, (Vec<String>, bool)>>,
    /// Type parameters that are futures, with the place of what they give.
    future_parameters: Vec<(String, Bytes)>,
    tasks: Tasks,
    /// Whether `return` gives a future to a caller who awaits it.
    returns_future: bool,
    /// Whether the type visited next is what a function returns.
    is_returned_type: bool,
    /// How many macros that nothing is known of are around.
    foreign_macros: usize,
    /// The function around.
    function: Bytes,
}

impl Converter<'_> {
    fn refuse(&mut self, at: usize, reason: impl Into<String>) {
        self.refusals.push(Refusal { at, reason: reason.into() });
    }

    /// Takes a keyword out, with the white space behind it.
    fn delete_keyword(&mut self, keyword: Bytes) {
        let end = self.source.space_after(keyword.end);
        self.edits.delete(keyword.start..end);
    }

    fn resolve(&self, path: &syn::Path) -> Vec<String> {
        self.scopes.resolve(&names(path))
    }

    /// What `ty` gives when awaited, if it is a future.
    fn future_output<'t>(&self, ty: &'t syn::Type) -> Option<&'t syn::Type> {
        future::output(ty, &|path| self.rules.canonical(&self.scopes.resolve(path)))
    }

    fn enter<'i>(&mut self, items: impl Iterator<Item = &'i syn::Item>, is_module: bool) {
        let uses = items.filter_map(|item| match item {
            syn::Item::Use(item) => Some(item),
            _ => None,
        });
        self.scopes.enter(uses, is_module, self.rules, &self.survey.modules);
        self.brought_in.push(HashMap::new());
    }

    fn leave(&mut self) {
        self.scopes.leave();
        self.brought_in.pop();
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
                        // What was a block's end becomes a parenthesis.
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
            self.note_tasks(&local.pat, &init.expr);
            self.statement(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
    }

    /// An expression where a block may stand as it is.
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
                self.note_task_loop(expr);
                visit::visit_expr(self, expr);
            }
            Expr::Verbatim(tokens) => self.tokens(&range(tokens)),
            _ if used == Use::Awaited => {
                self.refuse(range(expr).start, STORED);
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
