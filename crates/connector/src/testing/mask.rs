//! What must not be shown: values whose name says that they are secret.

use serde_json::Value;

/// What stands for a value that is not shown.
pub(super) const MASKED: &str = "***";

/// Parts of names of secrets, without separators.
const SECRET: &[&str] = &[
    "authorization",
    "cookie",
    "secret",
    "passw",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "signature",
    "assertion",
    "passphrase",
    "pwd",
    "sessionid",
];

/// What a token's name says if it is only a place in a listing, or about a token.
const HARMLESS_TOKENS: &[&str] = &["page", "next", "continu", "sync", "cursor", "type", "endpoint", "expir"];

/// Whether a value of this name is secret: a header's, a query parameter's, a JSON key's.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.replace(|char: char| !char.is_ascii_alphanumeric(), "").to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    has(SECRET) || name.contains("token") && !has(HARMLESS_TOKENS)
}

/// `value`, which is called `name`, with the values of secret names masked at any depth.
pub(super) fn without_secrets(name: &str, mut value: Value) -> Value {
    mask(name, &mut value);
    value
}

fn mask(name: &str, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let is_flag = field.is_null() || field.is_boolean();
                if is_secret(name, key) && !is_flag {
                    *field = MASKED.into();
                } else {
                    mask(key, field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(name, item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether what is called `key` in something called `parent` is secret. The token of a page is none.
pub(super) fn is_secret(parent: &str, key: &str) -> bool {
    is_secret_name(key) && !(parent == "page" && key == "token")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names_and_places_in_a_listing_are_none() {
        for name in ["Authorization", "Set-Cookie", "X-Api-Key", "access_token", "client_secret", "Password"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["pageToken", "next_token", "cursor", "id", "token_type", "accept", "key"] {
            assert!(!is_secret_name(name), "{name}");
        }
        let page =
            serde_json::json!({ "page": { "token": "p2" }, "token": "t", "list": [{ "password": "x" }] });
        assert_eq!(
            without_secrets("", page).to_string(),
            r#"{"page":{"token":"p2"},"token":"***","list":[{"password":"***"}]}"#
        );
    }
}
