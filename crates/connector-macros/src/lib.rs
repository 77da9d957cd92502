//! The macros of `lumos-connector`, used as `connector::capabilities` and `connector::Credentials`.

mod args;
mod credentials;
mod expand;
mod method;
mod standard;

use proc_macro::TokenStream;

/// Turns the methods of a type into an integration.
///
/// This is the class-style way of writing a connector: a struct contains what the calls share, such as a client, and
/// each capability is a method. The attribute generates another method, `into_builder`, which registers the
/// capabilities.
///
/// ```
/// use connector::capability::{CustomCapability, Effect, ListAccountsRequest, ListAccountsResponse};
/// use connector::capability::{ValidateCredentialsRequest, ValidateCredentialsResponse};
/// use connector::error::{HttpHandler, HttpStatusError};
/// use connector::model::BasicCredentials;
/// use connector::{Integration, Response, Result};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Settings {
///     domain: String,
/// }
/// type Request<P> = connector::Request<P, Settings, BasicCredentials>;
/// # struct Client;
/// # impl Client {
/// #     async fn accounts(&self, _: &str) -> Result<ListAccountsResponse> { Ok(ListAccountsResponse::default()) }
/// # }
/// # struct RotateBadge;
/// # impl CustomCapability for RotateBadge {
/// #     type Request = String;
/// #     type Response = u64;
/// #     const NAME: &'static str = "rotate_badge";
/// #     const EFFECT: Effect = Effect::UnsafeWrite;
/// #     const SUMMARY: &'static str = "Issues a new badge to an account";
/// # }
///
/// struct GitHub {
///     client: Client,
/// }
///
/// #[connector::capabilities(
///     auth = BasicCredentials,
///     settings = Settings,
///     on_error(HttpStatusError, HttpHandler),
///     on_error(std::io::Error, connector::error::DefaultHandler, "unreachable")
/// )]
/// impl GitHub {
///     async fn list_accounts(
///         &self,
///         request: Request<ListAccountsRequest>,
///     ) -> Result<Response<ListAccountsResponse>> {
///         Ok(self.client.accounts(&request.settings.domain).await?.into())
///     }
///
///     // Not async: runs on the blocking thread pool.
///     fn validate_credentials(
///         &self,
///         request: Request<ValidateCredentialsRequest>,
///     ) -> Result<Response<ValidateCredentialsResponse>> {
///         Ok(ValidateCredentialsResponse::new(Self::is_valid(&request.auth)).into())
///     }
///
///     #[custom_capability(RotateBadge)]
///     async fn rotate(&self, _request: Request<String>) -> Result<Response<u64>> {
///         Ok(7.into())
///     }
///
///     // Not the name of a capability: an ordinary method.
///     fn is_valid(auth: &BasicCredentials) -> bool {
///         !auth.username.is_empty()
///     }
/// }
///
/// pub fn integration() -> Integration {
///     GitHub { client: Client }.into_builder("github").version("1.0.0").build()
/// }
/// # assert_eq!(integration().capabilities().count(), 3);
/// ```
///
/// # Which methods are capabilities
///
/// | method | registered for |
/// |---|---|
/// | has the name of a standard capability in snake case, such as `list_accounts` | that capability, `ListAccounts` |
/// | has `#[capability(ListAccounts)]` | the given standard capability |
/// | has `#[custom_capability(RotateBadge)]` | the given custom capability |
/// | has `#[capability(skip)]`, or none of these | nothing |
///
/// Any other method that takes a `Request` by value is rejected unless it has `#[capability(skip)]`. It usually has a
/// mistyped name, and a silently missing capability would be noticed late.
///
/// A capability's method takes `&self`, because all calls share one value, and one `Request`. It returns
/// `Result<Response<…>>`. An `async fn` is registered with `register`, any other with `register_blocking`. Everything
/// else is kept: attributes, `cfg`, visibility, doc comments, and the generics of the block. The description of a
/// capability in `info` isn't taken from its doc comment, which has a different audience. Use `.describe` on the
/// builder to set it.
///
/// # Arguments
///
/// | argument | equivalent | default |
/// |---|---|---|
/// | `auth = Credentials` | `.auth::<Credentials>()` | `NoAuth` |
/// | `settings = Settings` | `.settings::<Settings>()` | `NoSettings` |
/// | `on_error(Type, handler)` | `.on_error::<Type>(handler)` | |
/// | `on_error(Type, handler, code)` | `.on_error_with_code::<Type>(handler, code)` | |
///
/// `on_error` may occur several times. The handlers run in that order. Credentials and settings are listed here because
/// a macro sees only a type's name, so it can't look inside `type Request<P> = …`.
///
/// # What it generates
///
/// The generated calls could also be written by hand. For the example above:
///
/// ```
/// # use connector::capability::{ListAccounts, ListAccountsRequest, ListAccountsResponse};
/// # use connector::error::{HttpHandler, HttpStatusError};
/// # use connector::model::BasicCredentials;
/// # use connector::{Integration, IntegrationBuilder, NoSettings as Settings, Response, Result};
/// # use std::sync::Arc;
/// # type Request<P> = connector::Request<P, Settings, BasicCredentials>;
/// # struct GitHub;
/// impl GitHub {
/// #   async fn list_accounts(&self, _: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
/// #       Ok(ListAccountsResponse::default().into())
/// #   }
///     fn into_builder(self, app_id: impl AsRef<str>) -> IntegrationBuilder<Settings, BasicCredentials> {
///         let this = Arc::new(self);
///         let builder = Integration::builder(app_id)
///             .auth::<BasicCredentials>()
///             .settings::<Settings>()
///             .on_error::<HttpStatusError>(HttpHandler);
///         let builder = {
///             // Has the method's name, which determines `raised_in`.
///             fn list_accounts(
///                 this: Arc<GitHub>,
///                 builder: IntegrationBuilder<Settings, BasicCredentials>,
///             ) -> IntegrationBuilder<Settings, BasicCredentials> {
///                 builder.register(ListAccounts, move |request| {
///                     let this = Arc::clone(&this);
///                     async move { this.list_accounts(request).await }
///                 })
///             }
///             list_accounts(Arc::clone(&this), builder)
///         };
///         builder
///     }
/// }
/// # let _ = GitHub.into_builder("github").build();
/// ```
///
/// `into_builder` is private to the module, so that the types in its signature don't have to be public. Put `pub fn
/// integration()` next to it. The returned builder is an ordinary one, on which you can register functions too. A type
/// can have only one such block.
///
/// Generated paths start with `::connector`, so the dependency must not be renamed.
#[proc_macro_attribute]
pub fn capabilities(args: TokenStream, input: TokenStream) -> TokenStream {
    expand::capabilities(args.into(), input.into()).into()
}

/// Derives `connector::Credentials`, whose documentation describes the attributes.
///
/// Generated paths start with `::connector`, so the dependency must not be renamed.
#[proc_macro_derive(Credentials, attributes(credential, credentials))]
pub fn derive_credentials(input: TokenStream) -> TokenStream {
    credentials::derive(input.into()).into()
}
