//! Credentials that are declared by ID: each item of `credentials` has an `id`, and `auth` may carry a single one.

use serde_json::value::RawValue;

use super::auth::{Credential, kind_name};
use super::white_space;
use crate::auth::{ById, DeclaredCredential, FoundCredentials};
use crate::model::CredentialKind;
use crate::read::envelope::of_kind;
use crate::read::{Place, Problem, Section, one_of, part};
use crate::wire::call::Call;

/// Finds the declared credentials in a request.
pub(crate) fn find<'a>(call: &Call<'a>, by_id: ById) -> Result<FoundCredentials<'a>, Problem> {
    let mut found = vec![None; by_id.declared.len()];
    match (call.auth, call.credentials) {
        (Some(_), Some(_)) => {
            return Err(Problem::at("auth", "expected either auth or credentials, not both"));
        }
        (Some(text), None) => {
            let place = Section::Auth.into();
            let credential: Credential<'_> = part(place, text)?;
            let (index, declared) = single(&credential, by_id)?;
            store(&mut found, index, payload(&credential, place, declared)?);
        }
        (None, Some(text)) => {
            let items: Vec<&RawValue> = part(Section::Credentials.into(), text)?;
            let mut seen = vec![false; by_id.declared.len()];
            for (index, item) in items.into_iter().enumerate() {
                let place = Place::item(Section::Credentials, index);
                let credential: Credential<'_> = part(place, item.get())?;
                let (index, declared) = with_id(&credential, place, by_id)?;
                if seen.get(index) == Some(&true) {
                    return Err(Problem::at(place.under("id").to_string(), "two credentials have this ID"));
                }
                store(&mut seen, index, true);
                store(&mut found, index, payload(&credential, place, declared)?);
            }
        }
        (None, None) => {}
    }
    by_id.check("credentials", |index| found.get(index).is_some_and(Option::is_some))?;
    Ok(FoundCredentials::new(found))
}

fn store<T>(slots: &mut [T], index: usize, value: T) {
    if let Some(slot) = slots.get_mut(index) {
        *slot = value;
    }
}

/// The declaration of a credential, by its ID.
fn with_id(
    credential: &Credential<'_>,
    place: Place,
    by_id: ById,
) -> Result<(usize, &'static DeclaredCredential), Problem> {
    let id_place = place.under("id");
    let id = credential.id.as_deref().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Problem::required(id_place.to_string()))?;
    // The ID isn't quoted: it may be a secret in the wrong place.
    by_id
        .find(id)
        .ok_or_else(|| Problem::at(id_place.to_string(), format!("unknown ID, expected {}", by_id.ids())))
}

/// The declaration of the credential in `auth`: by its ID, otherwise by its kind if only one is of that kind.
fn single(credential: &Credential<'_>, by_id: ById) -> Result<(usize, &'static DeclaredCredential), Problem> {
    if credential.id.as_deref().is_some_and(|id| !id.is_empty()) {
        return with_id(credential, Section::Auth.into(), by_id);
    }
    let is_carried =
        |(_, declared): &(usize, &DeclaredCredential)| credential.of_kind(declared.kind).is_some();
    let mut carried = by_id.declared.iter().enumerate().filter(is_carried);
    match (carried.next(), carried.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => {
            let is_declared = |kind: &&CredentialKind| by_id.declared.iter().any(|one| one.kind == **kind);
            let kinds = CredentialKind::ALL.iter().filter(is_declared).map(|kind| kind_name(*kind));
            Err(Problem::at("auth", format!("expected {}", one_of(&kinds.collect::<Vec<_>>()))))
        }
        (Some(_), Some(_)) => Err(Problem::required("auth.id")),
    }
}

/// The fields of a credential, or `None` if it has none of any kind, which is the same as if it were missing.
fn payload<'a>(
    credential: &Credential<'a>,
    place: Place,
    declared: &DeclaredCredential,
) -> Result<Option<(Place, &'a str)>, Problem> {
    for (kind, value) in credential.all() {
        of_kind(place.under(kind_name(kind)), value.get(), "an object")?;
    }
    let kind = declared.kind;
    if let Some(value) = credential.of_kind(kind) {
        let (place, text) = (place.under(kind_name(kind)), value.get());
        white_space::check(place, text, &|generator| (declared.schema)(generator))?;
        return Ok(Some((place, text)));
    }
    match credential.all().next() {
        Some((other, _)) => {
            let (expected, found) = (kind_name(kind), kind_name(other));
            Err(Problem::at(place.to_string(), format!("expected {expected:?}, found {found:?}")))
        }
        // An empty credential has no fields anyway.
        None => Ok((kind == CredentialKind::Empty).then_some((place, "{}"))),
    }
}

/// A credential in the payload of a request.
pub(crate) struct PayloadCredential<'a>(Credential<'a>);

impl<'a> PayloadCredential<'a> {
    const PLACE: &'static str = "credential";

    /// Reads it from JSON.
    pub(crate) fn read(text: &'a str) -> Result<Self, Problem> {
        let place = Place::credential(Self::PLACE);
        let credential: Credential<'_> = part(place, text)?;
        for (kind, value) in credential.all() {
            of_kind(place.under(kind_name(kind)), value.get(), "an object")?;
        }
        Ok(Self(credential))
    }

    /// Its ID, unless it is empty.
    pub(crate) fn id(&self) -> Option<&str> {
        self.0.id.as_deref().filter(|id| !id.is_empty())
    }

    /// Its fields, if it is of this kind. An empty credential has none.
    pub(crate) fn of_kind(&self, kind: CredentialKind) -> Option<(Place, &'a str)> {
        let place = Place::credential(Self::PLACE).under(kind_name(kind));
        match self.0.of_kind(kind) {
            Some(value) => Some((place, value.get())),
            None => (kind == CredentialKind::Empty).then_some((place, "{}")),
        }
    }
}
