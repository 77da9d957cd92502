//! Derives `Credentials`.

mod field;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Token};

use field::Field;

/// Returns the implementation, or compiler errors.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input).and_then(|input| expand(&input)) {
        Ok(generated) => generated,
        Err(error) => error.into_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let allowed = allowed(input)?;
    check(&fields, &allowed)?;
    let declared = fields.iter().map(Field::declaration);
    let reads = fields.iter().enumerate().map(|(index, field)| field.read(index));
    let allowed = allowed.iter().map(|ids| quote!(&[#(#ids),*]));
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::connector::Credentials for #name #arguments #bounds {
            const DECLARED: &'static [::connector::DeclaredCredential] = &[#(#declared),*];
            const ALLOWED: &'static [&'static [&'static str]] = &[#(#allowed),*];

            fn read(
                found: &::connector::FoundCredentials<'_>,
            ) -> ::core::result::Result<Self, ::connector::InvalidCredentials> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
    })
}

fn fields(input: &DeriveInput) -> Result<Vec<Field>> {
    let shape = "`Credentials` can only be derived for a struct with a named field for each credential";
    let Data::Struct(data) = &input.data else { return Err(Error::new(input.ident.span(), shape)) };
    let Fields::Named(named) = &data.fields else { return Err(Error::new(input.ident.span(), shape)) };
    if named.named.is_empty() {
        return Err(Error::new(input.ident.span(), shape));
    }
    let mut errors: Option<Error> = None;
    let mut fields = Vec::new();
    for field in &named.named {
        match Field::parse(field) {
            Ok(field) => fields.push(field),
            Err(error) => combine(&mut errors, error),
        }
    }
    errors.map_or(Ok(fields), Err)
}

fn combine(errors: &mut Option<Error>, error: Error) {
    match errors {
        Some(errors) => errors.combine(error),
        None => *errors = Some(error),
    }
}

/// Parses `#[credentials(allowed("a"), allowed("a", "b"))]`.
fn allowed(input: &DeriveInput) -> Result<Vec<Vec<LitStr>>> {
    if let Some(misplaced) = input.attrs.iter().find(|attribute| attribute.path().is_ident("credential")) {
        return Err(Error::new(misplaced.span(), "a struct has `#[credentials(…)]`"));
    }
    let mut allowed = Vec::new();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("credentials")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("allowed") {
                return Err(meta.error("unknown argument: expected `allowed(\"…\", …)`"));
            }
            let inner;
            syn::parenthesized!(inner in meta.input);
            let ids = Punctuated::<LitStr, Token![,]>::parse_terminated(&inner)?;
            if ids.is_empty() {
                return Err(meta.error("`allowed` names no credential"));
            }
            allowed.push(ids.into_iter().collect());
            Ok(())
        })?;
    }
    Ok(allowed)
}

fn check(fields: &[Field], allowed: &[Vec<LitStr>]) -> Result<()> {
    let mut errors = None;
    let mut report = |span: Span, message: String| combine(&mut errors, Error::new(span, message));
    for (index, field) in fields.iter().enumerate() {
        if fields[..index].iter().any(|earlier| earlier.id == field.id) {
            report(field.id_span, format!("two credentials have the ID {:?}", field.id));
        }
    }
    for ids in allowed {
        for (index, id) in ids.iter().enumerate() {
            let text = id.value();
            if !fields.iter().any(|field| field.id == text) {
                report(id.span(), format!("no credential has the ID {text:?}"));
            }
            if ids[..index].iter().any(|earlier| earlier.value() == text) {
                report(id.span(), format!("{text:?} is named twice"));
            }
        }
        let required = fields.iter().filter(|field| !field.is_optional);
        for missing in required.filter(|field| !ids.iter().any(|id| id.value() == field.id)) {
            let message = format!("{:?} is required: add it, or make the field an `Option`", missing.id);
            report(ids.first().map_or_else(Span::call_site, LitStr::span), message);
        }
    }
    errors.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(input: TokenStream) -> String {
        let input = syn::parse2::<DeriveInput>(input).unwrap();
        let errors: Vec<String> =
            expand(&input).unwrap_err().into_iter().map(|error| error.to_string()).collect();
        errors.join("; ")
    }

    #[test]
    fn the_generated_code_is_as_expected() {
        let generated = derive(quote! {
            #[credentials(allowed("api"), allowed("api", "audit"))]
            struct Auth {
                /// Calls the API.
                ///
                /// Create it in *Settings*.
                #[credential(name = "API token")]
                pub api: TokenCredentials,
                #[credential(id = "audit", kind = "basic")]
                audit_log: Option<my::Audit>,
            }
        });
        let expected = quote! {
            #[automatically_derived]
            impl ::connector::Credentials for Auth {
                const DECLARED: &'static [::connector::DeclaredCredential] = &[
                    ::connector::DeclaredCredential::new::<TokenCredentials>("api")
                        .named("API token")
                        .described("Calls the API.\n\nCreate it in *Settings*."),
                    ::connector::DeclaredCredential::of_kind::<my::Audit>(
                        "audit", ::connector::model::CredentialKind::Basic
                    )
                        .optional()
                ];
                const ALLOWED: &'static [&'static [&'static str]] = &[&["api"], &["api", "audit"]];

                fn read(
                    found: &::connector::FoundCredentials<'_>,
                ) -> ::core::result::Result<Self, ::connector::InvalidCredentials> {
                    ::core::result::Result::Ok(Self {
                        api: found.required::<TokenCredentials>(0usize)?,
                        audit_log: found.optional::<my::Audit>(1usize)?
                    })
                }
            }
        };
        assert_eq!(generated.to_string(), expected.to_string());
    }

    #[test]
    fn ids_must_be_unique_and_not_empty() {
        let twice = quote!(
            struct A {
                api: T,
                #[credential(id = "api")]
                other: T,
            }
        );
        assert_eq!(error_of(twice), "two credentials have the ID \"api\"");
        let empty = quote!(
            struct A {
                #[credential(id = "")]
                api: T,
                #[credential(id = " b")]
                b: T,
            }
        );
        let message = "an ID must not be empty or have white space around it";
        assert_eq!(error_of(empty), format!("{message}; {message}"));
    }

    #[test]
    fn allowed_ids_must_be_those_of_fields() {
        let unknown = quote!(
            #[credentials(allowed("apis"))]
            struct A {
                api: Option<T>,
            }
        );
        assert_eq!(error_of(unknown), "no credential has the ID \"apis\"");
        let twice = quote!(
            #[credentials(allowed("api", "api"))]
            struct A {
                api: T,
            }
        );
        assert_eq!(error_of(twice), "\"api\" is named twice");
        let none = quote!(
            #[credentials(allowed())]
            struct A {
                api: T,
            }
        );
        assert_eq!(error_of(none), "`allowed` names no credential");
        let omitted = quote!(
            #[credentials(allowed("b"))]
            struct A {
                api: T,
                b: Option<T>,
            }
        );
        assert_eq!(error_of(omitted), "\"api\" is required: add it, or make the field an `Option`");
        let other = quote!(
            #[credentials(only("b"))]
            struct A {
                b: T,
            }
        );
        assert_eq!(error_of(other), "unknown argument: expected `allowed(\"…\", …)`");
    }

    #[test]
    fn arguments_of_fields_are_checked() {
        for (input, message) in [
            (
                quote!(
                    struct A {
                        #[credential(kind = "basics")]
                        a: T,
                    }
                ),
                "unknown kind: expected basic, ",
            ),
            (
                quote!(
                    struct A {
                        #[credential(title = "a")]
                        a: T,
                    }
                ),
                "unknown argument: expected `id`, ",
            ),
            (
                quote!(
                    struct A {
                        #[credential(id = "a", id = "b")]
                        a: T,
                    }
                ),
                "duplicate argument",
            ),
        ] {
            let error = error_of(input);
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn only_structs_with_named_fields_have_credentials() {
        for input in [
            quote!(
                enum A {
                    B,
                }
            ),
            quote!(
                struct A(T);
            ),
            quote!(
                struct A;
            ),
            quote!(
                struct A {}
            ),
        ] {
            assert!(error_of(input).starts_with("`Credentials` can only be derived for a struct with"));
        }
    }
}
