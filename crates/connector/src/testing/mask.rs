//! Values that must not be shown because their names are those of secrets.

use serde_json::Value;

/// Shown instead of a secret value.
pub(super) const MASKED: &str = "***";

/// Parts of the names of secrets, without separators.
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

/// Parts of the names of tokens that are only a position in a listing, or that describe a token.
const HARMLESS_TOKENS: &[&str] = &["page", "next", "continu", "sync", "cursor", "type", "endpoint", "expir"];

/// Whether this is the name of a secret: of a header, a query parameter or a JSON key.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.replace(|char: char| !char.is_ascii_alphanumeric(), "").to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    has(SECRET) || name.contains("token") && !has(HARMLESS_TOKENS)
}

/// Masks the secrets in `value` at any depth. `name` is the name of the value itself.
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

/// Whether `key` in an object called `parent` is the name of a secret. The token of a page isn't secret.
pub(super) fn is_secret(parent: &str, key: &str) -> bool {
    is_secret_name(key) && !(parent == "page" && key == "token")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognized_by_name_except_page_tokens() {
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
