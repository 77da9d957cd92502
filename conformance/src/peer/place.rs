//! Where a difference is: [`Place`], and [`Pattern`] that names such places in `differences.json`.
//!
//! A place in an answer's document is written as in JSONPath (RFC 9535): `$`, `$.page.token`,
//! `$.response.accounts[3].email`; in a pattern `*` is any key and `[*]` any index. What is in no document has a name.

use std::fmt;
use std::str::FromStr;

/// The exit status.
pub(super) const EXIT: &str = "exit";
/// How many pages a listing has.
pub(super) const PAGES: &str = "pages";
/// Whether the schema of requests accepts what was asked.
pub(super) const ARGUMENT: &str = "schema.argument";
/// Whether the schema of answers accepts an answer to a call that succeeded.
pub(super) const OUTPUT: &str = "schema.output";
/// Whether the schema of answers accepts an answer to a call that failed.
pub(super) const ERROR: &str = "schema.error";
/// Whether the schema of credentials accepts what was sent.
pub(super) const AUTHENTICATION: &str = "schema.authentication";

const NAMES: &[&str] = &[EXIT, PAGES, ARGUMENT, OUTPUT, ERROR, AUTHENTICATION];

/// A place that can differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Named(&'static str),
    /// In the document, by the way down from its root.
    Document(Vec<Step>),
}

/// One step down in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Names one or more places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Named(&'static str),
    Document(Vec<StepPattern>),
}

/// Names one or more steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StepPattern {
    Only(Step),
    AnyKey,
    AnyIndex,
}

impl Pattern {
    /// Whether `place` is one of those that this pattern names.
    pub(super) fn matches(&self, place: &Place) -> bool {
        match (self, place) {
            (Self::Named(wanted), Place::Named(name)) => wanted == name,
            (Self::Document(wanted), Place::Document(steps)) => {
                wanted.len() == steps.len()
                    && wanted.iter().zip(steps).all(|(wanted, step)| wanted.matches(step))
            }
            _ => false,
        }
    }
}

impl StepPattern {
    fn matches(&self, step: &Step) -> bool {
        match self {
            Self::Only(wanted) => wanted == step,
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
        let wrong =
            || anyhow::anyhow!("{text:?} is no path: expected $.key[0].*[*] or one of {}", NAMES.join(", "));
        let mut rest = text.strip_prefix('$').ok_or_else(wrong)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix('.') {
                let end = tail.find(['.', '[']).unwrap_or(tail.len());
                let (key, tail) = tail.split_at(end);
                steps.push(match key {
                    "" => return Err(wrong()),
                    "*" => StepPattern::AnyKey,
                    key => StepPattern::Only(Step::Key(key.to_owned())),
                });
                rest = tail;
            } else {
                let (index, tail) =
                    rest.strip_prefix('[').and_then(|tail| tail.split_once(']')).ok_or_else(wrong)?;
                steps.push(match index {
                    "*" => StepPattern::AnyIndex,
                    index => StepPattern::Only(Step::Index(index.parse().map_err(|_| wrong())?)),
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
    fn a_pattern_names_the_place_that_is_written_alike() {
        assert_eq!(place().to_string(), "$.response.accounts[3].email");
        assert!(matches(&place().to_string(), &place()));
        for other in
            ["$", "$.response", "$.response.accounts[2].email", "$.response.accounts[3].email.x", "exit"]
        {
            assert!(!matches(other, &place()), "{other}");
        }
    }

    #[test]
    fn wildcards_stand_for_one_step_of_their_kind() {
        assert!(matches("$.response.accounts[*].email", &place()));
        assert!(matches("$.*.*[*].*", &place()));
        assert!(!matches("$.response.accounts.*.email", &place()), "an index is no key");
        assert!(!matches("$.response[*][*].email", &place()), "a key is no index");
        assert!(!matches("$.response.*", &place()), "a wildcard is one step");
    }

    #[test]
    fn what_is_in_no_document_goes_by_name() {
        assert!(matches("exit", &Place::Named(EXIT)));
        assert!(!matches("$", &Place::Named(EXIT)));
        assert!(matches("$", &Place::Document(Vec::new())));
    }

    #[test]
    fn a_slip_in_a_pattern_is_not_taken_for_one_that_matches_nothing() {
        for text in ["", "page", "$page", "$.", "$..a", "$.a[", "$.a[x]", "$.a[0]b", "exit "] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
