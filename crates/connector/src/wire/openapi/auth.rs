//! Credentials in the openapi format: one object with a key per kind.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{AnyCredentials, CredentialKind};
use crate::read::envelope::of_kind;
use crate::read::{Place, Problem, Section, part};
use crate::wire::call::Call;

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
        CredentialKind::Empty => "empty",
    }
}

/// Credentials of several kinds, not yet deserialized.
#[derive(Deserialize)]
pub(crate) struct Credential<'a> {
    pub(crate) id: Option<String>,
    #[serde(borrow)]
    empty: Option<&'a RawValue>,
    #[serde(borrow)]
    basic: Option<&'a RawValue>,
    #[serde(borrow)]
    oauth: Option<&'a RawValue>,
    #[serde(borrow)]
    token: Option<&'a RawValue>,
    #[serde(borrow)]
    oauth_client_credentials: Option<&'a RawValue>,
    #[serde(borrow)]
    oauth1: Option<&'a RawValue>,
    #[serde(borrow)]
    jwt: Option<&'a RawValue>,
    #[serde(borrow)]
    service_account: Option<&'a RawValue>,
    #[serde(borrow)]
    key_pair: Option<&'a RawValue>,
}

impl<'a> Credential<'a> {
    pub(crate) const fn of_kind(&self, kind: CredentialKind) -> Option<&'a RawValue> {
        match kind {
            CredentialKind::Basic => self.basic,
            CredentialKind::OAuth => self.oauth,
            CredentialKind::Token => self.token,
            CredentialKind::OAuthClient => self.oauth_client_credentials,
            CredentialKind::OAuth1 => self.oauth1,
            CredentialKind::Jwt => self.jwt,
            CredentialKind::ServiceAccount => self.service_account,
            CredentialKind::KeyPair => self.key_pair,
            CredentialKind::Empty => self.empty,
        }
    }

    /// The kinds that are present, with their values.
    pub(super) fn all(&self) -> impl Iterator<Item = (CredentialKind, &'a RawValue)> {
        CredentialKind::ALL.iter().filter_map(|kind| Some((*kind, self.of_kind(*kind)?)))
    }
}

/// Reads the `wanted` kinds of credentials from `auth`, then from `credentials`.
///
/// The format allows requests without credentials. Credentials of other kinds must be objects but aren't read.
pub(crate) fn credentials(call: &Call<'_>, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
    let mut found = AnyCredentials::default();
    if let Some(text) = call.auth {
        credential(Section::Auth.into(), text, wanted, &mut found)?;
    }
    if let Some(text) = call.credentials {
        let place = Section::Credentials.into();
        for (index, item) in part::<Vec<&RawValue>>(place, text)?.into_iter().enumerate() {
            credential(Place::item(Section::Credentials, index), item.get(), wanted, &mut found)?;
        }
    }
    Ok(found)
}

fn credential(
    place: Place,
    text: &str,
    wanted: &[CredentialKind],
    found: &mut AnyCredentials,
) -> Result<(), Problem> {
    let credential: Credential<'_> = part(place, text)?;
    for (kind, value) in credential.all() {
        let place = place.under(kind_name(kind));
        let text = of_kind(place, value.get(), "an object")?;
        if wanted.contains(&kind) {
            found.read(kind, place, text)?;
        }
    }
    Ok(())
}
