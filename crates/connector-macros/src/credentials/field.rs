//! A field of a struct of credentials.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, GenericArgument, Lit, LitStr, Meta, PathArguments, Result, Type};

/// The kinds, and their variants of `CredentialKind`.
const KINDS: [(&str, &str); 9] = [
    ("basic", "Basic"),
    ("oauth", "OAuth"),
    ("token", "Token"),
    ("oauth_client_credentials", "OAuthClient"),
    ("oauth1", "OAuth1"),
    ("jwt", "Jwt"),
    ("service_account", "ServiceAccount"),
    ("key_pair", "KeyPair"),
    ("empty", "Empty"),
];

/// A field of a struct of credentials.
pub(super) struct Field {
    name: Ident,
    pub(super) id: String,
    /// What a compiler error about the ID points to.
    pub(super) id_span: Span,
    /// The name that people see.
    title: Option<LitStr>,
    description: String,
    /// The type, without the `Option`.
    inner: Type,
    pub(super) is_optional: bool,
    /// The variant of `CredentialKind`, if the type is the author's.
    kind: Option<Ident>,
}

impl Field {
    pub(super) fn parse(field: &syn::Field) -> Result<Self> {
        let name = field.ident.clone().ok_or_else(|| Error::new(field.span(), "expected a named field"))?;
        if let Some(misplaced) = field.attrs.iter().find(|attribute| attribute.path().is_ident("credentials"))
        {
            return Err(Error::new(misplaced.span(), "a field has `#[credential(…)]`"));
        }
        let [mut id, mut title, mut kind] = [const { None::<LitStr> }; 3];
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("credential")) {
            attribute.parse_nested_meta(|meta| {
                let slot = match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("id") => &mut id,
                    Some("name") => &mut title,
                    Some("kind") => &mut kind,
                    _ => return Err(meta.error("unknown argument: expected `id`, `name` or `kind`")),
                };
                match slot.replace(meta.value()?.parse()?) {
                    None => Ok(()),
                    Some(_) => Err(meta.error("duplicate argument")),
                }
            })?;
        }
        let id_span = id.as_ref().map_or_else(|| name.span(), LitStr::span);
        let id = id.map_or_else(|| unraw(&name), |id| id.value());
        if id.is_empty() || id.trim() != id {
            return Err(Error::new(id_span, "an ID must not be empty or have white space around it"));
        }
        let optional = in_option(&field.ty);
        Ok(Self {
            id,
            id_span,
            title,
            description: description(&field.attrs),
            is_optional: optional.is_some(),
            inner: optional.unwrap_or(&field.ty).clone(),
            kind: kind.map(|kind| variant(&kind)).transpose()?,
            name,
        })
    }

    /// The declaration of the credential.
    pub(super) fn declaration(&self) -> TokenStream {
        let Self { id, inner, title, description, kind, .. } = self;
        let new = match kind {
            None => quote_spanned!(inner.span()=> ::connector::DeclaredCredential::new::<#inner>(#id)),
            Some(kind) => quote_spanned! {inner.span()=>
                ::connector::DeclaredCredential::of_kind::<#inner>(#id, ::connector::model::CredentialKind::#kind)
            },
        };
        let named = title.as_ref().map(|title| quote!(.named(#title)));
        let described = (!description.is_empty()).then(|| quote!(.described(#description)));
        let optional = self.is_optional.then(|| quote!(.optional()));
        quote!(#new #named #described #optional)
    }

    /// Reads the credential, which is declared at `index`.
    pub(super) fn read(&self, index: usize) -> TokenStream {
        let Self { name, inner, .. } = self;
        let method = format_ident!("{}", if self.is_optional { "optional" } else { "required" });
        quote!(#name: found.#method::<#inner>(#index)?)
    }
}

/// The name of a field without `r#`.
fn unraw(name: &Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

fn variant(kind: &LitStr) -> Result<Ident> {
    let known = KINDS.iter().find(|(name, _)| *name == kind.value());
    known.map(|(_, variant)| Ident::new(variant, kind.span())).ok_or_else(|| {
        let names = KINDS.map(|(name, _)| name).join(", ");
        Error::new(kind.span(), format!("unknown kind: expected {names}"))
    })
}

/// Returns `T` for `Option<T>`. It is recognized by its name, as in other derives.
fn in_option(given: &Type) -> Option<&Type> {
    let Type::Path(path) = given else { return None };
    let last = path.path.segments.last().filter(|last| path.qself.is_none() && last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// The doc comment.
fn description(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}
