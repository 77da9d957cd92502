//! Finds the methods that are capabilities, and checks their signatures.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, FnArg, GenericParam, Ident, ImplItem, ImplItemFn, ItemImpl, Path, Receiver,
    ReceiverKind, Result, ReturnType, Signature, Type,
};

use crate::standard;

/// A method to register.
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) capability: Capability,
    pub(crate) is_async: bool,
    /// The type of its request, which compiler errors point to if it doesn't match the capability.
    pub(crate) input: Span,
    /// The type of its response, likewise.
    pub(crate) output: Span,
    /// Its `cfg` attributes, which are repeated on its registration.
    pub(crate) cfgs: Vec<Attribute>,
}

/// The capability that a method handles, as the path of its marker type.
pub(crate) enum Capability {
    Standard(TokenStream),
    Custom(TokenStream),
}

impl Capability {
    pub(crate) fn marker(&self) -> &TokenStream {
        match self {
            Self::Standard(marker) | Self::Custom(marker) => marker,
        }
    }

    /// The name of the marker type without its path, for messages.
    fn name(&self) -> String {
        self.marker().clone().into_iter().last().map_or_else(String::new, |token| token.to_string())
    }
}

/// Finds the capabilities in a block and removes the attributes that mark them. Problems are added to `errors`.
pub(crate) fn collect(block: &mut ItemImpl, errors: &mut Vec<Error>) -> Vec<Method> {
    let mut methods = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            match read(function) {
                Ok(method) => methods.extend(method),
                Err(error) => errors.push(error),
            }
        }
    }
    methods
}

fn read(function: &mut ImplItemFn) -> Result<Option<Method>> {
    let mark = take_mark(&mut function.attrs)?;
    let sig = &function.sig;
    let capability = match mark {
        Mark::Skip => return Ok(None),
        Mark::Capability(capability) => capability,
        Mark::None => match standard::marker(&sig.ident.to_string()) {
            Some(marker) => {
                let span = sig.ident.span();
                let marker = Ident::new(&marker, span);
                Capability::Standard(quote_spanned!(span=> ::connector::capability::#marker))
            }
            None if takes_a_request(sig) => return Err(unknown_name(&sig.ident)),
            None => return Ok(None),
        },
    };
    let (input, output) = check(sig, &capability)?;
    Ok(Some(Method {
        name: sig.ident.clone(),
        capability,
        is_async: sig.asyncness.is_some(),
        input,
        output,
        cfgs: function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect(),
    }))
}

enum Mark {
    None,
    Skip,
    Capability(Capability),
}

fn take_mark(attrs: &mut Vec<Attribute>) -> Result<Mark> {
    let is_mark = |attribute: &Attribute| {
        ["capability", "custom_capability"].iter().any(|name| attribute.path().is_ident(name))
    };
    let marks: Vec<Attribute> = attrs.extract_if(.., |attribute| is_mark(attribute)).collect();
    let mark = match marks.as_slice() {
        [] => return Ok(Mark::None),
        [mark] => mark,
        [_, second, ..] => return Err(Error::new_spanned(second, "a method can handle only one capability")),
    };
    let is_custom = mark.path().is_ident("custom_capability");
    let marker: Path = mark.parse_args().map_err(|_| {
        let shape = if is_custom {
            "expected `#[custom_capability(Marker)]` with a type that implements `CustomCapability`"
        } else {
            "expected `#[capability(Marker)]` with a type of `connector::capability`, or `#[capability(skip)]`"
        };
        Error::new_spanned(mark, shape)
    })?;
    Ok(if is_custom {
        Mark::Capability(Capability::Custom(marker.into_token_stream()))
    } else if marker.is_ident("skip") {
        Mark::Skip
    } else {
        Mark::Capability(Capability::Standard(marker.into_token_stream()))
    })
}

/// Returns whether the method's only argument has a type named `Request<…>`.
fn takes_a_request(sig: &Signature) -> bool {
    let arguments: Vec<&FnArg> = sig.inputs.iter().collect();
    match arguments.as_slice() {
        [FnArg::Receiver(_), FnArg::Typed(argument)] => match argument.ty.as_ref() {
            Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Request"),
            _ => false,
        },
        _ => false,
    }
}

fn unknown_name(method: &Ident) -> Error {
    let message = format!(
        "`{method}` takes a `Request` but doesn't have the name of a standard capability; specify which one it handles with \
         `#[capability(…)]` or `#[custom_capability(…)]`, or exclude it with `#[capability(skip)]`"
    );
    Error::new(method.span(), message)
}

/// Rejects a method whose signature isn't that of a handler, and returns the spans of its request and response. The
/// compiler checks whether their types match.
fn check(sig: &Signature, capability: &Capability) -> Result<(Span, Span)> {
    let name = capability.name();
    let wrong = |place: &dyn ToTokens, what: &str| {
        Err(Error::new_spanned(place, format!("the method for `{name}` {what}")))
    };
    let mut inputs = sig.inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(Receiver { kind: ReceiverKind::Reference(_, _, None), .. })) => {}
        Some(receiver @ FnArg::Receiver(_)) => {
            return wrong(receiver, "must take `&self`, because all calls share one value");
        }
        _ => return wrong(&sig.ident, "must take `&self` and a `Request<…>`"),
    }
    let input = match inputs.next() {
        Some(FnArg::Typed(argument)) => argument.ty.span(),
        _ => return wrong(&sig.ident, "must take a `Request<…>` in addition to `&self`"),
    };
    if let Some(more) = inputs.next() {
        return wrong(
            more,
            "must take only `&self` and a `Request<…>`: for anything else, use a field of the type, or an \
             argument of the request with `WithArgs`",
        );
    }
    let ReturnType::Type(_, output) = &sig.output else {
        return wrong(&sig.ident, "must return `Result<Response<…>>`");
    };
    let is_type = |parameter: &&GenericParam| !matches!(parameter, GenericParam::Lifetime(_));
    if let Some(parameter) = sig.generics.params.iter().find(is_type) {
        return wrong(parameter, "must not have type parameters: put them on the `impl` block");
    }
    Ok((input, output.span()))
}
