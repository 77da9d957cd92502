//! [`Reply`]: a reply of the mock upstream, and how its connection fails.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A reply of the mock upstream.
///
/// In bodies and headers, `{{upstream}}` stands for the mock upstream's own URL, for example in a link to the next page.
///
/// ```
/// use connector::testing::Reply;
/// use serde_json::json;
///
/// let created = Reply::json(json!({ "id": 7 })).with_status(201);
/// let busy = Reply::rate_limited(30);
/// let half = Reply::json(json!({ "users": [] })).cut_off_after(5);
/// ```
#[derive(Clone)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) delay: Duration,
    pub(super) fault: Fault,
}

/// How a reply fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    None,
    /// The connection is closed without a reply.
    BrokenOff,
    /// The connection is closed after this many bytes of the body.
    CutOff(usize),
}

impl Reply {
    /// A reply with this HTTP status and no body.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), delay: Duration::ZERO, fault: Fault::None }
    }

    /// 200 with a JSON body.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`&` before every `json!` would only be noise")]
    pub fn json(body: Value) -> Self {
        Self::body("application/json", body.to_string())
    }

    /// 200 with a text body.
    #[must_use]
    pub fn text(body: impl Into<String>) -> Self {
        Self::body("text/plain; charset=utf-8", body.into())
    }

    /// 200 with any body, such as a malformed one: `Reply::body("application/json", "{\"users\": [")`.
    #[must_use]
    pub fn body(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { headers, body: body.into(), ..Self::status(200) }
    }

    /// 429 with `Retry-After` in seconds (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn rate_limited(retry_after: u64) -> Self {
        Self::status(429).with_header("retry-after", retry_after.to_string())
    }

    /// Closes the connection without a reply when the call has been read.
    #[must_use]
    pub fn broken_off() -> Self {
        Self { fault: Fault::BrokenOff, ..Self::status(200) }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Delays the reply. In a `paused` test, its clock measures the delay.
    #[must_use]
    pub const fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Closes the connection after this many bytes of the body. `Content-Length` is that of the whole body.
    #[must_use]
    pub const fn cut_off_after(mut self, bytes: usize) -> Self {
        self.fault = Fault::CutOff(bytes);
        self
    }

    /// Replaces `{{upstream}}` with the mock upstream's URL.
    pub(super) fn fill(&mut self, fill: &dyn Fn(&str) -> String) {
        for (_, value) in &mut self.headers {
            *value = fill(value);
        }
        if let Ok(text) = std::str::from_utf8(&self.body) {
            self.body = fill(text).into_bytes();
        }
    }
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self::json(body)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// A reply in a case file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyFile {
    status: Option<u16>,
    #[serde(default)]
    headers: Map<String, Value>,
    json: Option<Value>,
    text: Option<String>,
    #[serde(default)]
    delay_ms: u64,
    retry_after: Option<u64>,
    #[serde(default)]
    broken_off: bool,
    cut_off_after: Option<usize>,
}

impl TryFrom<ReplyFile> for Reply {
    type Error = String;

    fn try_from(file: ReplyFile) -> Result<Self, Self::Error> {
        let mut reply = match (file.json, file.text) {
            (Some(_), Some(_)) => return Err("answer: only one of json and text is allowed".to_owned()),
            (Some(json), None) => Self::json(json),
            (None, Some(text)) => Self::text(text),
            (None, None) => Self::status(200),
        };
        if let Some(seconds) = file.retry_after {
            reply = reply.with_status(429).with_header("retry-after", seconds.to_string());
        }
        if let Some(status) = file.status {
            reply.status = status;
        }
        for (name, value) in file.headers {
            let value = value.as_str().ok_or_else(|| format!("answer: header {name}: expected a string"))?;
            reply.headers.retain(|(set, _)| !set.eq_ignore_ascii_case(&name));
            reply.headers.push((name, value.to_owned()));
        }
        reply.delay = Duration::from_millis(file.delay_ms);
        reply.fault = match (file.broken_off, file.cut_off_after) {
            (true, _) => Fault::BrokenOff,
            (false, Some(bytes)) => Fault::CutOff(bytes),
            (false, None) => Fault::None,
        };
        Ok(reply)
    }
}
