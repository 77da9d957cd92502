//! Credentials in the classic format, tagged by `model`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::auth::{ById, FoundCredentials};
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

/// Finds the declared credentials in a request, which carries one.
pub(crate) fn find<'a>(call: &Call<'a>, by_id: ById) -> Result<FoundCredentials<'a>, Problem> {
    let auth = Section::Auth;
    let text = object(auth, call.auth)?;
    let tag: Tag<'_> = part(auth.into(), text)?;
    let carried = |index: &usize| carried_kind(by_id, *index).and_then(kind_name) == Some(tag.model.as_ref());
    let Some(found) = (0..by_id.declared.len()).find(carried) else {
        let kinds: Vec<CredentialKind> =
            (0..by_id.declared.len()).filter_map(|index| carried_kind(by_id, index)).collect();
        return Err(unsupported_kind(&tag.model, &kinds));
    };
    let of = |index| (index == found).then_some((auth.into(), text));
    Ok(FoundCredentials::new((0..by_id.declared.len()).map(of).collect()))
}

/// Whether requests can carry the declared credentials.
pub(in crate::wire) fn can_carry(by_id: ById) -> bool {
    (0..by_id.declared.len()).any(|index| carried_kind(by_id, index).is_some())
}

/// The kind of a credential that a request can carry: it must be the only one of its kind, because the tag is all that
/// identifies it, and it must be enough on its own.
fn carried_kind(by_id: ById, index: usize) -> Option<CredentialKind> {
    let kind = by_id.declared.get(index)?.kind;
    let is_only = by_id.declared.iter().filter(|declared| declared.kind == kind).count() == 1;
    let is_carried =
        kind_name(kind).is_some() && is_only && by_id.check("auth", |other| other == index).is_ok();
    is_carried.then_some(kind)
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
