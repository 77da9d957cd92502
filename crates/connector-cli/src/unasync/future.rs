//! Recognizes types that are futures.

use syn::{GenericArgument, GenericParam, PathArguments, Type, TypeParamBound, WherePredicate};

use super::source::{first_type, names};

/// Resolves a path to its full path, starting with the crate.
pub(super) type Resolve<'a> = &'a dyn Fn(&[String]) -> Vec<String>;

/// The output of `ty`, if it is `impl Future<Output = T>`, a boxed `dyn Future<Output = T>` (pinned or not), or a
/// `BoxFuture<T>`.
pub(super) fn output<'a>(ty: &'a Type, resolve: Resolve<'_>) -> Option<&'a Type> {
    match ty {
        Type::Paren(paren) => output(&paren.elem, resolve),
        Type::ImplTrait(ty) => output_of_bounds(ty.bounds.iter(), resolve),
        Type::TraitObject(ty) => output_of_bounds(ty.bounds.iter(), resolve),
        Type::Path(ty) if ty.qself.is_none() => {
            let path = resolve(&names(&ty.path)).join("::");
            let last = ty.path.segments.last()?;
            match path.as_str() {
                "std::pin::Pin" => match first_type(&last.arguments)? {
                    boxed @ Type::Path(_) => output(boxed, resolve),
                    _ => None,
                },
                "Box" | "std::boxed::Box" => match first_type(&last.arguments)? {
                    Type::TraitObject(ty) => output_of_bounds(ty.bounds.iter(), resolve),
                    _ => None,
                },
                "futures::future::BoxFuture" | "futures::future::LocalBoxFuture" => {
                    first_type(&last.arguments)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The `Output` of a `Future` among `bounds`.
fn output_of_bounds<'a>(
    bounds: impl Iterator<Item = &'a TypeParamBound>,
    resolve: Resolve<'_>,
) -> Option<&'a Type> {
    bounds.into_iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        if resolve(&names(&bound.path)).join("::") != "std::future::Future" {
            return None;
        }
        let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments else {
            return None;
        };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(&assoc.ty),
            _ => None,
        })
    })
}

/// The type parameters that are futures, with their outputs.
pub(super) fn parameters<'a>(generics: &'a syn::Generics, resolve: Resolve<'_>) -> Vec<(String, &'a Type)> {
    let types = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param),
        _ => None,
    });
    types
        .filter_map(|param| {
            let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
            let of_param = clauses.filter_map(|predicate| match predicate {
                WherePredicate::Type(predicate)
                    if single_name(&predicate.bounded_ty) == Some(&param.ident) =>
                {
                    Some(&predicate.bounds)
                }
                _ => None,
            });
            let bounds = param.bounds.iter().chain(of_param.flatten());
            Some((param.ident.to_string(), output_of_bounds(bounds, resolve)?))
        })
        .collect()
}

/// The name, if `ty` is a single name.
pub(super) fn single_name(ty: &Type) -> Option<&syn::Ident> {
    match ty {
        Type::Path(ty) if ty.qself.is_none() => ty.path.get_ident(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn futures_are_recognized_by_their_path() {
        let resolve = |path: &[String]| match path.join("::").as_str() {
            "Future" => ["std", "future", "Future"].map(str::to_owned).to_vec(),
            "Pin" => ["std", "pin", "Pin"].map(str::to_owned).to_vec(),
            "BoxFuture" => ["futures", "future", "BoxFuture"].map(str::to_owned).to_vec(),
            _ => path.to_vec(),
        };
        for (text, expected) in [
            ("impl Future<Output = u8> + Send + 'a", Some("u8")),
            ("impl std::future::Future<Output = ()>", Some("()")),
            ("Pin<Box<dyn Future<Output = Result<A, B>> + Send>>", Some("Result<A, B>")),
            ("Box<dyn Future<Output = u8> + Unpin>", Some("u8")),
            ("BoxFuture<'a, u8>", Some("u8")),
            ("Pin<&mut Self>", None),
            ("Vec<BoxFuture<'a, u8>>", None),
            ("impl my::Future<Output = u8>", None),
            ("Box<dyn Fn() -> u8>", None),
        ] {
            let ty: Type = syn::parse_str(text).unwrap();
            let found = output(&ty, &resolve).map(|ty| &text[crate::unasync::source::range(ty)]);
            assert_eq!(found, expected);
        }
    }
}
