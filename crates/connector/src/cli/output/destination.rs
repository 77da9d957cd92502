//! Resolves the path of a result.

use std::path::{Path, PathBuf};

/// What a path refers to.
pub(super) enum Destination {
    Stdout,
    Stderr,
    /// Another open file of a process, such as the pipe behind `/dev/fd/63`.
    Descriptor(PathBuf),
    /// A file's path, with links resolved. The file may not exist yet.
    Path(PathBuf),
}

impl Destination {
    /// Resolves `path`. A loop of links is returned as a path that can't be opened.
    pub(super) fn of(path: &Path) -> Self {
        // The same limit as in Linux.
        const MAX_LINKS: usize = 40;
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            if let Some(descriptor) = Self::descriptor(&path) {
                return descriptor;
            }
            let Ok(target) = std::fs::read_link(&path) else { break };
            path = path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
        }
        Self::Path(path)
    }

    /// Returns an open file that a path refers to. Links below `/proc` can't be resolved by their target, which is
    /// `pipe:[4026]`, for example, or a former name of the file.
    fn descriptor(path: &Path) -> Option<Self> {
        let folder = parent(path).canonicalize().ok()?;
        let is_own = ["/proc/self/fd", "/dev/fd"]
            .iter()
            .any(|own| Path::new(own).canonicalize().is_ok_and(|own| own == folder));
        match path.file_name()?.to_str() {
            Some("1") if is_own => Some(Self::Stdout),
            Some("2") if is_own => Some(Self::Stderr),
            _ if is_own || folder.starts_with("/proc") => Some(Self::Descriptor(path.to_owned())),
            _ => None,
        }
    }
}

/// Returns the folder that contains `path`.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
