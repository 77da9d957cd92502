//! Credentials in the classic format, tagged by `model`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::{AnyCredentials, CredentialKind};
use crate::read::envelope::object;
use crate::read::{Problem, Section, one_of, part};
use crate::wire::call::Call;

/// The tag of a kind, or `None` if the classic format doesn't have it.
pub(in crate::wire) const fn kind_name(kind: CredentialKind) -> Option<&'static str> {
    match kind {
        CredentialKind::Basic => Some("basic"),
        CredentialKind::OAuth => Some("oauth"),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    model: Cow<'a, str>,
}

/// Reads the credentials of a call, which must be of one of the `wanted` kinds.
pub(crate) fn credentials(call: &Call<'_>, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
    let text = object(Section::Auth, call.auth)?;
    let tag: Tag<'_> = part(Section::Auth.into(), text)?;
    let kind = wanted.iter().find(|kind| kind_name(**kind) == Some(tag.model.as_ref()));
    let kind = *kind.ok_or_else(|| unsupported_kind(&tag.model, wanted))?;
    let mut found = AnyCredentials::default();
    found.read(kind, Section::Auth.into(), text)?;
    Ok(found)
}

fn unsupported_kind(tag: &str, wanted: &[CredentialKind]) -> Problem {
    let names: Vec<&str> = wanted.iter().filter_map(|kind| kind_name(*kind)).collect();
    let is_known = CredentialKind::ALL.iter().any(|kind| kind_name(*kind) == Some(tag));
    if is_known {
        return Problem::at("auth.model", format!("expected {}, found {tag:?}", one_of(&names)));
    }
    // The value may be a secret in the wrong place.
    Problem::at("auth.model", format!("unknown value, expected {}", one_of(&names)))
}
