//! Parses the arguments of the attribute.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Result, Token, Type, parenthesized};

/// The attribute's arguments: `auth = …, settings = …, on_error(…), …`
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) auth: Option<Type>,
    pub(crate) settings: Option<Type>,
    pub(crate) on_error: Vec<OnError>,
}

/// The argument `on_error(Type, handler)` or `on_error(Type, handler, code)`.
pub(crate) struct OnError {
    /// The keyword, which compiler errors point to.
    pub(crate) keyword: Ident,
    pub(crate) error: Type,
    pub(crate) handler: Expr,
    pub(crate) code: Option<Expr>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut args = Self::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            match key.to_string().as_str() {
                "auth" => once(&key, &mut args.auth, input)?,
                "settings" => once(&key, &mut args.settings, input)?,
                "on_error" => args.on_error.push(OnError::parse(key, input)?),
                unknown => {
                    let message =
                        format!("unknown argument `{unknown}`: expected `auth`, `settings` or `on_error`");
                    return Err(Error::new(key.span(), message));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

fn once(key: &Ident, slot: &mut Option<Type>, input: ParseStream<'_>) -> Result<()> {
    input.parse::<Token![=]>()?;
    match slot.replace(input.parse()?) {
        None => Ok(()),
        Some(_) => Err(Error::new(key.span(), format!("duplicate argument `{key}`"))),
    }
}

impl OnError {
    fn parse(keyword: Ident, input: ParseStream<'_>) -> Result<Self> {
        const SHAPE: &str = "expected `on_error(ErrorType, handler)` or `on_error(ErrorType, handler, code)`";
        let inner;
        parenthesized!(inner in input);
        let error = inner.parse()?;
        if inner.is_empty() {
            return Err(Error::new(keyword.span(), SHAPE));
        }
        inner.parse::<Token![,]>()?;
        let mut rest = Punctuated::<Expr, Token![,]>::parse_terminated(&inner)?.into_iter();
        match (rest.next(), rest.next(), rest.next()) {
            (Some(handler), code, None) => Ok(Self { keyword, error, handler, code }),
            _ => Err(Error::new(keyword.span(), SHAPE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_text(text: &str) -> String {
        syn::parse_str::<Args>(text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn arguments_can_be_in_any_order_with_a_trailing_comma() {
        let args: Args = syn::parse_str(
            "on_error(A, Handler), settings = my::Settings, on_error(B<u8>, handler(1, 2), \"code\",), auth = Basic,",
        )
        .unwrap();
        assert!(args.auth.is_some() && args.settings.is_some());
        assert_eq!(args.on_error.iter().map(|entry| entry.code.is_some()).collect::<Vec<_>>(), [false, true]);
        assert!(syn::parse_str::<Args>("").unwrap().auth.is_none());
    }

    #[test]
    fn unknown_and_duplicate_arguments_are_rejected() {
        assert_eq!(
            error_text("error(A, B)"),
            "unknown argument `error`: expected `auth`, `settings` or `on_error`"
        );
        assert_eq!(error_text("auth = A, auth = B"), "duplicate argument `auth`");
    }

    #[test]
    fn on_error_takes_a_type_a_handler_and_an_optional_code() {
        for wrong in ["on_error(A)", "on_error(A,)", "on_error(A, handler, code, more)"] {
            assert!(error_text(wrong).starts_with("expected `on_error(ErrorType, handler)`"), "{wrong}");
        }
    }
}
