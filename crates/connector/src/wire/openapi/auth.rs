//! Credentials as openapi spells them: one object with a key a kind.

use crate::model::{AnyCredentials, CredentialKind};
use crate::read::envelope::of_kind;
use crate::read::members::members;
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
    }
}

/// The credentials of a call that are of one of `wanted`: those of `auth`, then those of `credentials`.
///
/// This format allows a request without any. Those of another kind must be objects, and nobody looks into them.
pub(crate) fn credentials(call: &Call<'_>, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
    let mut found = AnyCredentials::default();
    if let Some(text) = call.auth {
        credential(Section::Auth.into(), text, wanted, &mut found)?;
    }
    if let Some(text) = call.credentials {
        let list = of_kind(Section::Credentials.into(), text, "an array")?;
        for (index, (_, text)) in members(list).enumerate() {
            credential(Place::item(Section::Credentials, index), text, wanted, &mut found)?;
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
    for (key, text) in members(of_kind(place, text, "an object")?) {
        if text == "null" {
            continue;
        }
        if let Some(&kind) = CredentialKind::ALL.iter().find(|kind| kind_name(**kind) == key) {
            let place = place.under(kind_name(kind));
            let text = of_kind(place, text, "an object")?;
            if wanted.contains(&kind) {
                found.read(kind, place, text)?;
            }
        } else if key == "id" {
            part::<String>(place.under("id"), text)?;
        } else if key == "empty" {
            of_kind(place.under("empty"), text, "an object")?;
        }
    }
    Ok(())
}
