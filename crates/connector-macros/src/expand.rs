//! What the attribute writes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Error, ImplItem, ItemImpl, Type};

use crate::args::{Args, OnError};
use crate::method::{self, Capability, Method};

/// The block as it was written, with `into_builder` added; or with what is wrong with it.
pub(crate) fn capabilities(args: TokenStream, input: TokenStream) -> TokenStream {
    let mut block = match inherent_block(&input) {
        Ok(block) => block,
        Err(error) => return [error.into_compile_error(), input].into_iter().collect(),
    };
    let mut errors = Vec::new();
    let methods = method::collect(&mut block, &mut errors);
    if methods.is_empty() && errors.is_empty() {
        let message = "no method here is a capability: name one like a standard capability, `list_accounts` say, or \
                       say which one it handles with `#[capability(…)]` or `#[custom_capability(…)]`";
        errors.push(Error::new_spanned(&block.self_ty, message));
    }
    match syn::parse2::<Args>(args) {
        Ok(args) => block.items.push(ImplItem::Verbatim(into_builder(&args, &block, &methods))),
        Err(error) => errors.push(error),
    }
    let errors = errors.into_iter().map(Error::into_compile_error);
    quote!(#block #(#errors)*)
}

fn inherent_block(input: &TokenStream) -> syn::Result<ItemImpl> {
    let block = syn::parse2::<ItemImpl>(input.clone()).map_err(|error| {
        // Only what is not a block at all gets the general message: a slip inside one has its own.
        let is_block = input.clone().into_iter().any(|token| token.to_string() == "impl");
        if is_block { error } else { Error::new(Span::call_site(), "expected an `impl` block") }
    })?;
    match &block.trait_ {
        None => Ok(block),
        Some((path, _)) => {
            Err(Error::new_spanned(path, "expected an `impl` block of the type's own, not of a trait"))
        }
    }
}

fn into_builder(args: &Args, block: &ItemImpl, methods: &[Method]) -> TokenStream {
    let [app_id, this, builder] = ["app_id", "this", "builder"].map(|name| local(name, Span::call_site()));
    let settings = args.settings.as_ref().map(|settings| quote!(.settings::<#settings>()));
    let auth = args.auth.as_ref().map(|auth| quote!(.auth::<#auth>()));
    let on_error = args.on_error.iter().map(on_error);
    let builder_type = builder_type(args);
    let registrations = methods.iter().map(|method| registration(method, block, &builder_type));
    quote! {
        /// Begins the integration for the app of this id, with all capabilities of this block.
        ///
        /// Written by `#[connector::capabilities]`.
        fn into_builder(self, #app_id: impl ::core::convert::AsRef<str>) -> #builder_type {
            let #this = ::std::sync::Arc::new(self);
            let #builder = ::connector::Integration::builder(#app_id) #auth #settings #(#on_error)*;
            #(#registrations)*
            #builder
        }
    }
}

fn builder_type(args: &Args) -> TokenStream {
    let or = |given: &Option<Type>, default: TokenStream| {
        given.as_ref().map_or(default, ToTokens::to_token_stream)
    };
    let settings = or(&args.settings, quote!(::connector::NoSettings));
    let auth = or(&args.auth, quote!(::connector::NoAuth));
    quote!(::connector::IntegrationBuilder<#settings, #auth>)
}

fn on_error(entry: &OnError) -> TokenStream {
    let OnError { keyword, error, handler, code } = entry;
    let span = keyword.span();
    match code {
        None => quote_spanned!(span=> .on_error::<#error>(#handler)),
        Some(code) => quote_spanned!(span=> .on_error_with_code::<#error>(#handler, #code)),
    }
}

/// Registers one method, in a function of its name: `raised_in` is read off the type of the closure in it.
fn registration(method: &Method, block: &ItemImpl, builder_type: &TokenStream) -> TokenStream {
    let Method { name, cfgs, .. } = method;
    let [this, builder] = ["this", "builder"].map(|local_name| local(local_name, name.span()));
    let function = Ident::new(&name.to_string(), at(name.span()));
    let (generics, _, bounds) = block.generics.split_for_impl();
    let self_type = &block.self_ty;
    let register = register(method);
    quote! {
        #(#cfgs)*
        let #builder = {
            fn #function #generics (#this: ::std::sync::Arc<#self_type>, #builder: #builder_type) -> #builder_type
            #bounds
            {
                #register
            }
            #function(::std::sync::Arc::clone(&#this), #builder)
        };
    }
}

fn register(method: &Method) -> TokenStream {
    let Method { name, capability, is_async, input, output, .. } = method;
    let [this, builder, request] =
        ["this", "builder", "request"].map(|local_name| local(local_name, name.span()));
    let marker = capability.marker();
    let register = match (capability, is_async) {
        (Capability::Standard(_), true) => "register",
        (Capability::Standard(_), false) => "register_blocking",
        (Capability::Custom(_), true) => "register_custom",
        (Capability::Custom(_), false) => "register_custom_blocking",
    };
    let register = Ident::new(register, name.span());
    // What does not fit is shown where it is spelled: the request at the argument, the answer at the return type.
    let (asker, given) = (local("this", *output), local("request", *input));
    let call = quote_spanned!(at(*output)=> #asker.#name(#given));
    if *is_async {
        quote_spanned! {at(name.span())=>
            #builder.#register(#marker, move |#request| {
                let #this = ::std::sync::Arc::clone(&#this);
                async move { #call.await }
            })
        }
    } else {
        quote_spanned!(at(name.span())=> #builder.#register(#marker, move |#request| #call))
    }
}

/// A variable of the written code, which no expression of the author's can see.
fn local(name: &str, place: Span) -> Ident {
    Ident::new(name, at(place))
}

/// Where the compiler is to point.
fn at(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(args: TokenStream, input: TokenStream) -> String {
        capabilities(args, input).to_string()
    }

    #[test]
    fn what_is_written_could_be_written_by_hand() {
        let written = expand(
            quote!(settings = Settings, on_error(std::io::Error, Handler), on_error(Mine, Handler, "code")),
            quote! {
                impl<C: Client> Hub<C> where C: Send {
                    /// Lists.
                    #[cfg(unix)]
                    pub async fn list_accounts(&self, request: Request<ListAccountsRequest>) -> Answer { body() }
                    #[custom_capability(my::Rotate)]
                    fn rotate(&self, request: Request<u8>) -> Answer { body() }
                    fn helper(&self) {}
                }
            },
        );
        let builder = quote!(::connector::IntegrationBuilder<Settings, ::connector::NoAuth>);
        let expected = quote! {
            impl<C: Client> Hub<C> where C: Send {
                /// Lists.
                #[cfg(unix)]
                pub async fn list_accounts(&self, request: Request<ListAccountsRequest>) -> Answer { body() }
                fn rotate(&self, request: Request<u8>) -> Answer { body() }
                fn helper(&self) {}
                /// Begins the integration for the app of this id, with all capabilities of this block.
                ///
                /// Written by `#[connector::capabilities]`.
                fn into_builder(self, app_id: impl ::core::convert::AsRef<str>) -> #builder {
                    let this = ::std::sync::Arc::new(self);
                    let builder = ::connector::Integration::builder(app_id)
                        .settings::<Settings>()
                        .on_error::<std::io::Error>(Handler)
                        .on_error_with_code::<Mine>(Handler, "code");
                    #[cfg(unix)]
                    let builder = {
                        fn list_accounts<C: Client>(this: ::std::sync::Arc<Hub<C> >, builder: #builder) -> #builder
                        where C: Send
                        {
                            builder.register(::connector::capability::ListAccounts, move |request| {
                                let this = ::std::sync::Arc::clone(&this);
                                async move { this.list_accounts(request).await }
                            })
                        }
                        list_accounts(::std::sync::Arc::clone(&this), builder)
                    };
                    let builder = {
                        fn rotate<C: Client>(this: ::std::sync::Arc<Hub<C> >, builder: #builder) -> #builder
                        where C: Send
                        {
                            builder.register_custom_blocking(my::Rotate, move |request| this.rotate(request))
                        }
                        rotate(::std::sync::Arc::clone(&this), builder)
                    };
                    builder
                }
            }
        };
        assert_eq!(written, expected.to_string());
    }

    #[test]
    fn a_mistake_in_one_method_does_not_hide_the_others() {
        let written = expand(
            quote!(),
            quote! {
                impl Hub {
                    fn list_accounts(&mut self, request: Request<A>) -> B {}
                    fn list_resources(&self) -> B {}
                    fn create_account(&self, request: Request<C>) -> D {}
                }
            },
        );
        assert!(written.contains("the method for `ListAccounts` takes `&self`"), "{written}");
        assert!(written.contains("the method for `ListResources` takes a `Request"), "{written}");
        assert!(written.contains("fn into_builder") && written.contains("CreateAccount"), "{written}");
    }
}
