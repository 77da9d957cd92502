//! The values of flags, of a file, and of prompts.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use serde_json::{Map, Value};

use crate::stop::Stop;

/// The flags that a file or a prompt can replace.
#[derive(Args)]
pub(super) struct Flags {
    /// The author [default: git's user.name]
    #[arg(long)]
    author: Option<String>,
    /// The author's email address [default: git's user.email]
    #[arg(long)]
    email: Option<String>,
    /// The credentials: basic, token, oauth or none [default: basic]
    #[arg(long)]
    auth: Option<String>,
    /// The wire format: classic or openapi [default: classic; openapi with token credentials]
    #[arg(long)]
    wire: Option<String>,
    /// The upstream's pagination: page, offset, cursor, link or none [default: cursor]
    #[arg(long)]
    pagination: Option<String>,
    /// Comma-separated capabilities, or read-only or full; `connector add` adds those without a template [default:
    /// read-only]
    #[arg(long)]
    capabilities: Option<String>,
    /// The base URL of the upstream's API [default: https://api.example.com]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The CI system to generate a file for: github, gitlab or none [default: github]
    #[arg(long)]
    ci: Option<String>,
    /// A checkout of the SDK to depend on [default: the one that this program was built from, if it still exists]
    #[arg(long, value_name = "FOLDER")]
    sdk_path: Option<String>,
}

/// The names of the flags.
pub(super) const KEYS: [&str; 9] =
    ["author", "email", "auth", "wire", "pagination", "capabilities", "base-url", "ci", "sdk-path"];

/// The values so far, by the name of the flag.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<&'static str, String>);

impl From<Flags> for Values {
    fn from(flags: Flags) -> Self {
        let Flags { author, email, auth, wire, pagination, capabilities, base_url, ci, sdk_path } = flags;
        let values = [author, email, auth, wire, pagination, capabilities, base_url, ci, sdk_path];
        Self(KEYS.into_iter().zip(values).filter_map(|(key, value)| Some((key, value?))).collect())
    }
}

impl Values {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub(super) fn set(&mut self, key: &'static str, value: String) {
        self.0.insert(key, value);
    }

    /// Adds the values in a file that no flag has set. Returns the problems of its entries.
    ///
    /// # Errors
    /// If the file can't be read, or is neither JSON nor TOML.
    pub(super) fn add_file(&mut self, file: &Path) -> Result<Vec<String>, Stop> {
        let text = std::fs::read_to_string(file).map_err(|error| Stop::cannot("read", file, error))?;
        let is_toml = file.extension().is_some_and(|extension| extension == "toml");
        let values: Map<String, Value> = if is_toml {
            toml::from_str(&text).map_err(|error| error.message().to_owned())
        } else {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        }
        .map_err(|why| Stop::usage(format!("{}: {why}", file.display())))?;
        Ok(self.add(values).into_iter().map(|why| format!("{}: {why}", file.display())).collect())
    }

    fn add(&mut self, values: Map<String, Value>) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, value) in values {
            let Some(key) = KEYS.into_iter().find(|key| *key == name.replace('_', "-")) else {
                problems.push(format!("{name}: unknown key, expected one of {}", KEYS.join(", ")));
                continue;
            };
            match text_of(&value) {
                Some(text) => {
                    self.0.entry(key).or_insert(text);
                }
                None => problems.push(format!("{name}: expected a string")),
            }
        }
        problems
    }
}

/// A string, or a list of strings as the comma-separated list of a flag.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}
