//! The checks that every credential must pass. Messages and codes are those of the published Python releases.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::auth::{ById, DeclaredCredential};
use crate::error::{ConnectorError, ErrorCode};
use crate::model::CredentialKind;
use crate::read::{Place, Problem, Section, part};
use crate::schema;
use crate::wire::{PayloadCredential, extra_white_space};

/// The result of the checks.
pub(super) enum Checked<'a> {
    /// The request is wrong, and a user can't do anything about it.
    Failed(ConnectorError),
    /// What the user has to change.
    Invalid(&'static str),
    Sound {
        declared: &'static DeclaredCredential,
        place: Place,
        text: &'a str,
    },
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    credential: &'a RawValue,
}

/// Checks the credential in a payload.
pub(super) fn check(by_id: ById, payload: &str) -> Result<Checked<'_>, Problem> {
    let payload: Payload<'_> = part(Section::Request.into(), payload)?;
    let credential = PayloadCredential::read(payload.credential.get())?;
    let failed = |message: &str, code| Ok(Checked::Failed(ConnectorError::new(message, code)));
    let Some(id) = credential.id() else {
        return failed("Received credential without an ID", ErrorCode::IntegrationMissingParameter);
    };
    let Some((_, declared)) = by_id.find(id) else {
        // The ID isn't quoted: it may be a secret in the wrong place.
        let error =
            ConnectorError::new("Missing credential configuration for this ID", ErrorCode::InvalidValue);
        return Ok(Checked::Failed(error.with_hint(format!("Expected {}.", by_id.ids()))));
    };
    let Some((place, text)) = credential.of_kind(declared.kind) else {
        return failed("Invalid or malformed credential received", ErrorCode::InvalidValue);
    };
    match (declared.check)(place, text) {
        Ok(()) => {}
        // The published releases read the kind first, as part of the request, and then the author's type.
        Err(problem) if declared.is_custom => {
            let message = format!("Invalid or malformed credential received: {problem}");
            return failed(&message, ErrorCode::InvalidValue);
        }
        Err(problem) => return Err(problem),
    }
    Ok(match complaint(declared, text) {
        Some(why) => Checked::Invalid(why),
        None => Checked::Sound { declared, place, text },
    })
}

/// What a user has to change about a credential that has the right type.
fn complaint(declared: &DeclaredCredential, text: &str) -> Option<&'static str> {
    let document = schema::document(|generator| (declared.schema)(generator).to_value());
    // As text, because a copy of a secret would not be wiped.
    let mut fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    // A type that isn't a plain struct, such as an enum, doesn't name all fields at the top.
    let names_all = !["$ref", "allOf", "anyOf", "oneOf"].iter().any(|key| document.get(key).is_some());
    let is_known = |name: &str| !names_all || document["properties"].get(name).is_some();
    fields.retain(|name, value| value.get() != "null" && is_known(name));
    if fields.is_empty() && declared.kind != CredentialKind::Empty {
        return Some("Credential is missing required fields");
    }
    let required = document["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if required.into_iter().any(|name| fields.get(name).is_some_and(|value| value.get() == r#""""#)) {
        return Some("A required field is empty, please provide a value before submitting again");
    }
    extra_white_space(text, &|generator| (declared.schema)(generator))
        .then_some("Credential has extra whitespace, please remove it before submitting it again")
}
