//! [`Exchange`]: a call that the upstream should receive, and its reply.

use std::fmt;

use base64::Engine as _;
use serde_json::Value;

use super::super::diff::{Difference, NOTHING, differences, truncated};
use super::pairs::{ANY, Pairs, shown};
use super::received::{Received, line, pairs};
use super::reply::Reply;
use super::scheme;

/// A call that the mock upstream should receive, and its reply: by default, a 200 without a body.
///
/// The query and the body must match exactly. Without any, the call must have none. Headers that aren't mentioned are
/// ignored. `"$any"` stands for any value in a query, a header, a form, or a JSON body at any depth.
///
/// ```
/// use connector::testing::{Exchange, Reply};
/// use serde_json::json;
///
/// let list = Exchange::get("/users?limit=100").bearer("t0ken").answers(json!({ "users": [] }));
/// let create = Exchange::post("/users")
///     .json(json!({ "login": "ada", "request_id": "$any" }))
///     .answers(Reply::json(json!({ "id": 7 })).with_status(201));
/// ```
#[derive(Clone)]
pub struct Exchange {
    method: String,
    path: String,
    query: Option<Pairs>,
    headers: Vec<(String, Option<String>)>,
    body: Body,
    reply: Reply,
    pub(super) least: usize,
    pub(super) most: usize,
}

#[derive(Clone)]
enum Body {
    Any,
    None,
    Json(Value),
    Form(Pairs),
    Text(String),
}

impl Exchange {
    /// A call with a method and a path as it is sent (percent-encoded), with its query: `/users?limit=100`.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            query: Some(Pairs(pairs(query.as_bytes()))),
            headers: Vec::new(),
            body: Body::None,
            reply: Reply::status(200),
            least: 1,
            most: 1,
        }
    }

    /// [`new`](Self::new) with GET.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// [`new`](Self::new) with POST.
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// [`new`](Self::new) with PUT.
    #[must_use]
    pub fn put(path: &str) -> Self {
        Self::new("PUT", path)
    }

    /// [`new`](Self::new) with PATCH.
    #[must_use]
    pub fn patch(path: &str) -> Self {
        Self::new("PATCH", path)
    }

    /// [`new`](Self::new) with DELETE.
    #[must_use]
    pub fn delete(path: &str) -> Self {
        Self::new("DELETE", path)
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.query.get_or_insert_default().0.push((name.to_owned(), value.to_string()));
        self
    }

    /// Accepts any query.
    #[must_use]
    pub fn any_query(mut self) -> Self {
        self.query = None;
        self
    }

    /// Expects a header with this value, or with any value if it is `"$any"`.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), Some(value.into())));
        self
    }

    /// Expects no header with this name.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), None));
        self
    }

    /// Expects `Authorization: Basic …` (RFC 7617).
    #[must_use]
    pub fn basic_auth(self, username: &str, password: &str) -> Self {
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{username}:{password}"));
        self.header("authorization", format!("Basic {encoded}"))
    }

    /// Expects `Authorization: Bearer …` (RFC 6750).
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Expects a JSON body.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// Expects a form with these pairs, in any order.
    #[must_use]
    pub fn form<N: Into<String>, V: Into<String>>(mut self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        self.body =
            Body::Form(Pairs(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()));
        self
    }

    /// Expects this text as the body.
    #[must_use]
    pub fn text(mut self, body: impl Into<String>) -> Self {
        self.body = Body::Text(body.into());
        self
    }

    /// Accepts any body.
    #[must_use]
    pub fn any_body(mut self) -> Self {
        self.body = Body::Any;
        self
    }

    /// Expects the call this many times instead of once.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        (self.least, self.most) = (times, times);
        self
    }

    /// Expects the call any number of times, including never.
    #[must_use]
    pub const fn any_times(mut self) -> Self {
        (self.least, self.most) = (0, usize::MAX);
        self
    }

    /// Sets the reply: a [`Reply`], or JSON for a 200.
    #[must_use]
    pub fn answers(mut self, reply: impl Into<Reply>) -> Self {
        self.reply = reply.into();
        self
    }

    pub(super) const fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Replaces `{{upstream}}` with the mock upstream's URL.
    pub(super) fn fill(&mut self, fill: &dyn Fn(&str) -> String) {
        let of_pairs = |pairs: &mut Pairs| pairs.0.iter_mut().for_each(|(_, value)| *value = fill(value));
        self.query.iter_mut().for_each(of_pairs);
        for value in self.headers.iter_mut().filter_map(|(_, value)| value.as_mut()) {
            *value = fill(value);
        }
        match &mut self.body {
            Body::Json(body) => super::super::fill::fill(body, fill),
            Body::Form(pairs) => of_pairs(pairs),
            Body::Text(text) => *text = fill(text),
            Body::Any | Body::None => {}
        }
        self.reply.fill(fill);
    }

    /// The differences between this call and one that arrived.
    pub(super) fn differences(&self, found: &Received) -> Vec<Difference> {
        let mut all = Vec::new();
        if self.method != found.method {
            all.push(Difference::new("method", &self.method, &found.method));
        }
        if self.path != found.path {
            all.push(Difference::new("path", &self.path, &found.path));
        }
        if let Some(query) = &self.query {
            all.extend(query.differences("query", &found.query));
        }
        for (name, expected) in &self.headers {
            let found: Vec<&str> = found
                .headers
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
                .collect();
            let is_same = match expected.as_deref() {
                Some(ANY) => !found.is_empty(),
                Some(expected) if name == "authorization" => {
                    found.iter().any(|found| scheme::is_same(expected, found))
                }
                Some(expected) => found.contains(&expected),
                None => found.is_empty(),
            };
            if let (Some(expected), [found], "authorization") = (expected, found.as_slice(), name.as_str())
                && !is_same
                && let Some((expected, found)) = scheme::difference(expected, found)
            {
                all.push(Difference::new(format!("header {name}, its scheme"), &expected, &found));
            } else if !is_same {
                let expected: Vec<&str> = expected.as_deref().into_iter().collect();
                all.push(Difference::new(format!("header {name}"), &shown(&expected), &shown(&found)));
            }
        }
        all.extend(self.body.differences(found));
        all
    }

    /// How much a call differs from this one. A different path or method counts more than anything else.
    pub(super) fn distance(&self, found: &Received) -> (bool, bool, usize) {
        (self.path != found.path, self.method != found.method, self.differences(found).len())
    }

    /// `GET /users?limit=100`.
    pub(super) fn line(&self) -> String {
        let query = self.query.as_ref().map(|pairs| pairs.0.as_slice()).unwrap_or_default();
        line(&self.method, &self.path, query)
    }
}

impl Body {
    fn differences(&self, found: &Received) -> Vec<Difference> {
        let whole = |expected: &str| vec![Difference::new("body", expected, &found.shown_body())];
        match self {
            Self::Any => Vec::new(),
            Self::None if found.body.is_empty() => Vec::new(),
            Self::None => whole(NOTHING),
            Self::Json(expected) => match found.json() {
                Some(json) => differences("body", expected, &json),
                None if found.body.is_empty() => differences("body", expected, &Value::Null),
                None => whole("JSON"),
            },
            Self::Form(pairs) => pairs.differences("body", &found.form()),
            Self::Text(text) if found.body == text.as_bytes() => Vec::new(),
            Self::Text(text) if found.body.is_empty() => {
                vec![Difference::new("body", &truncated(text), NOTHING)]
            }
            Self::Text(text) => whole(text),
        }
    }
}

/// The call's method, path and query.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exchange").field(&self.line()).finish()
    }
}
