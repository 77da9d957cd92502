//! A request's envelope after parsing, independent of the wire format.

use std::time::Duration;

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::page::PageSection;
use crate::model::{PaginationArgs, RateLimitRequestInfo};
use crate::read::envelope::object;
use crate::read::{Problem, Section, section};

/// A request's parsed envelope.
pub(crate) struct Call<'a> {
    /// The payload as JSON text, an object.
    pub(crate) request: &'a str,
    pub(super) auth: Option<&'a str>,
    pub(super) credentials: Option<&'a str>,
    /// The settings as JSON text, an object: `{}` if there are none.
    pub(crate) settings: &'a str,
    pub(crate) page: PaginationArgs,
    pub(crate) include_raw_data: bool,
    pub(crate) request_id: Option<String>,
    /// Openapi format only.
    pub(crate) rate_limit: Option<RateLimitRequestInfo>,
    /// How many seconds the caller waits for the response. Openapi only.
    pub(super) time_limit: Option<i64>,
}

/// The maximum number of values in credentials, and their maximum size as JSON. Logs and messages are searched for each
/// value in about 40 encodings. The largest real credentials, a private key with its certificates, need a third of the
/// size.
const MAX_VALUES: usize = 64;
const MAX_BYTES: usize = 32 << 10;
/// Credentials up to this size can't contain more than `MAX_VALUES` values.
const FEW_BYTES: usize = 3 * MAX_VALUES;

impl Call<'_> {
    /// How long the caller waits for the response; `None` if the format has no place for it.
    pub(crate) fn time_limit(&self) -> Result<Option<Duration>, Problem> {
        let Some(seconds) = self.time_limit else { return Ok(None) };
        match u64::try_from(seconds) {
            Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
            _ => Err(Problem::at("rate_limit.max_execution_time", "expected at least 1")),
        }
    }

    /// Rejects credentials that are larger than any real ones.
    pub(super) fn check_credentials(&self) -> Result<(), Problem> {
        for (name, json) in [("auth", self.auth), ("credentials", self.credentials)] {
            let size = json.map_or(0, str::len);
            if size > MAX_BYTES {
                return Err(Problem::at(name, format!("must be at most {MAX_BYTES} bytes")));
            }
            if size > FEW_BYTES && texts(json.unwrap_or_default()).len() > MAX_VALUES {
                return Err(Problem::at(name, format!("must contain at most {MAX_VALUES} values")));
            }
        }
        Ok(())
    }

    /// Returns every string in the sections that contain credentials.
    ///
    /// They are found by their quotes, because even a section that couldn't be deserialized contains secrets.
    pub(crate) fn credential_texts(&self) -> Vec<Zeroizing<String>> {
        [self.auth, self.credentials].into_iter().flatten().flat_map(texts).collect()
    }
}

/// Returns the strings in a valid JSON text that aren't keys, including those that aren't valid Rust strings.
fn texts(json: &str) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    let mut rest = json;
    while let Some(begin) = rest.find('"') {
        rest = rest.get(begin..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let Some(Ok(quoted)) = values.next() else { break };
        rest = rest.get(values.byte_offset()..).unwrap_or_default();
        if !rest.trim_ascii_start().starts_with(':') {
            let quoted = quoted.get();
            let text = serde_json::from_str(quoted).unwrap_or_else(|_| quoted.trim_matches('"').to_owned());
            found.push(Zeroizing::new(text));
        }
    }
    found
}

/// Reads the page section. If it is absent or `null`, the first page is requested.
pub(super) fn page(text: Option<&str>) -> Result<PaginationArgs, Problem> {
    match text {
        Some(text) if text != "null" => {
            section::<PageSection>(Section::Page, object(Section::Page, Some(text))?).map(Into::into)
        }
        _ => Ok(PaginationArgs::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_all_strings_except_keys() {
        let deep = format!("{}\"deep\"{}", "[".repeat(100_000), "]".repeat(100_000));
        for (json, expected) in [
            (r#"{"a":"b","c" : ["d", {"e":"f"}],"g":null}"#, &["b", "d", "f"][..]),
            (r#"["\"","\\","a\\\":","",":"]"#, &["\"", "\\", "a\\\":", "", ":"]),
            (r#"{"a":"\u0061\u00fc","\"b":"\"c"}"#, &["a\u{fc}", "\"c"]),
            // Most types can't be deserialized from these.
            (r#"{"a":1e999,"b":"c\ud800","d":"e"}"#, &[r"c\ud800", "e"]),
            (&deep, &["deep"]),
            ("\"a\"", &["a"]),
            ("7", &[]),
        ] {
            let found = texts(json);
            assert_eq!(found.iter().map(|text| text.as_str()).collect::<Vec<_>>(), expected, "{json:.80}");
        }
    }
}
