//! Converts functions, and type parameters that are futures: `F: Fn() -> Fut, Fut: Future<Output = T>` becomes
//! `F: Fn() -> T`.

use syn::visit::{self, Visit as _};
use syn::{Attribute, Block, GenericParam, Generics, Signature, WherePredicate};

use super::super::edit::{Bytes, deletions};
use super::super::future;
use super::super::source::range;
use super::{Converter, Use};

impl Converter<'_> {
    pub(super) fn function(
        &mut self,
        place: Bytes,
        attrs: &[Attribute],
        sig: &Signature,
        body: Option<&Block>,
    ) {
        attrs.iter().for_each(|attr| self.visit_attribute(attr));
        if let Some(keyword) = &sig.asyncness {
            self.delete_keyword(range(keyword));
        }
        let outer_function = std::mem::replace(&mut self.function, place);
        let outer_tasks = std::mem::take(&mut self.tasks);
        let outer_parameters = self.future_parameters.len();
        let parameters =
            future::parameters(&sig.generics, &|path| self.rules.canonical(&self.scopes.resolve(path)));
        self.future_parameters.extend(parameters.into_iter().map(|(name, output)| (name, range(output))));
        self.generics(&sig.generics);
        sig.inputs.iter().for_each(|input| self.visit_fn_arg(input));
        self.visit_return_type(&sig.output);
        let returns_future = sig.asyncness.is_none() && self.returns_future(&sig.output);
        if let Some(body) = body {
            let used = if returns_future { Use::Returned } else { Use::Value };
            self.with_returns_future(returns_future, |this| this.block(body, used));
        }
        self.function = outer_function;
        self.tasks = outer_tasks;
        self.future_parameters.truncate(outer_parameters);
    }

    fn returns_future(&self, output: &syn::ReturnType) -> bool {
        let syn::ReturnType::Type(_, ty) = output else { return false };
        self.future_output(ty).is_some()
            || matches!(&**ty, syn::Type::Path(ty) if ty.path.segments.last().is_some_and(|last| {
                self.survey.aliases.contains(&last.ident.to_string())
            }))
    }

    pub(super) fn generics(&mut self, generics: &Generics) {
        let is_deleted = |this: &Self, name: &syn::Ident| {
            this.future_parameters.iter().any(|(parameter, _)| *name == parameter.as_str())
        };
        let mut params = Vec::new();
        for param in &generics.params {
            let is_future = matches!(param, GenericParam::Type(param) if is_deleted(self, &param.ident));
            params.push((range(param), is_future));
            match param {
                GenericParam::Type(param) if is_future => self.output_of(&param.bounds),
                other => visit::visit_generic_param(self, other),
            }
        }
        match deletions(&params) {
            Some(places) => places.into_iter().for_each(|place| self.edits.delete(place)),
            None => {
                if let (Some(open), Some(close)) = (&generics.lt_token, &generics.gt_token) {
                    self.edits.delete(range(open).start..range(close).end);
                }
            }
        }
        let Some(clause) = &generics.where_clause else { return };
        let mut predicates = Vec::new();
        for predicate in &clause.predicates {
            let is_future = matches!(predicate, WherePredicate::Type(predicate)
                if future::single_name(&predicate.bounded_ty).is_some_and(|name| is_deleted(self, name)));
            predicates.push((range(predicate), is_future));
            match predicate {
                WherePredicate::Type(predicate) if is_future => self.output_of(&predicate.bounds),
                other => visit::visit_where_predicate(self, other),
            }
        }
        match (deletions(&predicates), predicates.last()) {
            (Some(places), _) => places.into_iter().for_each(|place| self.edits.delete(place)),
            (None, Some((last, _))) => {
                let comma = clause
                    .predicates
                    .pairs()
                    .next_back()
                    .and_then(|pair| pair.punct().map(|comma| range(*comma)));
                let start = self.source.space_before(range(&clause.where_token).start);
                self.edits.delete(start..comma.map_or(last.end, |comma| comma.end));
            }
            (None, None) => {}
        }
    }

    /// Converts the output of a future, which replaces the type parameter.
    fn output_of(&mut self, bounds: &syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>) {
        for bound in bounds {
            if let syn::TypeParamBound::Trait(bound) = bound
                && let Some(last) = bound.path.segments.last()
            {
                self.visit_path_arguments(&last.arguments);
            }
        }
    }
}
