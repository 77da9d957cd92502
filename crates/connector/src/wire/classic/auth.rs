//! Credentials as classic spells them: tagged by `model`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::{AnyCredentials, CredentialKind};
use crate::read::envelope::object;
use crate::read::{Problem, Section, one_of, problem_of, unknown_value};
use crate::wire::call::Call;

/// The tag of a kind; `None` if classic does not have it.
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

#[derive(Deserialize)]
struct OwnedTag {
    #[expect(dead_code, reason = "only read to find out what is wrong with it")]
    model: String,
}

/// The credentials of a call, which must be of one of `wanted`.
pub(crate) fn credentials(call: &Call<'_>, wanted: &[CredentialKind]) -> Result<AnyCredentials, Problem> {
    let text = object(Section::Auth, call.auth)?;
    let tag = match tag_in_front(text) {
        Some(model) => Tag { model: model.into() },
        None => serde_json::from_str(text)
            .map_err(|error| problem_of::<OwnedTag>(Section::Auth.into(), text, &error))?,
    };
    let kind = wanted.iter().find(|kind| kind_name(**kind) == Some(tag.model.as_ref()));
    let kind = *kind.ok_or_else(|| unwanted(&tag.model, wanted))?;
    let mut found = AnyCredentials::default();
    found.read(kind, Section::Auth.into(), text)?;
    Ok(found)
}

/// The tag of an object that begins with it, as most clients write it: then the rest need not be read to find it.
fn tag_in_front(object: &str) -> Option<&str> {
    let value = object.strip_prefix('{')?.trim_ascii_start().strip_prefix("\"model\"")?.trim_ascii_start();
    let (tag, _) = value.strip_prefix(':')?.trim_ascii_start().strip_prefix('"')?.split_once('"')?;
    (!tag.contains('\\')).then_some(tag)
}

fn unwanted(tag: &str, wanted: &[CredentialKind]) -> Problem {
    let names: Vec<&str> = wanted.iter().filter_map(|kind| kind_name(*kind)).collect();
    let is_known = CredentialKind::ALL.iter().any(|kind| kind_name(*kind) == Some(tag));
    if is_known {
        return Problem::at("auth.model", format!("expected {}, found {tag:?}", one_of(&names)));
    }
    Problem::at("auth.model", unknown_value(tag, &names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_seen_in_front_only_as_it_is() {
        for (object, tag) in [
            (r#"{"model":"basic","username":"u"}"#, Some("basic")),
            ("{ \n\"model\"\t: \"\" }", Some("")),
            (r#"{"model":" basic"}"#, Some(" basic")),
            (r#"{"model":"ba\u0073ic"}"#, None),
            (r#"{"model":"a\"b"}"#, None),
            (r#"{"model":1}"#, None),
            (r#"{"models":"basic"}"#, None),
            (r#"{"username":"u","model":"basic"}"#, None),
            ("{}", None),
        ] {
            assert_eq!(tag_in_front(object), tag, "{object}");
        }
    }
}
