//! JSON strings, written straight into a text.

use std::fmt;

/// Writes `value` as it stands between the quotes of a JSON string (RFC 8259, section 7).
pub(crate) fn escape(value: &str, text: &mut impl fmt::Write) -> fmt::Result {
    if !value.bytes().any(|byte| matches!(byte, b'"' | b'\\') || byte.is_ascii_control()) {
        return text.write_str(value);
    }
    let quoted = serde_json::to_string(value).map_err(|_| fmt::Error)?;
    text.write_str(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default())
}
