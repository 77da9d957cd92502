//! `GET /docs`: a page for reading about the capabilities and trying them.
//!
//! Its files are part of the executable and contain nothing about the connector. The page reads its content from
//! `openapi.json`, with the token if the server requires one. So its files need no token.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::app::App;
use super::routes::Apps;
use super::{etag, response};
use crate::capability::same_name;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The page itself.
const PAGE: &str = include_str!("docs/index.html");

macro_rules! files {
    ($($kind:ident: $($name:literal),+;)*) => {
        /// The files of the page: name, type, content.
        const FILES: &[(&str, &str, &str)] = &[$($(($name, $kind, include_str!(concat!("docs/", $name)))),+),*];
    };
}

files! {
    CSS: "style.css";
    SVG: "icon.svg";
    JAVASCRIPT:
        "all.js", "app.js", "capability.js", "commands.js", "confirm.js", "connection.js", "credentials.js", "csv.js",
        "description.js", "dom.js", "editor.js", "field.js", "form.js", "json.js", "listing.js", "menu.js", "pages.js",
        "response.js", "schema.js", "secrets.js", "send.js", "table.js";
}

/// Allows only the page's own scripts, only requests to this server, and no conversion of text to markup.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // Cached but always revalidated, because a new executable has a new page.
    (header::CACHE_CONTROL, "no-cache"),
];

/// Responds to a request for the page or one of its files, or returns `None` if `path` is neither.
pub(super) fn answer(apps: &Apps, path: &str, head: &Parts) -> Option<Response> {
    let Apps { apps: all, prefixed, .. } = apps;
    let (kind, content) = match path.split_once('/') {
        _ if !prefixed => file(path)?,
        None => (path == "docs").then(|| (HTML, links(all).into()))?,
        // The page of links uses the style sheet and icon, and its URL may end with a slash.
        Some(("docs", "" | "style.css" | "icon.svg")) => file(path)?,
        Some((app_id, path)) => {
            all.iter().find(|app| same_name(app.integration.app_id(), app_id))?;
            file(path)?
        }
    };
    Some(apps.get_only(&head.method, || respond(kind, content, head)))
}

/// Returns the type and content of a file. An empty type stands for a redirect.
fn file(path: &str) -> Option<(&'static str, Bytes)> {
    if path == "docs" {
        return Some((HTML, Bytes::from_static(PAGE.as_bytes())));
    }
    let name = path.strip_prefix("docs/")?;
    if name.is_empty() {
        return Some(("", Bytes::new()));
    }
    let (_, kind, content) = FILES.iter().find(|(known, ..)| *known == name)?;
    Some((kind, Bytes::from_static(content.as_bytes())))
}

fn respond(kind: &'static str, content: Bytes, head: &Parts) -> Response {
    let tag = etag::of(&content);
    let mut response = if kind.is_empty() {
        // The page's files are relative to a URL without the slash.
        let mut response = response::of_type(StatusCode::PERMANENT_REDIRECT, "text/plain", "");
        response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("../docs"));
        response
    } else if etag::is_known(&head.headers, &tag) {
        response::of_type(StatusCode::NOT_MODIFIED, kind, "")
    } else {
        response::of_type(StatusCode::OK, kind, content)
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Builds the page with links to each app's page.
fn links(apps: &[App]) -> String {
    let mut list = String::new();
    for app in apps {
        let id = escaped(app.integration.app_id());
        let title =
            app.integration.description().user_friendly_name.as_deref().map_or_else(|| id.clone(), escaped);
        list += &format!("<li><a href=\"./{id}/docs\">{title}</a> <code>{id}</code></li>");
    }
    include_str!("docs/links.html").replace("{links}", &list)
}

/// Escapes text for HTML, including attributes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_names_are_escaped() {
        assert_eq!(escaped(r#"<a b="c">&"#), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }

    #[test]
    fn all_files_are_used_and_exist() {
        let scripts = FILES.iter().filter(|(_, kind, _)| *kind == JAVASCRIPT);
        let imported = scripts.flat_map(|(_, _, text)| text.split("from \"./").skip(1));
        let named = PAGE.split("=\"docs/").skip(1).chain(imported);
        let names: Vec<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
        assert!(names.len() > FILES.len(), "{names:?}");
        for name in &names {
            assert!(FILES.iter().any(|(known, ..)| known == name), "{name}");
        }
        for (known, ..) in FILES {
            assert!(names.contains(known), "{known} is not used");
        }
    }

    #[test]
    fn the_page_is_small() {
        let size = PAGE.len() + FILES.iter().map(|(_, _, content)| content.len()).sum::<usize>();
        assert!(size < 96 << 10, "{size} bytes");
    }
}
