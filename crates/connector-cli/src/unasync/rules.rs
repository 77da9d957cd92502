//! The table of rules that define the conversion: built-in rules, and those that a connector adds.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::template::Template;

const BUILT_IN: &str = include_str!("rules.toml");

/// What happens to a path and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathRule {
    /// It is replaced with this path.
    To(Vec<String>),
    /// It is removed from imports, and rejected elsewhere for this reason.
    Drop(String),
    /// It is rejected for this reason.
    Refuse(String),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeRule {
    /// Replaces the attribute, including its arguments. Without it, the attribute is removed.
    pub(super) to: Option<String>,
    /// Arguments that cannot be converted.
    #[serde(default)]
    pub(super) refuse: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MacroRule {
    Sequence,
    TrySequence,
}

/// The argument of a function that starts work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Spawn {
    Future,
    Closure,
}

/// What happens to a call.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    To(Template),
    Refuse(String),
}

#[derive(Debug, Clone)]
pub(super) struct CallRule {
    /// Path of a function, or name of a method.
    pub(super) name: String,
    pub(super) args: usize,
    /// Whether it only matches awaited calls. The `.await` is removed too.
    pub(super) awaited: bool,
    /// Whether the arguments must be expressions in the call itself: variables might hold futures that were created
    /// earlier.
    pub(super) inline: bool,
    /// The folder must use one of these paths. Empty: any folder.
    pub(super) when: Vec<String>,
    pub(super) outcome: Outcome,
}

/// The tables as written in TOML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    format: Option<bool>,
    #[serde(default)]
    crates: BTreeMap<String, String>,
    #[serde(default)]
    paths: BTreeMap<String, String>,
    #[serde(default)]
    drop: BTreeMap<String, String>,
    #[serde(default)]
    refuse: BTreeMap<String, String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    attributes: BTreeMap<String, AttributeRule>,
    #[serde(default)]
    macros: BTreeMap<String, MacroRule>,
    #[serde(default)]
    spawn: BTreeMap<String, Spawn>,
    #[serde(default)]
    call: Vec<CallTable>,
    #[serde(default)]
    method: Vec<CallTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallTable {
    #[serde(alias = "path")]
    name: String,
    args: usize,
    #[serde(default)]
    awaited: bool,
    #[serde(default)]
    inline: bool,
    #[serde(default)]
    when: Vec<String>,
    to: Option<String>,
    refuse: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Whether rustfmt formats the result if the source is formatted.
    pub(super) format: bool,
    crates: HashMap<String, String>,
    paths: HashMap<Vec<String>, PathRule>,
    names: Vec<(String, String)>,
    attributes: HashMap<String, AttributeRule>,
    macros: HashMap<String, MacroRule>,
    spawn: HashMap<String, Spawn>,
    calls: Vec<CallRule>,
    methods: Vec<CallRule>,
}

impl Rules {
    /// The built-in rules, overridden by those of a connector's `unasync.toml`.
    ///
    /// # Errors
    /// Describes what is wrong with the table.
    pub(super) fn with(own: Option<&str>) -> Result<Self, String> {
        let mut rules = Self {
            format: true,
            crates: HashMap::new(),
            paths: HashMap::new(),
            names: Vec::new(),
            attributes: HashMap::new(),
            macros: HashMap::new(),
            spawn: HashMap::new(),
            calls: Vec::new(),
            methods: Vec::new(),
        };
        rules.add(BUILT_IN)?;
        if let Some(own) = own {
            rules.add(own)?;
        }
        Ok(rules)
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let table: Table = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        self.format = table.format.unwrap_or(self.format);
        self.crates.extend(table.crates);
        let mut paths = HashMap::new();
        let written = (table.paths.into_iter().map(|(key, to)| (key, PathRule::To(segments(&to)))))
            .chain(table.drop.into_iter().map(|(key, why)| (key, PathRule::Drop(why))))
            .chain(table.refuse.into_iter().map(|(key, why)| (key, PathRule::Refuse(why))));
        for (key, rule) in written {
            if let PathRule::To(to) = &rule {
                check_path(&to.join("::"))?;
            }
            check_path(&key)?;
            if paths.insert(segments(&key), rule).is_some() {
                return Err(format!("{key} is in two of the tables `paths`, `drop` and `refuse`"));
            }
        }
        self.paths.extend(paths);
        for (pattern, to) in &table.names {
            if pattern.matches('*').count() != to.matches('*').count() || pattern.matches('*').count() > 1 {
                return Err(format!("name {pattern}: use at most one `*`, and the same number in {to}"));
            }
        }
        // Whole names come before patterns, and a connector's own rules before built-in ones.
        let (patterns, names): (Vec<_>, Vec<_>) =
            table.names.into_iter().partition(|(pattern, _)| pattern.contains('*'));
        let (built_in_patterns, built_in_names): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.names).into_iter().partition(|(pattern, _)| pattern.contains('*'));
        self.names = [names, built_in_names, patterns, built_in_patterns].concat();
        self.attributes.extend(table.attributes);
        self.macros.extend(table.macros);
        self.spawn.extend(table.spawn);
        self.calls.splice(0..0, call_rules(table.call)?);
        self.methods.splice(0..0, call_rules(table.method)?);
        Ok(())
    }

    /// The rule for the longest prefix of `path` that has one, and the length of that prefix.
    pub(super) fn path(&self, path: &[String]) -> Option<(usize, &PathRule)> {
        let path = self.canonical(path);
        (1..=path.len()).rev().find_map(|length| Some((length, self.paths.get(&path[..length])?)))
    }

    /// The path with its crate replaced by the one whose rules apply.
    pub(super) fn canonical(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        if let Some(first) = path.first_mut()
            && let Some(crate_) = self.crates.get(first)
        {
            first.clone_from(crate_);
        }
        path
    }

    /// The new name, if it changes and is still a valid identifier.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        let (_, renamed) =
            self.names.iter().find_map(|(pattern, to)| Some((pattern, rename(pattern, to, name)?)))?;
        (renamed != name && syn::parse_str::<syn::Ident>(&renamed).is_ok()).then_some(renamed)
    }

    pub(super) fn attribute(&self, path: &[String]) -> Option<&AttributeRule> {
        self.attributes.get(&self.canonical(path).join("::"))
    }

    /// Whether any attribute of the crate has a rule.
    pub(super) fn has_attribute_of(&self, crate_: &str) -> bool {
        self.attributes.keys().any(|path| path.split("::").next() == Some(crate_))
    }

    pub(super) fn macro_(&self, path: &[String]) -> Option<MacroRule> {
        self.macros.get(&self.canonical(path).join("::")).copied()
    }

    pub(super) fn spawn(&self, path: &[String]) -> Option<Spawn> {
        self.spawn.get(&self.canonical(path).join("::")).copied()
    }

    pub(super) fn call(&self, path: &[String], args: usize, awaited: bool) -> Option<&CallRule> {
        let path = self.canonical(path).join("::");
        self.calls.iter().find(|rule| rule.matches(&path, args, awaited))
    }

    pub(super) fn method(
        &self,
        name: &str,
        args: usize,
        awaited: bool,
        is_used: impl Fn(&str) -> bool,
    ) -> Option<&CallRule> {
        self.methods.iter().find(|rule| {
            rule.matches(name, args, awaited)
                && (rule.when.is_empty() || rule.when.iter().any(|path| is_used(path)))
        })
    }
}

impl CallRule {
    /// A rule that isn't limited to awaited calls also matches awaited ones.
    fn matches(&self, name: &str, args: usize, awaited: bool) -> bool {
        self.name == name && self.args == args && (awaited || !self.awaited)
    }
}

fn call_rules(table: Vec<CallTable>) -> Result<Vec<CallRule>, String> {
    table
        .into_iter()
        .map(|CallTable { name, args, awaited, inline, when, to, refuse }| {
            let outcome = match (to, refuse) {
                (Some(to), None) => {
                    Outcome::To(Template::parse(&to, args).map_err(|error| format!("{name}: {error}"))?)
                }
                (None, Some(reason)) => Outcome::Refuse(reason),
                _ => return Err(format!("{name}: set either `to` or `refuse`")),
            };
            Ok(CallRule { name, args, awaited, inline, when, outcome })
        })
        .collect()
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

fn check_path(path: &str) -> Result<(), String> {
    let is_path = path.split("::").all(|name| syn::parse_str::<syn::PathSegment>(name).is_ok());
    if is_path { Ok(()) } else { Err(format!("`{path}` is not a path")) }
}

fn rename(pattern: &str, to: &str, name: &str) -> Option<String> {
    let Some((prefix, suffix)) = pattern.split_once('*') else {
        return (pattern == name).then(|| to.to_owned());
    };
    let rest = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
    // `Async*` matches `AsyncClient`, but not `Asynchronous`.
    let is_word =
        !prefix.ends_with(|c: char| c.is_alphanumeric()) || rest.starts_with(|c: char| !c.is_lowercase());
    (!rest.is_empty() && is_word).then(|| to.replacen('*', rest, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> Rules {
        Rules::with(None).unwrap()
    }

    #[test]
    fn async_is_removed_from_names() {
        let rules = built_in();
        for (name, renamed) in [
            ("AsyncClient", Some("Client")),
            ("ClientAsync", Some("Client")),
            ("async_client", Some("client")),
            ("fetch_async", Some("fetch")),
            ("async_", Some("sync_")),
            ("Asynchronous", None),
            ("async_fn", None),
            ("async_2", None),
            ("client", None),
            ("Async", None),
        ] {
            assert_eq!(rules.name(name).as_deref(), renamed, "{name}");
        }
    }

    #[test]
    fn longest_path_wins_and_own_rules_override() {
        let rules = Rules::with(Some("[paths]\n\"tokio::time::timeout\" = \"my::timeout\"")).unwrap();
        let rule = |path: &str| rules.path(&segments(path)).map(|(length, rule)| (length, rule.clone()));
        assert_eq!(rule("tokio::time::Instant").unwrap(), (2, PathRule::To(segments("std::time"))));
        assert_eq!(rule("tokio::time::timeout").unwrap(), (3, PathRule::To(segments("my::timeout"))));
        assert!(matches!(rule("tokio::select"), Some((2, PathRule::Refuse(_)))));
        assert!(matches!(rule("core::future::Future"), Some((3, PathRule::Drop(_)))));
        assert_eq!(rule("serde::Serialize"), None);
    }

    #[test]
    fn invalid_tables_are_rejected() {
        for (table, message) in [
            ("[path]\n", "unknown field"),
            ("[paths]\n\"a b\" = \"c\"", "`a b` is not a path"),
            ("[paths]\na = \"b\"\n[drop]\na = \"c\"", "a is in two of the tables"),
            ("[names]\n\"*_a_*\" = \"*\"", "at most one `*`"),
            ("[[call]]\npath = \"a\"\nargs = 2\nto = \"{1}{0}\"", "a: "),
            ("[[method]]\nname = \"a\"\nargs = 0", "set either `to` or `refuse`"),
        ] {
            let error = Rules::with(Some(table)).unwrap_err();
            assert!(error.contains(message), "{table}: {error}");
        }
    }
}
