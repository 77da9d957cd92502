//! JSON strings, written straight into a text.

use std::fmt;

/// Writes `value` as it stands between the quotes of a JSON string (RFC 8259, section 7).
pub(crate) fn escape(value: &str, text: &mut impl fmt::Write) -> fmt::Result {
    // All bytes are looked at whatever comes: that takes them several at a time.
    let is_special = |byte: u8| byte == b'"' || byte == b'\\' || byte.is_ascii_control();
    if !value.bytes().fold(false, |any, byte| any | is_special(byte)) {
        return text.write_str(value);
    }
    let quoted = serde_json::to_string(value).map_err(|_| fmt::Error)?;
    text.write_str(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default())
}
