//! The rule table: what becomes what. Built in, and what a connector adds.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::template::Template;

const BUILT_IN: &str = include_str!("rules.toml");

/// What happens to a path, and to all that is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathRule {
    /// Becomes this path.
    To(Vec<String>),
    /// Goes from imports; refused for this reason elsewhere.
    Drop(String),
    /// Refused for this reason.
    Refuse(String),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeRule {
    /// The path that stands in for the attribute's, arguments included. Without it the attribute goes.
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

/// What a function that starts work is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Spawn {
    Future,
    Closure,
}

/// What a call becomes.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    To(Template),
    Refuse(String),
}

#[derive(Debug, Clone)]
pub(super) struct CallRule {
    /// A function's path, or a method's name.
    pub(super) name: String,
    pub(super) args: usize,
    /// Whether it is for calls that are awaited. The `.await` goes too.
    pub(super) awaited: bool,
    /// Whether the arguments have to be written in the call: as variables they would have been evaluated before it.
    pub(super) inline: bool,
    /// The folder has to use one of these paths. Empty: any folder.
    pub(super) when: Vec<String>,
    pub(super) outcome: Outcome,
}

/// The tables, as written.
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
    /// Whether rustfmt runs over what was made from a formatted file.
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
    /// The built-in rules, under those of a connector's `unasync.toml`.
    ///
    /// # Errors
    /// What is wrong with the table, in words.
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
                return Err(format!("{key} is in two of the tables paths, drop and refuse"));
            }
        }
        self.paths.extend(paths);
        for (pattern, to) in &table.names {
            if pattern.matches('*').count() != to.matches('*').count() || pattern.matches('*').count() > 1 {
                return Err(format!("the name {pattern}: at most one `*`, and as many in {to}"));
            }
        }
        // Whole names before patterns; a connector's own before those that are built in.
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

    /// The rule for the longest beginning of `path` that has one, and the length of that beginning.
    pub(super) fn path(&self, path: &[String]) -> Option<(usize, &PathRule)> {
        let path = self.canonical(path);
        (1..=path.len()).rev().find_map(|length| Some((length, self.paths.get(&path[..length])?)))
    }

    /// The path under the crate that it is looked up in.
    pub(super) fn canonical(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        if let Some(first) = path.first_mut()
            && let Some(crate_) = self.crates.get(first)
        {
            first.clone_from(crate_);
        }
        path
    }

    /// What a name becomes, if it changes and is a name still.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        let (_, renamed) =
            self.names.iter().find_map(|(pattern, to)| Some((pattern, rename(pattern, to, name)?)))?;
        (renamed != name && syn::parse_str::<syn::Ident>(&renamed).is_ok()).then_some(renamed)
    }

    pub(super) fn attribute(&self, path: &[String]) -> Option<&AttributeRule> {
        self.attributes.get(&self.canonical(path).join("::"))
    }

    /// The crates that have attributes with a rule.
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
        self.calls.iter().find(|rule| rule.fits(&path, args, awaited))
    }

    pub(super) fn method(
        &self,
        name: &str,
        args: usize,
        awaited: bool,
        is_used: impl Fn(&str) -> bool,
    ) -> Option<&CallRule> {
        self.methods.iter().find(|rule| {
            rule.fits(name, args, awaited)
                && (rule.when.is_empty() || rule.when.iter().any(|path| is_used(path)))
        })
    }
}

impl CallRule {
    /// A rule for calls that are not awaited fits those that are too: the `.await` is no concern of it.
    fn fits(&self, name: &str, args: usize, awaited: bool) -> bool {
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
                _ => return Err(format!("{name}: either `to` or `refuse`")),
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
    // `Async*` is for `AsyncClient`, not for `Asynchronous`.
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
    fn names_lose_what_says_async() {
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
    fn the_longest_path_decides_and_a_connectors_own_rule_wins() {
        let rules = Rules::with(Some("[paths]\n\"tokio::time::timeout\" = \"my::timeout\"")).unwrap();
        let rule = |path: &str| rules.path(&segments(path)).map(|(length, rule)| (length, rule.clone()));
        assert_eq!(rule("tokio::time::Instant").unwrap(), (2, PathRule::To(segments("std::time"))));
        assert_eq!(rule("tokio::time::timeout").unwrap(), (3, PathRule::To(segments("my::timeout"))));
        assert!(matches!(rule("tokio::select"), Some((2, PathRule::Refuse(_)))));
        assert!(matches!(rule("core::future::Future"), Some((3, PathRule::Drop(_)))));
        assert_eq!(rule("serde::Serialize"), None);
    }

    #[test]
    fn a_table_that_cannot_be_meant_is_refused() {
        for (table, complaint) in [
            ("[path]\n", "unknown field"),
            ("[paths]\n\"a b\" = \"c\"", "`a b` is not a path"),
            ("[paths]\na = \"b\"\n[drop]\na = \"c\"", "a is in two of the tables"),
            ("[names]\n\"*_a_*\" = \"*\"", "at most one `*`"),
            ("[[call]]\npath = \"a\"\nargs = 2\nto = \"{1}{0}\"", "a: "),
            ("[[method]]\nname = \"a\"\nargs = 0", "either `to` or `refuse`"),
        ] {
            let error = Rules::with(Some(table)).unwrap_err();
            assert!(error.contains(complaint), "{table}: {error}");
        }
    }
}
