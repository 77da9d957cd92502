//! [`Workspace`]: which workspace of cargo a new crate comes to be in.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use toml::{Table, Value};

/// The workspace that cargo finds for a crate whose own manifest does not mention workspaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Workspace {
    /// There is none.
    None,
    /// The crate is not among its members.
    Outside(Root),
    Member(Root),
}

/// A workspace, as a crate below it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) folder: PathBuf,
    /// From the workspace's folder to the crate's, with slashes.
    pub(super) path: String,
    /// Whether its `exclude` lists the crate.
    pub(super) is_excluded: bool,
}

/// As cargo walks through folders.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl Workspace {
    /// The one around `directory`, which need not be there yet.
    pub(super) fn around(directory: &Path) -> Self {
        let directory = real(directory);
        let mut outside = Self::None;
        // A file that cannot be read is skipped: cargo does not look at it if the crate is its own workspace.
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
                // Cargo looks further up.
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

    /// What the author has to know of it.
    pub(super) fn advice(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Member(root) => Some(format!(
                "It is a member of the workspace in {}, whose Cargo.toml has the profiles: README.md says which to put \
                 there.",
                root.folder.display()
            )),
            Self::Outside(Root { folder, path, is_excluded }) => {
                let out = if *is_excluded { "take it out of `exclude`, " } else { "" };
                Some(format!(
                    "It is not a member of the workspace in {}. To join it, {out}add {path:?} to `members` there and \
                     scaffold again with --force-overwrite.",
                    folder.display()
                ))
            }
        }
    }
}

impl Root {
    /// `None` if the crate's folder is not below the workspace's.
    fn new(folder: PathBuf, workspace: &Table, directory: &Path) -> Option<Self> {
        let below = directory.strip_prefix(&folder).ok()?;
        let steps: Vec<_> = below.iter().map(|step| step.to_string_lossy()).collect();
        let path = steps.join("/");
        let leads_here = |entry: &&str| directory.starts_with(folder.join(entry));
        // Only a member that is listed by its path, without wildcards, outweighs `exclude`.
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

    /// The way from the crate's folder to the workspace's: `../..`.
    pub(super) fn way_up(&self) -> String {
        self.path.split('/').map(|_| "..").collect::<Vec<_>>().join("/")
    }
}

fn read(folder: &Path) -> Option<Table> {
    toml::from_str(&fs::read_to_string(folder.join("Cargo.toml")).ok()?).ok()
}

/// Where a member says that the root of its workspace is.
fn pointer(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("workspace")?.as_str()
}

fn texts<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t str> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The path without links, as far as it is there.
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

    /// What is around `a/b/c`, where these manifests are.
    fn around(manifests: &[(&str, &str)]) -> String {
        let base = tempfile::tempdir().unwrap();
        for (folder, text) in manifests {
            let folder = base.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("Cargo.toml"), text).unwrap();
        }
        let base = base.path().canonicalize().unwrap();
        let told = |kind: &str, root: &Root| {
            format!("{kind} {:?} {}", root.folder.strip_prefix(&base).unwrap(), root.path)
        };
        match Workspace::around(&base.join("a/b/c")) {
            Workspace::None => "none".to_owned(),
            Workspace::Outside(root) if root.is_excluded => told("excluded", &root),
            Workspace::Outside(root) => told("outside", &root),
            Workspace::Member(root) => told("member", &root),
        }
    }

    #[test]
    fn members_are_matched_as_cargo_does() {
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
            let told = around(&[("", &format!("[workspace]\nmembers = {members}\n"))]);
            let kind = if expected { "member" } else { "outside" };
            assert_eq!(told, format!("{kind} \"\" a/b/c"), "{members}");
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
        // A member that is listed by its path is one even if `exclude` matches.
        let both = "[workspace]\nmembers = [\"b/c\"]\nexclude = [\"b\"]\n";
        assert_eq!(around(&[("a", both)]), "member \"a\" b/c");
        let globbed = "[workspace]\nmembers = [\"b/*\"]\nexclude = [\"b\"]\n";
        assert_eq!(around(&[("a", globbed)]), "excluded \"a\" b/c");
    }

    #[test]
    fn a_member_on_the_way_up_points_to_its_root() {
        let member = "[package]\nname = \"x\"\nworkspace = \"../..\"\n";
        let root = "[workspace]\nmembers = [\"a/b/c\"]\n";
        assert_eq!(around(&[("a/b", member), ("", root), ("a", "[workspace]\n")]), "member \"\" a/b/c");
    }
}
