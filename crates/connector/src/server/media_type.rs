//! What the body of a request says that it is.

use axum::http::{HeaderMap, header};

/// Checks that a body says that it is JSON (`application/json`, or a type that ends in `+json`) in UTF-8, or says
/// nothing.
///
/// A page of any site can have a browser send a body without a type; one with this type only after the server agreed.
///
/// # Errors
/// What to do about it.
pub(super) fn check(headers: &HeaderMap) -> Result<(), &'static str> {
    const NOT_JSON: &str = "the body must be JSON: set the header `Content-Type: application/json`";
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return if headers.contains_key(header::ORIGIN) { Err(NOT_JSON) } else { Ok(()) };
    };
    let value = value.to_str().map_err(|_| NOT_JSON)?;
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    if !is_json(kind.trim()) {
        return Err(NOT_JSON);
    }
    if parameters.is_empty() || is_utf8(parameters) {
        return Ok(());
    }
    Err(
        "the body must be in UTF-8, as all JSON is (RFC 8259, section 8.1): leave the charset out of `Content-Type`",
    )
}

fn is_json(kind: &str) -> bool {
    if kind.eq_ignore_ascii_case("application/json") {
        return true;
    }
    let kind = kind.to_ascii_lowercase();
    kind.starts_with("application/") && kind.ends_with("+json")
}

/// Whether the parameters of a type (RFC 9110, section 5.6.6) name no charset but UTF-8.
fn is_utf8(parameters: &str) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let mut parameters = parameters.split(|character| {
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = is_quoted && character == '\\' && !is_escaped;
        character == ';' && !is_quoted
    });
    parameters.all(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else { return true };
        let value = value.trim().trim_matches('"');
        // Browsers know `utf8` as another name for it (Encoding standard), and some clients say so.
        !name.trim().eq_ignore_ascii_case("charset")
            || ["utf-8", "utf8"].iter().any(|utf8| value.eq_ignore_ascii_case(utf8))
    })
}
