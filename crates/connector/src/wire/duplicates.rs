//! Finds keys that stand twice in one object.
//!
//! Two readers of such a document may see two different requests, so it is refused. Serde sees duplicates only of
//! fields that a type has; here all are seen, in one pass that allocates next to nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use super::decode::is_secret_section;
use super::{Problem, place};

/// From this many keys on, an object's keys are kept in a set: an object of many keys must not take quadratic time.
const MANY: usize = 32;

enum Level<'a> {
    Array,
    Object {
        /// Where the object's keys begin in `keys`.
        first: usize,
        /// All keys, once there are many.
        set: Option<HashSet<Cow<'a, str>>>,
    },
}

/// Refuses `text` if a key stands twice in one of its objects.
///
/// `text` must be valid JSON: of any other nothing is said.
pub(super) fn refuse(text: &str) -> Result<(), Problem> {
    let bytes = text.as_bytes();
    let mut levels: Vec<Level<'_>> = Vec::with_capacity(8);
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(16);
    let mut key_is_next = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => {
                levels.push(Level::Object { first: keys.len(), set: None });
                key_is_next = true;
            }
            b'[' => {
                levels.push(Level::Array);
                key_is_next = false;
            }
            b'}' | b']' => {
                if let Some(Level::Object { first, .. }) = levels.pop() {
                    keys.truncate(first);
                }
                key_is_next = false;
            }
            b',' => key_is_next = matches!(levels.last(), Some(Level::Object { .. })),
            b'"' => {
                let (end, has_escape) = string(bytes, at + 1);
                if std::mem::take(&mut key_is_next)
                    && let Some(Level::Object { first, set }) = levels.last_mut()
                {
                    let key = if has_escape {
                        unescaped(text.get(at..=end).unwrap_or_default())
                    } else {
                        Cow::Borrowed(text.get(at + 1..end).unwrap_or_default())
                    };
                    let repeated = is_repeated(&key, &keys[*first..], set);
                    keys.push(key);
                    if repeated {
                        return Err(problem(&levels, &keys));
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Where the string that begins before `at` has its closing quote.
pub(super) fn end_of_string(bytes: &[u8], at: usize) -> usize {
    string(bytes, at).0
}

/// The same, and whether there is an escape in the string.
fn string(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut has_escape = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => {
                has_escape = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    (at, has_escape)
}

/// The text of a JSON string, quotes included.
fn unescaped(quoted: &str) -> Cow<'_, str> {
    serde_json::from_str(quoted).map_or(Cow::Borrowed(quoted), Cow::Owned)
}

fn is_repeated<'a>(key: &str, before: &[Cow<'a, str>], set: &mut Option<HashSet<Cow<'a, str>>>) -> bool {
    if before.len() < MANY {
        return before.iter().any(|known| known == key);
    }
    // All keys but the one in question are added, so that the next one is looked up among all before it.
    let set = set.get_or_insert_with(HashSet::new);
    set.extend(before.iter().skip(set.len()).cloned());
    set.contains(key)
}

/// Names the key by its path, but for what is below `auth` and `settings`.
fn problem(levels: &[Level<'_>], keys: &[Cow<'_, str>]) -> Problem {
    // The last key of each object is the one that leads down, and in the innermost the one in question.
    let ends = levels.iter().skip(1).filter_map(|level| match level {
        Level::Object { first, .. } => Some(*first),
        Level::Array => None,
    });
    let mut path: Vec<&str> =
        ends.chain([keys.len()]).filter_map(|end| keys[..end].last()).map(AsRef::as_ref).collect();
    if path.first().is_some_and(|section| is_secret_section(section)) {
        path.truncate(1);
    }
    let steps: Vec<String> = path.into_iter().map(place::key).collect();
    Problem::at(place::path(&steps), "duplicate key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        refuse(text).err().map(|problem| problem.to_string())
    }

    #[test]
    fn a_duplicate_is_named_by_its_path() {
        assert_eq!(said(r#"{"a":1,"b":2,"a":3}"#).as_deref(), Some("a: duplicate key"));
        assert_eq!(
            said(r#"{"x":{"y":1},"request":{"account":{"k":[1,{"z":1}],"email":"a","email":"b"}}}"#)
                .as_deref(),
            Some("request.account.email: duplicate key")
        );
        assert_eq!(
            said(r#"{"request":[{"k":1},{"k":1,"k":2}]}"#).as_deref(),
            Some("request.k: duplicate key")
        );
    }

    #[test]
    fn a_key_is_the_same_however_it_is_escaped() {
        assert!(said(r#"{"a":1,"\u0061":2}"#).is_some());
        assert!(said(r#"{"a\"":1,"a\\":2}"#).is_none());
    }

    #[test]
    fn strings_are_not_keys_and_objects_are_apart() {
        assert_eq!(said(r#"{"a":"{\"a\":1","b":["a","a"],"c":{"a":1},"d":{"a":1}}"#), None);
        assert_eq!(said("[]"), None);
    }

    #[test]
    fn nothing_below_auth_or_settings_is_quoted() {
        assert_eq!(said(r#"{"auth":{"canary":1,"canary":2}}"#).as_deref(), Some("auth: duplicate key"));
    }

    #[test]
    fn a_key_is_repeated_only_as_far_as_it_is_short() {
        let key = "\\u001bé".repeat(1 << 16);
        let text = format!(r#"{{"request":{{"{key}":1,"{key}":2}}}}"#);
        let said = said(&text).unwrap();
        assert!(said.starts_with(r#"request."\u{1b}é"#) && said.ends_with("…\": duplicate key"), "{said}");
        assert!(said.len() < 1000, "{}", said.len());
        let deep = format!("{}{{\"a\":1,\"a\":2}}{}", "{\"deep\":".repeat(50_000), "}".repeat(50_000));
        let said = refuse(&deep).unwrap_err().to_string();
        assert!(said.len() < 1000, "{}", said.len());
    }

    #[test]
    fn many_keys_are_checked_too() {
        let mut fields: Vec<String> = (0..100).map(|n| format!("\"k{n}\":{n}")).collect();
        assert_eq!(said(&format!("{{{}}}", fields.join(","))), None);
        fields.push("\"k50\":0".to_owned());
        assert_eq!(said(&format!("{{{}}}", fields.join(","))).as_deref(), Some("k50: duplicate key"));
    }
}
