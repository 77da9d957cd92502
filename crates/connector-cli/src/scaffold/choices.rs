//! What is to be made: the answers, checked, and with defaults where there are none.

use std::process::Command;

use connector::Wire;

use super::answers::Answers;
use super::capability::{self, Capability, LeftOut};
use super::options::{Ci, Credentials, Pagination};
use super::sdk::Sdk;
use crate::stop::Stop;

pub(super) const CAPABILITIES: &str = "read-only";
pub(super) const BASE_URL: &str = "https://api.example.com";

/// All that the templates are filled with.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) name: String,
    /// `Ada Lovelace <ada@example.com>`, or one of both; empty if neither is known.
    pub(super) author: String,
    pub(super) auth: Credentials,
    pub(super) wire: Wire,
    pub(super) pagination: Pagination,
    pub(super) capabilities: Vec<Capability>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) base_url: String,
    pub(super) ci: Ci,
    pub(super) sdk: Sdk,
}

impl Choices {
    /// # Errors
    /// If an answer is wrong, which [`problems`] would have said.
    pub(super) fn new(name: &str, answers: &Answers) -> Result<Self, Stop> {
        let or_git = |key: &'static str, git: &str| {
            answers.get(key).map(str::to_owned).or_else(|| from_git(git)).unwrap_or_default()
        };
        let author = match (or_git("author", "user.name"), or_git("email", "user.email")) {
            (name, email) if email.is_empty() => name,
            (name, email) if name.is_empty() => email,
            (name, email) => format!("{name} <{email}>"),
        };
        let auth = credentials(answers);
        let wanted = answers.get("capabilities").unwrap_or(CAPABILITIES);
        let capabilities = capability::parse(wanted, auth);
        Ok(Self {
            name: name.to_owned(),
            author,
            auth,
            wire: answers.get("wire").and_then(wire).unwrap_or_else(|| default_wire(answers)),
            pagination: choose(answers, "pagination", Pagination::parse, Pagination::DEFAULT),
            capabilities: capabilities.map_err(|problems| Stop::usage(problems.join("\n")))?,
            left_out: capability::left_out(wanted, auth),
            base_url: answers.get("base-url").unwrap_or(BASE_URL).to_owned(),
            ci: choose(answers, "ci", Ci::parse, Ci::DEFAULT),
            sdk: Sdk::find(answers.get("sdk-path")).map_err(Stop::usage)?,
        })
    }
}

fn choose<T>(answers: &Answers, key: &str, parse: fn(&str) -> Option<T>, default: T) -> T {
    answers.get(key).and_then(parse).unwrap_or(default)
}

fn credentials(answers: &Answers) -> Credentials {
    choose(answers, "auth", Credentials::parse, Credentials::DEFAULT)
}

fn wire(name: &str) -> Option<Wire> {
    name.parse().ok()
}

/// The wire format, unless it is chosen.
pub(super) fn default_wire(answers: &Answers) -> Wire {
    if credentials(answers) == Credentials::Token { Wire::OpenApi } else { Wire::default() }
}

/// Why it cannot be the format of a connector with these credentials.
fn wire_problem(name: &str, auth: Credentials) -> Option<String> {
    match wire(name) {
        None => unknown(name, &wire_names()),
        Some(Wire::Classic) if auth == Credentials::Token => Some(
            "classic: it has no token credentials; choose openapi, or other credentials by `--auth`"
                .to_owned(),
        ),
        Some(_) => None,
    }
}

pub(super) fn wire_names() -> Vec<&'static str> {
    Wire::ALL.iter().map(|wire| wire.as_str()).collect()
}

/// What git would sign a commit with.
pub(super) fn from_git(key: &str) -> Option<String> {
    let output = Command::new("git").args(["config", "--get", key]).output().ok()?;
    let value = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !value.is_empty() && person_problem(&value).is_none()).then_some(value)
}

/// All that is wrong with the answers that there are.
pub(super) fn problems(answers: &Answers) -> Vec<String> {
    super::answers::KEYS
        .into_iter()
        .filter_map(|key| Some((key, answers.get(key)?)))
        .flat_map(|(key, value)| problems_of(key, value, answers))
        .collect()
}

/// What is wrong with one answer, in view of the others.
pub(super) fn problems_of(key: &str, value: &str, answers: &Answers) -> Vec<String> {
    let one = |why: Option<String>| why.map(|why| format!("{key}: {why}")).into_iter().collect();
    match key {
        "author" => one(person_problem(value)),
        "email" => one(person_problem(value).or_else(|| email_problem(value))),
        "auth" => one(unknown(value, Credentials::NAMES)),
        "wire" => one(wire_problem(value, credentials(answers))),
        "pagination" => one(unknown(value, Pagination::NAMES)),
        "ci" => one(unknown(value, Ci::NAMES)),
        "base-url" => one(url_problem(value)),
        "sdk-path" => one(Sdk::find(Some(value)).err()),
        "capabilities" => capability::parse(value, credentials(answers)).err().unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn unknown(value: &str, names: &[&str]) -> Option<String> {
    (!names.contains(&value)).then(|| format!("{value:?}: expected one of {}", names.join(", ")))
}

/// It stands between quotes in TOML.
fn person_problem(value: &str) -> Option<String> {
    let is_bad = |c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>');
    value.contains(is_bad).then(|| format!("{value:?}: expected no quotes, backslashes, <, > or line breaks"))
}

/// Empty if there is none.
fn email_problem(value: &str) -> Option<String> {
    let is_good = value.is_empty()
        || value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !value.contains(char::is_whitespace);
    (!is_good).then(|| format!("{value:?}: expected an address like ada@example.com"))
}

/// It stands between quotes in Rust and in Markdown.
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
    // It may hold a password, also if it comes from a file.
    let shown = if value.contains('@') { String::new() } else { format!("{value:?}: ") };
    Some(format!("{shown}expected an http or https address without user, query and fragment"))
}

/// Names that Cargo or the generated code has other uses for.
const TAKEN: &[&str] = &[
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

/// All that is wrong with a name.
pub(super) fn problems_of_name(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut words = name.split(['-', '_']);
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !words.all(is_word) {
        problems.push(format!(
            "name: {name:?}: expected small letters and digits, in words joined by - or _, beginning with a letter"
        ));
    }
    let ident = name.replace('-', "_");
    // Whatever is no identifier but looks like one is a keyword.
    if problems.is_empty() && syn::parse_str::<syn::Ident>(&ident).is_err() || ident == "gen" {
        problems.push(format!("name: {name:?}: it is a keyword of Rust"));
    }
    if TAKEN.contains(&ident.as_str()) {
        problems.push(format!("name: {name:?}: Cargo or the generated code has another use for it"));
    }
    problems
}
