//! A request whose envelope has been read: what every capability finds in it.

use zeroize::Zeroizing;

use super::page::PageSection;
use crate::model::PaginationArgs;
use crate::read::envelope::object;
use crate::read::members::end_of_string;
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

/// The strings in a JSON text that are no keys.
fn texts(json: &str) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = json.get(at..).and_then(|rest| rest.find('"')).map(|offset| at + offset) {
        let end = end_of_string(json.as_bytes(), begin + 1);
        at = end + 1;
        let is_key = json.get(at..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        if let Some(quoted) = json.get(begin..at).filter(|_| !is_key) {
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
