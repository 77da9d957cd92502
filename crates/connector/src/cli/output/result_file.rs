//! [`ResultFile`]: a file that replaces another one once it is complete.

use std::fs::{File, Metadata};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::destination::parent;
use super::replaceable;

/// A file that replaces another one once it is complete. Until then, the old file stays intact, even if the process is
/// killed.
///
/// The file has no name during the call, so a killed process leaves nothing behind. There are two exceptions where a
/// file with a temporary name can be left:
///
/// - When the file is created, if the filesystem doesn't support `O_TMPFILE`. The file is empty, and its name is
///   removed immediately.
/// - When the file is put in place. By then it is complete. It is named `.result-…` and then renamed. If an unnamed
///   file can't be linked, `.result-…` is a copy, which has its name while it is written and synced.
pub(in crate::cli) struct ResultFile {
    unnamed: File,
    path: PathBuf,
    replaced: Option<Metadata>,
}

impl ResultFile {
    /// Creates a file that will be put at `path`, in place of `replaced`.
    ///
    /// # Errors
    /// If no file can be created in the folder, or `replaced` can't be replaced.
    pub(super) fn create(path: PathBuf, replaced: Option<Metadata>) -> io::Result<Self> {
        // The error of `tempfile` contains a path that the user doesn't know.
        let unnamed = tempfile::tempfile_in(parent(&path)).map_err(|error| io::Error::from(error.kind()))?;
        if let Some(replaced) = &replaced {
            replaceable::check(&path, replaced, &unnamed)?;
        }
        Ok(Self { unnamed, path, replaced })
    }

    pub(super) fn as_file_mut(&mut self) -> &mut File {
        &mut self.unnamed
    }

    /// Puts the file in place, via a temporary name.
    pub(super) fn persist(mut self) -> io::Result<()> {
        self.complete(&self.unnamed)?;
        let folder = parent(&self.path);
        if let Ok(linked) = builder().make_in(folder, |name| link(&self.unnamed, name)) {
            return linked.persist(&self.path).map_err(io::Error::from);
        }
        // The filesystem doesn't support naming a file later.
        let mut copy = builder().tempfile_in(folder)?;
        self.unnamed.rewind()?;
        io::copy(&mut self.unnamed, copy.as_file_mut())?;
        self.complete(copy.as_file())?;
        copy.persist(&self.path).map(drop).map_err(io::Error::from)
    }

    fn complete(&self, file: &File) -> io::Result<()> {
        if let Some(replaced) = &self.replaced {
            keep_permissions(file, replaced)?;
        }
        file.sync_all()
    }
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".result-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// Names an unnamed file; see `O_TMPFILE` in `open(2)`.
#[cfg(target_os = "linux")]
fn link(file: &File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD, linkat};
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, unnamed, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Copies the permissions of the old file, so that nobody has more access to the new one. The set-user-ID, set-group-ID
/// and sticky bits are never copied.
#[cfg(unix)]
fn keep_permissions(file: &File, replaced: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let new = file.metadata()?;
    let mut mode = replaced.mode() & 0o777;
    let is_own = replaced.uid() == new.uid();
    if !is_own {
        // Another user chose these permissions.
        mode &= new.mode();
    }
    if replaced.gid() != new.gid() && !(is_own && fchown(file, None, Some(replaced.gid())).is_ok()) {
        // Restrict the new file's group to the permissions of others.
        mode &= 0o707 | (mode & 0o007) << 3;
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// On other systems, a new file has the permissions that its folder passes on.
#[cfg(not(unix))]
fn keep_permissions(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_that_cannot_be_linked_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.json");
        std::fs::write(&path, "old").unwrap();
        let replaced = std::fs::metadata(&path).unwrap();
        // A removed file can't be linked again.
        let (mut unnamed, name) = tempfile::NamedTempFile::new_in(folder.path()).unwrap().into_parts();
        name.close().unwrap();
        unnamed.write_all(b"new").unwrap();
        assert!(link(&unnamed, &folder.path().join("named")).is_err());
        ResultFile { unnamed, path: path.clone(), replaced: Some(replaced) }.persist().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
