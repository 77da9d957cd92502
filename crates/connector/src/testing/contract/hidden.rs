//! [`Hidden`]: the secrets of a fixture, which reports don't show.

use serde_json::Value;

use super::super::mask::{MASKED, is_secret};
use super::fixture::Fixture;
use crate::scrub::named_spellings;

/// Shorter strings also occur in words that aren't secret.
const SHORTEST: usize = 4;

/// The secrets of a fixture, in every encoding.
pub(super) struct Hidden(Vec<String>);

impl Hidden {
    pub(super) fn of(fixture: &Fixture) -> Self {
        let mut secrets = Vec::new();
        let good =
            [("auth", &fixture.auth), ("credentials", &fixture.credentials), ("settings", &fixture.settings)];
        let good = good.into_iter().filter_map(|(name, section)| Some((name, section.as_ref()?)));
        for (name, section) in good.chain(fixture.bad_sections()) {
            collect(name, name, section, &mut secrets);
        }
        let mut spellings: Vec<String> = secrets
            .into_iter()
            .flat_map(|secret| named_spellings(secret.into()))
            .map(|(_, spelling)| spelling.as_str().to_owned())
            .filter(|spelling| spelling.len() >= SHORTEST)
            .collect();
        // Longest first: a secret may be part of another one.
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        spellings.dedup();
        Self(spellings)
    }

    pub(super) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASKED))
    }
}

fn collect(parent: &str, name: &str, value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST && is_secret(parent, name) => {
            secrets.push(text.clone())
        }
        Value::Object(fields) => fields.iter().for_each(|(key, field)| collect(name, key, field, secrets)),
        Value::Array(items) => items.iter().for_each(|item| collect(parent, name, item, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_in_every_section() {
        let login = |secret: &str| json!({ "basic": { "username": "ada", "password": secret } });
        let fixture = json!({
            "auth": login("first-one"),
            "bad_auth": login("second-one"),
            "credentials": [{ "id": "api-login", "token": { "token": "third-one" } }],
            "bad_credentials": [{ "id": "api-login", "token": { "token": "fourth-one" } }],
            "settings": { "api_key": "fifth-one" },
        });
        let hidden = Hidden::of(&Fixture::try_from(fixture).unwrap());
        let text = "api-login first-one second-one third-one fourth-one fifth-one";
        assert_eq!(hidden.hide(text), "api-login *** *** *** *** ***");
    }
}
