//! What a path leads to.

use std::path::{Path, PathBuf};

/// What a path leads to.
pub(super) enum Destination {
    Stdout,
    Stderr,
    /// Another open file of a process, such as the pipe behind `/dev/fd/63`.
    Descriptor(PathBuf),
    /// A file's own path, with links followed. The file may not exist yet.
    Path(PathBuf),
}

impl Destination {
    /// Follows `path`. A loop of links is returned as a path that cannot be opened.
    pub(super) fn of(path: &Path) -> Self {
        // As many as Linux follows.
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

    /// The links below `/proc` must not be followed by their text: it is `pipe:[4026]`, or a name that the open file
    /// had once.
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

/// The folder that `path` is in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
