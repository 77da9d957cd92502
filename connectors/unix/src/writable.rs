//! [`WritableRoots`]: which machines can be changed, in addition to the running one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The environment variable that lists the writable roots.
pub(crate) const VARIABLE: &str = "UNIX_CONNECTOR_WRITABLE_ROOTS";

/// The system images that the connector's operator allows it to change. By default there are none.
///
/// A caller chooses the root in its settings. If the system's tools run as root on a directory that the caller filled,
/// they may run code from it. Therefore the permission belongs to the process, not to the settings.
#[derive(Clone, Debug, Default)]
pub struct WritableRoots {
    roots: Vec<PathBuf>,
}

impl WritableRoots {
    /// The roots in `UNIX_CONNECTOR_WRITABLE_ROOTS`, which has the format of `PATH`. Relative paths are ignored.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::parse(&std::env::var_os(VARIABLE).unwrap_or_default())
    }

    fn parse(list: &OsStr) -> Self {
        Self::new(std::env::split_paths(list))
    }

    /// These roots, as absolute paths. Relative paths are ignored.
    #[must_use]
    pub fn new(roots: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let roots = roots.into_iter().map(Into::into);
        Self { roots: roots.filter(|root: &PathBuf| root.is_absolute()).collect() }
    }

    /// Whether the machine below `root`, a path without symbolic links, can be changed. The running machine always can.
    pub(crate) fn contain(&self, root: &Path) -> bool {
        let is_root = |allowed: &PathBuf| allowed.canonicalize().is_ok_and(|allowed| allowed == root);
        root == Path::new("/") || self.roots.iter().any(is_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn roots_are_compared_without_symbolic_links() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        for folder in ["image/below", "other"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
        }
        symlink("image", dir.join("link")).unwrap();
        let list = format!("{0}/link:{0}/missing", dir.display());
        let roots = WritableRoots::parse(OsStr::new(&list));
        assert!(roots.contain(&dir.join("image")));
        for other in ["", "image/below", "other", "missing"] {
            assert!(!roots.contain(&dir.join(other)), "{other}");
        }
    }

    #[test]
    fn only_the_running_machine_is_writable_by_default() {
        let here = std::env::current_dir().unwrap().canonicalize().unwrap();
        for list in ["", ":", ".", "./", "src:."] {
            let roots = WritableRoots::parse(OsStr::new(list));
            assert!(roots.contain(Path::new("/")), "{list}");
            assert!(!roots.contain(&here) && !roots.contain(&here.join("src")), "{list}");
        }
    }
}
