//! [`Place`]: the location of a difference, and [`Pattern`], which matches locations in `differences.json`.
//!
//! A location in a response is written as in JSONPath (RFC 9535): `$`, `$.page.token`, `$.response.accounts[3].email`.
//! In a pattern, `*` matches any key and `[*]` any index. Anything outside the response has a name.

use std::fmt;
use std::str::FromStr;

/// The exit status.
pub(super) const EXIT: &str = "exit";
/// What a program prints although its response is in a file.
pub(super) const STDOUT: &str = "stdout";
/// The HTTP status.
pub(super) const STATUS: &str = "status";
/// The media type of an HTTP response.
pub(super) const CONTENT_TYPE: &str = "content-type";
/// Whether a listing has a next page.
pub(super) const PAGES: &str = "pages";
/// Whether the schema of requests accepts the request.
pub(super) const ARGUMENT: &str = "schema.argument";
/// Whether the schema of responses accepts a successful response.
pub(super) const OUTPUT: &str = "schema.output";
/// Whether the schema of responses accepts an error response.
pub(super) const ERROR: &str = "schema.error";
/// Whether the schema of credentials accepts the credentials.
pub(super) const AUTHENTICATION: &str = "schema.authentication";
/// Whether the schema of settings accepts the settings.
pub(super) const SETTINGS: &str = "schema.settings";

const NAMES: &[&str] =
    &[EXIT, STDOUT, STATUS, CONTENT_TYPE, PAGES, ARGUMENT, OUTPUT, ERROR, AUTHENTICATION, SETTINGS];

/// A location where responses can differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Named(&'static str),
    /// A location in the response, as a path from its root.
    Document(Vec<Step>),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Matches one or more locations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Named(&'static str),
    Document(Vec<StepPattern>),
}

/// Matches one or more steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StepPattern {
    Only(Step),
    AnyKey,
    AnyIndex,
}

impl Pattern {
    /// Whether the pattern matches `place`.
    pub(super) fn matches(&self, place: &Place) -> bool {
        match (self, place) {
            (Self::Named(expected), Place::Named(name)) => expected == name,
            (Self::Document(expected), Place::Document(steps)) => {
                expected.len() == steps.len()
                    && expected.iter().zip(steps).all(|(expected, step)| expected.matches(step))
            }
            _ => false,
        }
    }
}

impl StepPattern {
    fn matches(&self, step: &Step) -> bool {
        match self {
            Self::Only(expected) => expected == step,
            Self::AnyKey => matches!(step, Step::Key(_)),
            Self::AnyIndex => matches!(step, Step::Index(_)),
        }
    }
}

impl FromStr for Pattern {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(name) = NAMES.iter().find(|name| **name == text) {
            return Ok(Self::Named(name));
        }
        let invalid = || {
            anyhow::anyhow!("{text:?} is not a path: expected $.key[0].*[*] or one of {}", NAMES.join(", "))
        };
        let mut rest = text.strip_prefix('$').ok_or_else(invalid)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix('.') {
                let end = tail.find(['.', '[']).unwrap_or(tail.len());
                let (key, tail) = tail.split_at(end);
                steps.push(match key {
                    "" => return Err(invalid()),
                    "*" => StepPattern::AnyKey,
                    key => StepPattern::Only(Step::Key(key.to_owned())),
                });
                rest = tail;
            } else {
                let (index, tail) =
                    rest.strip_prefix('[').and_then(|tail| tail.split_once(']')).ok_or_else(invalid)?;
                steps.push(match index {
                    "*" => StepPattern::AnyIndex,
                    index => StepPattern::Only(Step::Index(index.parse().map_err(|_| invalid())?)),
                });
                rest = tail;
            }
        }
        Ok(Self::Document(steps))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Document(steps) => {
                f.write_str("$")?;
                steps.iter().try_for_each(|step| match step {
                    Step::Key(key) => write!(f, ".{key}"),
                    Step::Index(index) => write!(f, "[{index}]"),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        let key = |name: &str| Step::Key(name.to_owned());
        Place::Document(vec![key("response"), key("accounts"), Step::Index(3), key("email")])
    }

    fn matches(pattern: &str, place: &Place) -> bool {
        pattern.parse::<Pattern>().unwrap().matches(place)
    }

    #[test]
    fn pattern_matches_the_place_with_the_same_text() {
        assert_eq!(place().to_string(), "$.response.accounts[3].email");
        assert!(matches(&place().to_string(), &place()));
        for other in
            ["$", "$.response", "$.response.accounts[2].email", "$.response.accounts[3].email.x", "exit"]
        {
            assert!(!matches(other, &place()), "{other}");
        }
    }

    #[test]
    fn wildcards_match_one_step_of_their_kind() {
        assert!(matches("$.response.accounts[*].email", &place()));
        assert!(matches("$.*.*[*].*", &place()));
        assert!(!matches("$.response.accounts.*.email", &place()), "an index is not a key");
        assert!(!matches("$.response[*][*].email", &place()), "a key is not an index");
        assert!(!matches("$.response.*", &place()), "a wildcard matches one step");
    }

    #[test]
    fn named_places_match_by_name() {
        assert!(matches("exit", &Place::Named(EXIT)));
        assert!(!matches("$", &Place::Named(EXIT)));
        assert!(matches("$", &Place::Document(Vec::new())));
    }

    #[test]
    fn malformed_patterns_are_rejected() {
        for text in ["", "page", "$page", "$.", "$..a", "$.a[", "$.a[x]", "$.a[0]b", "exit "] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
