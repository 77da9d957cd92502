//! Snapshots: answers that are kept in files.

use std::env;
use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::cases::package_dir;
use super::diff::differences;
use super::envelope::json_of;
use super::failures::{Failures, demand};

/// Asserts that `value` is what `tests/snapshots/<name>.json` of the package says.
///
/// A snapshot that is not there is written, and the test passes; where the variable `CI` is set, it fails instead. With
/// `UPDATE_SNAPSHOTS=1` a snapshot that differs is written anew. Keys are sorted, so that a change of their order is
/// none. A snapshot may be edited: `"$any"` in it stands for any value that is not null.
///
/// What is in a snapshot is committed: take the secrets out of an answer that has some.
///
/// # Panics
/// If the two differ, with what differs; if a file cannot be read or written; if `name` has other characters than ASCII
/// letters, digits, `-`, `_` and `.`.
#[track_caller]
pub fn snapshot(name: &str, value: impl Serialize) {
    let set = |name: &str| env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    let snapshots = Snapshots {
        folder: package_dir().join("tests/snapshots"),
        update: set("UPDATE_SNAPSHOTS"),
        frozen: set("CI"),
    };
    demand(snapshots.check(name, &json_of(value)));
}

struct Snapshots {
    folder: PathBuf,
    /// Whether one that differs is written anew.
    update: bool,
    /// Whether a new one is a failure.
    frozen: bool,
}

impl Snapshots {
    fn check(&self, name: &str, found: &Value) -> Result<(), Failures> {
        let failed = |why: String| Failures::one(format!("snapshot {name}: {why}"));
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            return Err(Failures::one(format!(
                "{name:?} is no name of a snapshot: letters, digits, `-`, `_`, `.`"
            )));
        }
        let path = self.folder.join(format!("{name}.json"));
        let differing = match fs::read_to_string(&path) {
            Ok(text) => {
                let expected: Value =
                    serde_json::from_str(&text).map_err(|error| failed(format!("not JSON: {error}")))?;
                let differing = differences("", &expected, found);
                if differing.is_empty() {
                    return Ok(());
                }
                differing
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error.to_string())),
        };
        if !self.update && !differing.is_empty() {
            let mut failures = Failures::none().titled(format!(
                "snapshot {name} differs; run the test with UPDATE_SNAPSHOTS=1 if what is found is right"
            ));
            differing.iter().for_each(|one| failures.push(format!("  {one}")));
            return Err(failures);
        }
        if !self.update && self.frozen {
            return Err(failed("missing; run the test elsewhere and commit what it writes".to_owned()));
        }
        let mut sorted = found.clone();
        sorted.sort_all_objects();
        let write = || {
            fs::create_dir_all(&self.folder)?;
            fs::write(&path, format!("{sorted:#}\n"))
        };
        write().map_err(|error| failed(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// In a folder of the test's own.
    struct Kept(PathBuf);

    impl Kept {
        fn new(test: &str) -> Self {
            let folder = env::temp_dir().join(format!("snapshots-{}-{test}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            Self(folder)
        }

        fn check(&self, update: bool, frozen: bool, value: &Value) -> Result<(), String> {
            let snapshots = Snapshots { folder: self.0.clone(), update, frozen };
            snapshots.check("answer", value).map_err(|failures| failures.to_string())
        }

        fn text(&self) -> String {
            fs::read_to_string(self.0.join("answer.json")).unwrap_or_default()
        }
    }

    impl Drop for Kept {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_new_snapshot_is_written_with_sorted_keys_but_fails_where_it_is_frozen() {
        let kept = Kept::new("new");
        let refused = kept.check(false, true, &json!({})).unwrap_err();
        assert_eq!(refused, "snapshot answer: missing; run the test elsewhere and commit what it writes");
        assert_eq!(kept.text(), "");
        assert_eq!(kept.check(false, false, &json!({ "b": [{ "d": 1, "c": 2 }], "a": null })), Ok(()));
        let keys: Vec<char> = kept.text().chars().filter(char::is_ascii_lowercase).collect();
        assert_eq!(keys.iter().collect::<String>(), "anullbcd");
        assert_eq!(kept.check(false, true, &json!({ "a": null, "b": [{ "c": 2, "d": 1 }] })), Ok(()));
    }

    #[test]
    fn a_snapshot_that_differs_fails_until_it_is_updated() {
        let kept = Kept::new("differs");
        assert_eq!(kept.check(false, false, &json!({ "id": 1 })), Ok(()));
        let told = kept.check(false, false, &json!({ "id": 2 })).unwrap_err();
        assert!(
            told.contains("UPDATE_SNAPSHOTS=1") && told.ends_with("\n  id: expected 1, found 2"),
            "{told}"
        );
        assert_eq!(kept.check(true, true, &json!({ "id": 2 })), Ok(()));
        assert_eq!(kept.text(), "{\n  \"id\": 2\n}\n");
    }

    #[test]
    fn a_snapshot_is_a_file_in_its_folder() {
        let snapshots = Snapshots { folder: PathBuf::new(), update: false, frozen: true };
        for name in ["", "../a", "a/b", ".hidden", "a b"] {
            let told = snapshots.check(name, &json!(1)).unwrap_err().to_string();
            assert!(told.contains("is no name of a snapshot"), "{told}");
        }
    }
}
