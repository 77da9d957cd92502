//! [`Workspace`]: the Cargo workspace around a new crate.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use toml::{Table, Value};

/// The workspace that Cargo finds for a crate whose manifest doesn't mention workspaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Workspace {
    None,
    /// The crate isn't one of its members.
    Outside(Root),
    Member(Root),
}

/// The root of a workspace, relative to a crate below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) folder: PathBuf,
    /// The path from the workspace's folder to the crate's, with slashes.
    pub(super) path: String,
    /// Whether its `exclude` lists the crate.
    pub(super) is_excluded: bool,
}

/// The options of Cargo's own matching.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl Workspace {
    /// Finds the workspace around `directory`, which doesn't have to exist.
    pub(super) fn around(directory: &Path) -> Self {
        let directory = real(directory);
        let mut outside = Self::None;
        // Manifests that can't be read are skipped: Cargo doesn't read them if the crate is its own workspace.
        let manifests = directory.ancestors().skip(1).filter_map(|folder| Some((folder, read(folder)?)));
        for (folder, manifest) in manifests {
            let (folder, manifest) = match pointer(&manifest) {
                Some(root) => {
                    let folder = real(&folder.join(root));
                    let Some(manifest) = read(&folder) else { continue };
                    (folder, manifest)
                }
                None => (folder.to_owned(), manifest),
            };
            let Some(workspace) = manifest.get("workspace").and_then(Value::as_table) else { continue };
            let Some(root) = Root::new(folder, workspace, &directory) else { continue };
            if root.is_excluded {
                // Cargo continues with the parent folders.
                outside = if outside == Self::None { Self::Outside(root) } else { outside };
                continue;
            }
            return if root.has_member(workspace) { Self::Member(root) } else { Self::Outside(root) };
        }
        outside
    }

    /// The workspace that the crate is a member of.
    pub(super) const fn joined(&self) -> Option<&Root> {
        if let Self::Member(root) = self { Some(root) } else { None }
    }

    /// What the author needs to do.
    pub(super) fn advice(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Member(root) => Some(format!(
                "It is a member of the workspace in {}. README.md lists the profiles to add to the workspace's \
                 Cargo.toml.",
                root.folder.display()
            )),
            Self::Outside(Root { folder, path, is_excluded }) => {
                let include = if *is_excluded { "remove it from `exclude`, " } else { "" };
                Some(format!(
                    "It is not a member of the workspace in {}. To join it, {include}add {path:?} to `members` there and \
                     scaffold again with --force-overwrite.",
                    folder.display()
                ))
            }
        }
    }
}

impl Root {
    /// `None` if the crate's folder isn't below the workspace's.
    fn new(folder: PathBuf, workspace: &Table, directory: &Path) -> Option<Self> {
        let below = directory.strip_prefix(&folder).ok()?;
        let steps: Vec<_> = below.iter().map(|step| step.to_string_lossy()).collect();
        let path = steps.join("/");
        let leads_here = |entry: &&str| directory.starts_with(folder.join(entry));
        // Only a member listed by its path, without wildcards, overrides `exclude`.
        let is_excluded = texts(workspace, "exclude").any(|entry| leads_here(&entry))
            && !texts(workspace, "members").any(|entry| leads_here(&entry));
        Some(Self { folder, path, is_excluded })
    }

    fn has_member(&self, workspace: &Table) -> bool {
        texts(workspace, "members").any(|member| {
            let steps: Vec<&str> = member.split('/').filter(|step| !matches!(*step, "" | ".")).collect();
            Pattern::new(&steps.join("/")).is_ok_and(|pattern| pattern.matches_with(&self.path, MATCHING))
        })
    }

    /// The path from the crate's folder to the workspace's: `../..`.
    pub(super) fn relative_path(&self) -> String {
        self.path.split('/').map(|_| "..").collect::<Vec<_>>().join("/")
    }
}

fn read(folder: &Path) -> Option<Table> {
    toml::from_str(&fs::read_to_string(folder.join("Cargo.toml")).ok()?).ok()
}

/// The root of the workspace that a member's manifest names.
fn pointer(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("workspace")?.as_str()
}

fn texts<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t str> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The path without links, as far as it exists.
fn real(directory: &Path) -> PathBuf {
    let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let found = directory.ancestors().find_map(|known| Some((known, known.canonicalize().ok()?)));
    found.map_or_else(
        || directory.clone(),
        |(known, real)| directory.strip_prefix(known).map_or_else(|_| real.clone(), |rest| real.join(rest)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Describes the workspace around `a/b/c` in a folder with these manifests.
    fn around(manifests: &[(&str, &str)]) -> String {
        let base = tempfile::tempdir().unwrap();
        for (folder, text) in manifests {
            let folder = base.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("Cargo.toml"), text).unwrap();
        }
        let base = base.path().canonicalize().unwrap();
        let describe = |kind: &str, root: &Root| {
            format!("{kind} {:?} {}", root.folder.strip_prefix(&base).unwrap(), root.path)
        };
        match Workspace::around(&base.join("a/b/c")) {
            Workspace::None => "none".to_owned(),
            Workspace::Outside(root) if root.is_excluded => describe("excluded", &root),
            Workspace::Outside(root) => describe("outside", &root),
            Workspace::Member(root) => describe("member", &root),
        }
    }

    #[test]
    fn members_match_as_in_cargo() {
        for (members, expected) in [
            (r#"["a/b/c"]"#, true),
            (r#"["./a/b/c/"]"#, true),
            (r#"["a/b/*"]"#, true),
            (r#"["a/*/c"]"#, true),
            (r#"["a/**"]"#, true),
            (r#"["a/*"]"#, false),
            (r#"["*"]"#, false),
            (r#"["a/b"]"#, false),
            ("[]", false),
        ] {
            let found = around(&[("", &format!("[workspace]\nmembers = {members}\n"))]);
            let kind = if expected { "member" } else { "outside" };
            assert_eq!(found, format!("{kind} \"\" a/b/c"), "{members}");
        }
    }

    #[test]
    fn the_nearest_workspace_counts_unless_it_excludes_the_crate() {
        let (all, none) = ("[workspace]\nmembers = [\"a/b/*\"]\n", "[package]\nname = \"x\"\n");
        assert_eq!(around(&[]), "none");
        assert_eq!(around(&[("", none)]), "none");
        assert_eq!(around(&[("", "[workspace")]), "none");
        assert_eq!(around(&[("", all), ("a", none)]), "member \"\" a/b/c");
        assert_eq!(around(&[("", all), ("a", "[workspace]\n")]), "outside \"a\" b/c");
        let excluding = "[workspace]\nexclude = [\"b\"]\n";
        assert_eq!(around(&[("", all), ("a", excluding)]), "member \"\" a/b/c");
        assert_eq!(around(&[("a", excluding)]), "excluded \"a\" b/c");
        // A member listed by its path is one even if `exclude` matches.
        let both = "[workspace]\nmembers = [\"b/c\"]\nexclude = [\"b\"]\n";
        assert_eq!(around(&[("a", both)]), "member \"a\" b/c");
        let globbed = "[workspace]\nmembers = [\"b/*\"]\nexclude = [\"b\"]\n";
        assert_eq!(around(&[("a", globbed)]), "excluded \"a\" b/c");
    }

    #[test]
    fn a_parent_package_can_name_the_root() {
        let member = "[package]\nname = \"x\"\nworkspace = \"../..\"\n";
        let root = "[workspace]\nmembers = [\"a/b/c\"]\n";
        assert_eq!(around(&[("a/b", member), ("", root), ("a", "[workspace]\n")]), "member \"\" a/b/c");
    }
}
