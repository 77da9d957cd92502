//! What an integration declares of its credentials and settings.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{
    AnyCredentials, BasicCredentials, CredentialKind, JwtCredentials, KeyPairCredentials, OAuth1Credentials,
    OAuthClientCredentials, OAuthCredentials, ServiceAccountCredentials, TokenCredentials,
};

/// The credentials that an integration takes: one of the types in [`model`](crate::model),
/// [`AnyCredentials`] for several kinds, or [`NoAuth`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `OAuthCredentials` or another `…Credentials` of `connector::model`, \
            `AnyCredentials` for several kinds, or leave `.auth` out"
)]
pub trait Auth: sealed::FromSet + Send + Sync + 'static {
    /// The kinds it accepts; empty if the integration needs none.
    const KINDS: &'static [CredentialKind];
}

/// The settings that an integration takes. Implemented by every type that can be read from JSON and described by a
/// schema: `#[derive(Deserialize, JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the settings of an integration",
    note = "it needs `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Settings: DeserializeOwned + JsonSchema + Send + 'static {}

// One message instead of one for each derive, with the list of all types that have it.
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Settings for T {}

/// The credentials of an integration that needs none: whatever a request carries is ignored.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoAuth;

impl NoAuth {
    /// The only value.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// The settings of an integration that has none: absent, `null` or `{}`.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoSettings {}

impl NoSettings {
    /// The only value.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

/// The credentials that a request carries, as a wire format has read them.
#[derive(Default)]
pub(crate) struct CredentialSet {
    pub(crate) basic: Option<BasicCredentials>,
    pub(crate) oauth: Option<OAuthCredentials>,
    pub(crate) token: Option<TokenCredentials>,
    pub(crate) oauth_client: Option<OAuthClientCredentials>,
    pub(crate) oauth1: Option<OAuth1Credentials>,
    pub(crate) jwt: Option<JwtCredentials>,
    pub(crate) service_account: Option<ServiceAccountCredentials>,
    pub(crate) key_pair: Option<KeyPairCredentials>,
}

pub(crate) mod sealed {
    /// Taking one kind out of what a request carries.
    pub trait FromSet: Sized {
        #[doc(hidden)]
        #[expect(private_interfaces, reason = "sealed: nobody else implements or calls it")]
        fn take(set: super::CredentialSet) -> Option<Self>;
    }
}

macro_rules! kind {
    ($($type:ty, $kind:ident, $field:ident;)*) => {$(
        impl Auth for $type {
            const KINDS: &'static [CredentialKind] = &[CredentialKind::$kind];
        }

        #[expect(private_interfaces, reason = "sealed: nobody else implements or calls it")]
        impl sealed::FromSet for $type {
            fn take(set: CredentialSet) -> Option<Self> {
                set.$field
            }
        }
    )*};
}

kind! {
    BasicCredentials, Basic, basic;
    OAuthCredentials, OAuth, oauth;
    TokenCredentials, Token, token;
    OAuthClientCredentials, OAuthClient, oauth_client;
    OAuth1Credentials, OAuth1, oauth1;
    JwtCredentials, Jwt, jwt;
    ServiceAccountCredentials, ServiceAccount, service_account;
    KeyPairCredentials, KeyPair, key_pair;
}

impl Auth for NoAuth {
    const KINDS: &'static [CredentialKind] = &[];
}

#[expect(private_interfaces, reason = "sealed: nobody else implements or calls it")]
impl sealed::FromSet for NoAuth {
    fn take(_: CredentialSet) -> Option<Self> {
        Some(Self)
    }
}

impl Auth for AnyCredentials {
    const KINDS: &'static [CredentialKind] = CredentialKind::ALL;
}

#[expect(private_interfaces, reason = "sealed: nobody else implements or calls it")]
impl sealed::FromSet for AnyCredentials {
    fn take(set: CredentialSet) -> Option<Self> {
        None.or(set.basic.map(Self::Basic))
            .or(set.oauth.map(Self::OAuth))
            .or(set.token.map(Self::Token))
            .or(set.oauth_client.map(Self::OAuthClient))
            .or(set.oauth1.map(Self::OAuth1))
            .or(set.jwt.map(|jwt| Self::Jwt(Box::new(jwt))))
            .or(set.service_account.map(Self::ServiceAccount))
            .or(set.key_pair.map(Self::KeyPair))
    }
}
