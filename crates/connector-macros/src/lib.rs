//! The attribute macro of `lumos-connector`, used as `connector::capabilities`.

mod args;
mod expand;
mod method;
mod standard;

use proc_macro::TokenStream;

/// Makes an integration of a type's methods.
///
/// The class-style way of writing a connector: what the calls share, a client say, stands in a struct; each capability
/// is a method. The attribute writes one more method, `into_builder`, which registers the others.
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
///     // Not async: runs on the pool for blocking calls.
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
///     // No capability's name: a method like any other.
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
/// | has the name of a standard capability in snake case, `list_accounts` | that one, `ListAccounts` |
/// | has `#[capability(ListAccounts)]` | the standard capability named there |
/// | has `#[custom_capability(RotateBadge)]` | the connector's own capability named there |
/// | has `#[capability(skip)]`, or none of these | nothing |
///
/// A method that takes a `Request` by value and is none of the first three is refused unless it has
/// `#[capability(skip)]`: it is a name mistyped more often than not, and a capability that is silently missing is
/// found late.
///
/// A capability's method takes `&self`, since all calls share one value, and one `Request`; it returns
/// `Result<Response<…>>`. An `async fn` is registered with `register`, any other with `register_blocking`. All else
/// stays as it is written: attributes, `cfg`, visibility, doc comments, and the generics of the block. What `info` says
/// of a capability is not taken from its comment, which is written for others: `.describe` on the builder sets it.
///
/// # Arguments
///
/// | argument | what it stands for | without it |
/// |---|---|---|
/// | `auth = Credentials` | `.auth::<Credentials>()` | `NoAuth` |
/// | `settings = Settings` | `.settings::<Settings>()` | `NoSettings` |
/// | `on_error(Type, handler)` | `.on_error::<Type>(handler)` | |
/// | `on_error(Type, handler, code)` | `.on_error_with_code::<Type>(handler, code)` | |
///
/// `on_error` may stand several times; the handlers run in that order. Credentials and settings are named here since
/// a macro sees how a type is spelled, not what it is: it cannot look through `type Request<P> = …`.
///
/// # What it writes
///
/// Calls that could as well be written by hand. Of the example above:
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
///             // Named like the method, for the sake of `raised_in`.
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
/// `into_builder` is private to the module, so that it needs no more public types than the connector has:
/// `pub fn integration()` stands beside it. What it returns is a builder like any other, on which functions can be
/// registered too. A type has one such block.
///
/// The paths written begin with `::connector`, so the dependency must not be renamed.
#[proc_macro_attribute]
pub fn capabilities(args: TokenStream, input: TokenStream) -> TokenStream {
    expand::capabilities(args.into(), input.into()).into()
}
