//! The media type of a request body.

use axum::http::{HeaderMap, header};

/// Checks that a body's type is JSON (`application/json`, or a type ending in `+json`) in UTF-8, or is missing.
///
/// Any web page can make a browser send a body without a type, but a body with this type only if the server allows it.
///
/// # Errors
/// Returns a message that describes the problem.
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
    Err("the body must be UTF-8, like all JSON (RFC 8259, section 8.1): omit the charset in `Content-Type`")
}

fn is_json(kind: &str) -> bool {
    if kind.eq_ignore_ascii_case("application/json") {
        return true;
    }
    let kind = kind.to_ascii_lowercase();
    kind.starts_with("application/") && kind.ends_with("+json")
}

/// Returns whether the parameters of a type (RFC 9110, section 5.6.6) contain no charset other than UTF-8.
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
        // Browsers accept `utf8` as an alias (Encoding standard), and some clients send it.
        !name.trim().eq_ignore_ascii_case("charset")
            || ["utf-8", "utf8"].iter().any(|utf8| value.eq_ignore_ascii_case(utf8))
    })
}
