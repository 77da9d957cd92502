//! The choices that the templates are filled with: validated values, or defaults.

use std::process::Command;

use connector::Wire;

use super::capability::{self, Capability, Omitted};
use super::options::{Ci, Credentials, Pagination};
use super::sdk::Sdk;
use super::values::{KEYS, Values};
use crate::stop::Stop;

pub(super) const CAPABILITIES: &str = "read-only";
pub(super) const BASE_URL: &str = "https://api.example.com";

/// Everything that the templates need to know.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) name: String,
    /// `Ada Lovelace <ada@example.com>`, the name or the address; empty if neither is known.
    pub(super) author: String,
    pub(super) auth: Credentials,
    pub(super) wire: Wire,
    pub(super) pagination: Pagination,
    pub(super) capabilities: Vec<Capability>,
    pub(super) omitted: Vec<Omitted>,
    pub(super) without_template: Option<Omitted>,
    pub(super) base_url: String,
    pub(super) ci: Ci,
    pub(super) sdk: Sdk,
}

impl Choices {
    /// # Errors
    /// If a value is invalid, which [`problems`] reports too.
    pub(super) fn new(name: &str, values: &Values) -> Result<Self, Stop> {
        let or_git = |key: &'static str, git: &str| {
            values.get(key).map(str::to_owned).or_else(|| from_git(git)).unwrap_or_default()
        };
        let author = match (or_git("author", "user.name"), or_git("email", "user.email")) {
            (name, email) if email.is_empty() => name,
            (name, email) if name.is_empty() => email,
            (name, email) => format!("{name} <{email}>"),
        };
        let auth = credentials(values);
        let wire = wire(values);
        let wanted = values.get("capabilities").unwrap_or(CAPABILITIES);
        let capabilities = capability::parse(wanted, wire, auth);
        Ok(Self {
            name: name.to_owned(),
            author,
            auth,
            wire,
            pagination: choose(values, "pagination", Pagination::parse, Pagination::DEFAULT),
            capabilities: capabilities.map_err(|problems| Stop::usage(problems.join("\n")))?,
            omitted: capability::omitted(wanted, auth),
            without_template: capability::without_template(wanted, wire),
            base_url: values.get("base-url").unwrap_or(BASE_URL).to_owned(),
            ci: choose(values, "ci", Ci::parse, Ci::DEFAULT),
            sdk: Sdk::find(values.get("sdk-path")).map_err(Stop::usage)?,
        })
    }
}

fn choose<T>(values: &Values, key: &str, parse: fn(&str) -> Option<T>, default: T) -> T {
    values.get(key).and_then(parse).unwrap_or(default)
}

fn credentials(values: &Values) -> Credentials {
    choose(values, "auth", Credentials::parse, Credentials::DEFAULT)
}

fn parse_wire(name: &str) -> Option<Wire> {
    name.parse().ok()
}

fn wire(values: &Values) -> Wire {
    values.get("wire").and_then(parse_wire).unwrap_or_else(|| default_wire(values))
}

/// The default wire format for the chosen credentials.
pub(super) fn default_wire(values: &Values) -> Wire {
    if credentials(values) == Credentials::Token { Wire::OpenApi } else { Wire::default() }
}

/// Why a connector with these credentials can't use the wire format.
fn wire_problem(name: &str, auth: Credentials) -> Option<String> {
    match parse_wire(name) {
        None => unknown(name, &wire_names()),
        Some(Wire::Classic) if auth == Credentials::Token => Some(
            "classic has no token credentials; choose openapi, or other credentials with `--auth`".to_owned(),
        ),
        Some(_) => None,
    }
}

pub(super) fn wire_names() -> Vec<&'static str> {
    Wire::ALL.iter().map(|wire| wire.as_str()).collect()
}

/// A value of git's configuration, if it is a valid author or address.
pub(super) fn from_git(key: &str) -> Option<String> {
    let output = Command::new("git").args(["config", "--get", key]).output().ok()?;
    let value = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !value.is_empty() && person_problem(&value).is_none()).then_some(value)
}

/// The problems of all values that are set.
pub(super) fn problems(values: &Values) -> Vec<String> {
    KEYS.into_iter()
        .filter_map(|key| Some((key, values.get(key)?)))
        .flat_map(|(key, value)| problems_of(key, value, values))
        .collect()
}

/// The problems of one value, given the others.
pub(super) fn problems_of(key: &str, value: &str, values: &Values) -> Vec<String> {
    let one = |why: Option<String>| why.map(|why| format!("{key}: {why}")).into_iter().collect();
    match key {
        "author" => one(person_problem(value)),
        "email" => one(person_problem(value).or_else(|| email_problem(value))),
        "auth" => one(unknown(value, Credentials::NAMES)),
        "wire" => one(wire_problem(value, credentials(values))),
        "pagination" => one(unknown(value, Pagination::NAMES)),
        "ci" => one(unknown(value, Ci::NAMES)),
        "base-url" => one(url_problem(value)),
        "sdk-path" => one(Sdk::find(Some(value)).err()),
        "capabilities" => {
            capability::parse(value, wire(values), credentials(values)).err().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn unknown(value: &str, names: &[&str]) -> Option<String> {
    (!names.contains(&value)).then(|| format!("{value:?}: expected one of {}", names.join(", ")))
}

/// Names and addresses are inserted into a TOML string.
fn person_problem(value: &str) -> Option<String> {
    let is_bad = |c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>');
    value.contains(is_bad).then(|| format!("{value:?}: expected no quotes, backslashes, <, > or line breaks"))
}

/// An empty address means that there is none.
fn email_problem(value: &str) -> Option<String> {
    let is_good = value.is_empty()
        || value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !value.contains(char::is_whitespace);
    (!is_good).then(|| format!("{value:?}: expected an address like ada@example.com"))
}

/// The URL is inserted into strings in Rust and Markdown.
fn url_problem(value: &str) -> Option<String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let is_good = rest.is_some_and(|rest| {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        !host.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\<>`@?#{}|^".contains(&byte))
    });
    if is_good {
        return None;
    }
    // The value may contain a password.
    let shown = if value.contains('@') { String::new() } else { format!("{value:?}: ") };
    Some(format!("{shown}expected an http or https URL without user, query and fragment"))
}

/// Names that Cargo or the generated code already uses.
const RESERVED: &[&str] = &[
    "alloc",
    "axum",
    "build",
    "connector",
    "core",
    "deps",
    "examples",
    "form_urlencoded",
    "incremental",
    "lumos_connector",
    "proc_macro",
    "reqwest",
    "rustls",
    "schemars",
    "serde",
    "serde_json",
    "std",
    "test",
    "tokio",
];

/// The problems of a name.
pub(super) fn problems_of_name(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut words = name.split(['-', '_']);
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !words.all(is_word) {
        problems.push(format!(
            "name: {name:?}: expected lowercase letters and digits, in words joined by - or _, starting with a letter"
        ));
    }
    let ident = name.replace('-', "_");
    // The name looks like an identifier, so if it can't be parsed as one, it is a keyword.
    if problems.is_empty() && syn::parse_str::<syn::Ident>(&ident).is_err() || ident == "gen" {
        problems.push(format!("name: {name:?} is a Rust keyword"));
    }
    if RESERVED.contains(&ident.as_str()) {
        problems.push(format!("name: {name:?} is reserved for Cargo or the generated code"));
    }
    problems
}
