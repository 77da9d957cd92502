//! Snapshots: responses that are kept in files.

use std::env;
use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::cases::package_dir;
use super::diff::differences;
use super::envelope::json_of;
use super::failures::{Failures, unwrap_or_panic};

/// Asserts that `value` equals `tests/snapshots/<name>.json` in the package.
///
/// If there is no such file, it is created and the test passes. If the variable `CI` is set, the test fails instead.
/// `UPDATE_SNAPSHOTS=1` rewrites a snapshot that differs. Keys are sorted, because their order doesn't matter. You can edit
/// a snapshot: `"$any"` in it stands for any value except null.
///
/// Snapshots are committed, so remove secrets from a response first.
///
/// # Panics
/// If the two differ, if a file can't be read or written, or if `name` contains characters other than ASCII letters,
/// digits, `-`, `_` and `.`.
#[track_caller]
pub fn snapshot(name: &str, value: impl Serialize) {
    let set = |name: &str| env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    let snapshots = Snapshots {
        folder: package_dir().join("tests/snapshots"),
        update: set("UPDATE_SNAPSHOTS"),
        frozen: set("CI"),
    };
    unwrap_or_panic(snapshots.check(name, &json_of(value)));
}

struct Snapshots {
    folder: PathBuf,
    /// Whether a snapshot that differs is rewritten.
    update: bool,
    /// Whether a missing snapshot is a failure.
    frozen: bool,
}

impl Snapshots {
    fn check(&self, name: &str, found: &Value) -> Result<(), Failures> {
        let failed = |why: String| Failures::one(format!("snapshot {name}: {why}"));
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            return Err(Failures::one(format!(
                "{name:?} is not a valid name of a snapshot: use letters, digits, `-`, `_` and `.`"
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
                "snapshot {name} differs; if the new value is correct, run the test with UPDATE_SNAPSHOTS=1"
            ));
            differing.iter().for_each(|one| failures.push(format!("  {one}")));
            return Err(failures);
        }
        if !self.update && self.frozen {
            return Err(failed(
                "the file is missing; run the test without CI and commit the file".to_owned(),
            ));
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
    use tempfile::TempDir;

    use super::*;

    /// A temporary folder of snapshots.
    struct Kept(TempDir);

    impl Kept {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn check(&self, update: bool, frozen: bool, value: &Value) -> Result<(), String> {
            let snapshots = Snapshots { folder: self.0.path().join("snapshots"), update, frozen };
            snapshots.check("response", value).map_err(|failures| failures.to_string())
        }

        fn text(&self) -> String {
            fs::read_to_string(self.0.path().join("snapshots/response.json")).unwrap_or_default()
        }
    }

    #[test]
    fn a_missing_snapshot_is_created_with_sorted_keys_unless_in_ci() {
        let kept = Kept::new();
        let missing = kept.check(false, true, &json!({})).unwrap_err();
        assert_eq!(
            missing,
            "snapshot response: the file is missing; run the test without CI and commit the file"
        );
        assert_eq!(kept.text(), "");
        assert_eq!(kept.check(false, false, &json!({ "b": [{ "d": 1, "c": 2 }], "a": null })), Ok(()));
        let keys: Vec<char> = kept.text().chars().filter(char::is_ascii_lowercase).collect();
        assert_eq!(keys.iter().collect::<String>(), "anullbcd");
        assert_eq!(kept.check(false, true, &json!({ "a": null, "b": [{ "c": 2, "d": 1 }] })), Ok(()));
    }

    #[test]
    fn a_snapshot_that_differs_fails_until_it_is_updated() {
        let kept = Kept::new();
        assert_eq!(kept.check(false, false, &json!({ "id": 1 })), Ok(()));
        let message = kept.check(false, false, &json!({ "id": 2 })).unwrap_err();
        assert!(
            message.contains("UPDATE_SNAPSHOTS=1") && message.ends_with("\n  id: expected 1, found 2"),
            "{message}"
        );
        assert_eq!(kept.check(true, true, &json!({ "id": 2 })), Ok(()));
        assert_eq!(kept.text(), "{\n  \"id\": 2\n}\n");
    }

    #[test]
    fn names_that_leave_the_folder_are_rejected() {
        let snapshots = Snapshots { folder: PathBuf::new(), update: false, frozen: true };
        for name in ["", "../a", "a/b", ".hidden", "a b"] {
            let message = snapshots.check(name, &json!(1)).unwrap_err().to_string();
            assert!(message.contains("is not a valid name"), "{message}");
        }
    }
}
