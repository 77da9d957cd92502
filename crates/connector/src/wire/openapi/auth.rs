//! Credentials as openapi spells them: one object with a key a kind.

use serde::Deserialize;

use crate::model::{
    AnyCredentials, BasicCredentials, CredentialKind, JwtCredentials, KeyPairCredentials, OAuth1Credentials,
    OAuthClientCredentials, OAuthCredentials, ServiceAccountCredentials, TokenCredentials,
};
use crate::wire::Problem;
use crate::wire::decode::{Call, Section, object, section};

/// The key of a kind.
pub(in crate::wire) const fn kind_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Basic => "basic",
        CredentialKind::OAuth => "oauth",
        CredentialKind::Token => "token",
        CredentialKind::OAuthClient => "oauth_client_credentials",
        CredentialKind::OAuth1 => "oauth1",
        CredentialKind::Jwt => "jwt",
        CredentialKind::ServiceAccount => "service_account",
        CredentialKind::KeyPair => "key_pair",
    }
}

#[derive(Deserialize)]
struct AuthCredential {
    #[expect(dead_code, reason = "read to be checked")]
    id: Option<String>,
    basic: Option<BasicCredentials>,
    oauth: Option<OAuthCredentials>,
    token: Option<TokenCredentials>,
    oauth_client_credentials: Option<OAuthClientCredentials>,
    oauth1: Option<OAuth1Credentials>,
    jwt: Option<JwtCredentials>,
    service_account: Option<ServiceAccountCredentials>,
    key_pair: Option<KeyPairCredentials>,
    #[expect(dead_code, reason = "read to be checked")]
    empty: Option<EmptyCredential>,
}

#[derive(Deserialize)]
struct EmptyCredential {}

/// The credentials of a call: those of `auth`, and what it lacks from `credentials`, in the order of that list.
///
/// That there are any of the wanted kind is left to the taker: this format allows a request without.
pub(crate) fn credentials(call: &Call<'_>) -> Result<AnyCredentials, Problem> {
    let mut set = AnyCredentials::default();
    if call.auth.is_some() {
        add(&mut set, section(Section::Auth, object(Section::Auth, call.auth)?)?);
    }
    if let Some(text) = call.credentials {
        for credential in section::<Vec<AuthCredential>>(Section::Credentials, text)? {
            add(&mut set, credential);
        }
    }
    Ok(set)
}

fn add(set: &mut AnyCredentials, found: AuthCredential) {
    fn fill<T>(place: &mut Option<T>, found: Option<T>) {
        if place.is_none() {
            *place = found;
        }
    }
    fill(&mut set.basic, found.basic);
    fill(&mut set.oauth, found.oauth);
    fill(&mut set.token, found.token);
    fill(&mut set.oauth_client, found.oauth_client_credentials);
    fill(&mut set.oauth1, found.oauth1);
    fill(&mut set.jwt, found.jwt);
    fill(&mut set.service_account, found.service_account);
    fill(&mut set.key_pair, found.key_pair);
}
