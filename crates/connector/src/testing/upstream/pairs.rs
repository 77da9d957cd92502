//! Expected names and values in a query, a form or headers.

use serde_json::Value;

use super::super::diff::{Difference, NOTHING};

/// Stands for any value.
pub(super) const ANY: &str = "$any";

/// The exact pairs of a query or a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    /// The differences in `found`, in any order. `what` names where the pairs are.
    pub(super) fn differences(&self, what: &str, found: &[(String, String)]) -> Vec<Difference> {
        let mut names: Vec<&str> = self.0.iter().chain(found).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| differs(what, name, &values(&self.0, name), &values(found, name)))
            .collect()
    }

    /// The pairs of a JSON object. Each value is a string, number or boolean, or a list of them for a repeated name.
    pub(super) fn of(object: &Value, what: &str) -> Result<Self, String> {
        let wrong = || format!("{what}: expected an object of strings, numbers, booleans or lists of them");
        let mut pairs = Vec::new();
        for (name, value) in object.as_object().ok_or_else(wrong)? {
            let values = match value {
                Value::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                pairs.push((name.clone(), text(value).ok_or_else(wrong)?));
            }
        }
        Ok(Self(pairs))
    }
}

fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> =
        pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
    values.sort_unstable();
    values
}

fn differs(what: &str, name: &str, expected: &[&str], found: &[&str]) -> Option<Difference> {
    let is_any = expected.len() == found.len() && expected.contains(&ANY);
    let is_same =
        expected == found || is_any && expected.iter().all(|one| *one == ANY || found.contains(one));
    (!is_same).then(|| Difference::new(format!("{what} {name}"), &shown(expected), &shown(found)))
}

/// Values, as they are shown.
pub(super) fn shown(values: &[&str]) -> String {
    match values {
        [] => NOTHING.to_owned(),
        values => {
            let each = values
                .iter()
                .map(|one| if *one == ANY { "any value".to_owned() } else { format!("{one:?}") });
            each.collect::<Vec<_>>().join(" and ")
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
