//! A request whose envelope has been read: what every capability finds in it.

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::page::PageSection;
use crate::model::{PaginationArgs, RateLimitRequestInfo};
use crate::read::envelope::object;
use crate::read::{Problem, Section, section};

/// A request whose envelope has been read.
pub(crate) struct Call<'a> {
    /// The payload's JSON: an object.
    pub(crate) request: &'a str,
    pub(super) auth: Option<&'a str>,
    pub(super) credentials: Option<&'a str>,
    /// The settings' JSON: an object; `{}` if there are none.
    pub(crate) settings: &'a str,
    pub(crate) page: PaginationArgs,
    pub(crate) include_raw_data: bool,
    pub(crate) request_id: Option<String>,
    /// Openapi only.
    pub(crate) rate_limit: Option<RateLimitRequestInfo>,
}

/// How many values credentials may hold, and how large they may be as JSON. Logs and messages are searched for each value
/// in some 40 spellings; the largest real credentials, a private key with its certificates, take a third of it.
const MOST_VALUES: usize = 64;
const MOST_BYTES: usize = 32 << 10;
/// Credentials of this size cannot hold more values than that.
const FEW_BYTES: usize = 3 * MOST_VALUES;

impl Call<'_> {
    /// Refuses credentials that are larger than any real ones.
    pub(super) fn check_credentials(&self) -> Result<(), Problem> {
        for (name, json) in [("auth", self.auth), ("credentials", self.credentials)] {
            let size = json.map_or(0, str::len);
            if size > MOST_BYTES {
                return Err(Problem::at(name, format!("larger than {MOST_BYTES} bytes")));
            }
            if size > FEW_BYTES && texts(json.unwrap_or_default()).len() > MOST_VALUES {
                return Err(Problem::at(name, format!("more than {MOST_VALUES} values")));
            }
        }
        Ok(())
    }

    /// Every text in the sections that carry credentials.
    ///
    /// They are found by their quotes, since a section that could not be read as a whole has secrets in it as well.
    pub(crate) fn credential_texts(&self) -> Vec<Zeroizing<String>> {
        [self.auth, self.credentials].into_iter().flatten().flat_map(texts).collect()
    }
}

/// The strings in a valid JSON text that are no keys, also those that no Rust string can hold.
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

/// Reads the page section: absent and `null` are the first page.
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
    fn the_texts_of_a_section_are_its_strings_but_not_its_keys() {
        let deep = format!("{}\"deep\"{}", "[".repeat(100_000), "]".repeat(100_000));
        for (json, expected) in [
            (r#"{"a":"b","c" : ["d", {"e":"f"}],"g":null}"#, &["b", "d", "f"][..]),
            (r#"["\"","\\","a\\\":","",":"]"#, &["\"", "\\", "a\\\":", "", ":"]),
            (r#"{"a":"\u0061\u00fc","\"b":"\"c"}"#, &["a\u{fc}", "\"c"]),
            // Not every type can be read from these.
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
