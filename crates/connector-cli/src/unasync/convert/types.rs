//! Converts types that are futures: a return type becomes the output of the future.

use syn::visit::{self, Visit as _};
use syn::{ReturnType, Type};

use super::super::future;
use super::super::source::range;
use super::Converter;

const NOT_RETURNED: &str = "a future that is passed on or stored has no counterpart. Only return types are converted: \
                            take a closure instead";

impl Converter<'_> {
    pub(super) fn returned(&mut self, output: &ReturnType) {
        let ReturnType::Type(arrow, ty) = output else { return };
        if let Some(Type::Tuple(unit)) = self.future_output(ty)
            && unit.elems.is_empty()
        {
            let start = self.source.space_before(range(arrow).start);
            return self.edits.delete(start..range(ty).end);
        }
        self.is_returned_type = true;
        self.visit_type(ty);
    }

    pub(super) fn a_type(&mut self, ty: &Type) {
        let is_returned = std::mem::take(&mut self.is_returned_type);
        let place = range(ty);
        if let Some(output) = self.future_output(ty) {
            if !is_returned {
                return self.reject(place.start, NOT_RETURNED);
            }
            self.edits.delete(place.start..range(output).start);
            self.edits.delete(range(output).end..place.end);
            return self.visit_type(output);
        }
        if let Some(name) = future::single_name(ty)
            && let Some((_, output)) =
                self.future_parameters.iter().rev().find(|(parameter, _)| *name == parameter.as_str())
        {
            if !is_returned {
                return self.reject(place.start, NOT_RETURNED);
            }
            return self.edits.replace_by(place, output.clone());
        }
        match ty {
            Type::Verbatim(tokens) => self.tokens(&range(tokens)),
            _ => visit::visit_type(self, ty),
        }
    }
}
