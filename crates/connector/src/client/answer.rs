//! [`Answer`]: a response of the upstream, with its whole body.

use std::fmt;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LINK};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::error::{Error, Result, UnexpectedBodyError, strip_url};
use crate::pagination::next_link;
use crate::read::why_not;
use crate::scrub::Scrubber;

/// A successful response of the upstream.
pub struct Answer {
    pub(super) status: u16,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) secrets: Vec<Zeroizing<String>>,
}

impl Answer {
    /// The status, from 200 to 299.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, decompressed if the client can.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The URL of the next page from the `Link` headers, for [`get_url`](super::Upstream::get_url). `None` on the last
    /// page.
    ///
    /// # Errors
    /// Those of [`next_link`].
    pub fn next_link(&self) -> Result<Option<String>> {
        next_page(&self.url, &self.headers)
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    /// [`UnexpectedBodyError`] with the path of the value that isn't as expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| self.unexpected::<T>(&error))
    }

    /// Decodes the body as JSON, and keeps the raw JSON and the headers.
    ///
    /// # Errors
    /// Those of [`json`](Self::json).
    pub fn json_and_raw<T: DeserializeOwned>(self) -> Result<Json<T>> {
        let (value, raw) = (self.json()?, self.json()?);
        Ok(Json { value, raw, headers: self.headers, url: self.url })
    }

    fn unexpected<T: DeserializeOwned>(&self, error: &serde_json::Error) -> Error {
        let text = String::from_utf8_lossy(&self.body);
        // Only the position of malformed JSON: other messages of `serde_json` quote values.
        let reason = match error.is_data() {
            true => why_not::<T>(&text).unwrap_or_else(|| "it has another shape".to_owned()),
            false => format!("it is not JSON (line {}, column {})", error.line(), error.column()),
        };
        let content_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let quoted = quoted(&self.headers, &self.body, &self.secrets);
        UnexpectedBodyError::new(self.url.as_str(), self.status, content_type, &quoted)
            .with_reason(reason)
            .into()
    }
}

/// Shows neither the query, nor headers, nor the body.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("url", &strip_url(self.url.as_str()))
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A JSON body, decoded and raw.
#[non_exhaustive]
pub struct Json<T> {
    /// The decoded body.
    pub value: T,
    /// The raw body, for [`raw data`](crate::Request::include_raw_data).
    pub raw: Value,
    /// The headers of the response.
    pub headers: HeaderMap,
    url: Url,
}

/// Shows neither the query, nor headers, nor the body.
impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Json").field("url", &strip_url(self.url.as_str())).finish_non_exhaustive()
    }
}

impl<T> Json<T> {
    /// The URL of the next page: see [`Answer::next_link`].
    ///
    /// # Errors
    /// Those of [`next_link`].
    pub fn next_link(&self) -> Result<Option<String>> {
        next_page(&self.url, &self.headers)
    }
}

fn next_page(url: &Url, headers: &HeaderMap) -> Result<Option<String>> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let next = next_link(links)?;
    Ok(next.map(|next| url.join(next).map_or_else(|_| next.to_owned(), String::from)))
}

/// Returns what an error may quote of a body: without the call's secrets, and a page of HTML only by its title.
pub(super) fn quoted(headers: &HeaderMap, body: &[u8], secrets: &[Zeroizing<String>]) -> String {
    let text = Scrubber::new(secrets.to_vec()).scrub_whole(&String::from_utf8_lossy(body));
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    if !content_type.contains("html") && !lower.trim_start().starts_with("<!doctype html") {
        return text;
    }
    let title = lower.find("<title>").map(|at| at + "<title>".len()).and_then(|begin| {
        let end = lower[begin..].find("</title>")?;
        Some(text[begin..begin + end].trim())
    });
    match title {
        Some(title) => format!("an HTML page with the title {title:?}"),
        None => "an HTML page".to_owned(),
    }
}
