//! Checks whether a file can be replaced, as far as possible without replacing it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Looks for reasons why `new` can't replace the file at `path`.
///
/// Some obstacles only appear when the file is replaced, such as the rules of a security module.
///
/// # Errors
/// If the file can't be replaced.
#[cfg(unix)]
pub(super) fn check(path: &Path, replaced: &Metadata, new: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    #[cfg(target_os = "linux")]
    check_attributes(path)?;
    // The process acts as the owner of the file it created.
    let user = new.metadata()?.uid();
    if is_protected_from(user, replaced, &std::fs::metadata(super::destination::parent(path))?) {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file belongs to another user, and its folder has the sticky bit set",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}

/// Returns whether a sticky folder prevents `user` from replacing a file; see `EPERM` in `rename(2)`.
#[cfg(unix)]
fn is_protected_from(user: u32, file: &Metadata, folder: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    folder.mode() & STICKY != 0 && ![0, file.uid(), folder.uid()].contains(&user)
}

/// Checks attributes instead of device numbers, because a bind mount can be on the same filesystem, and in an overlay,
/// a file's device can differ from its folder's.
#[cfg(target_os = "linux")]
fn check_attributes(path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    // Old kernels and sandboxes may not have the call.
    let Ok(found) = statx(CWD, path, AtFlags::NO_AUTOMOUNT, StatxFlags::empty()) else { return Ok(()) };
    // Unsupported attributes are never set.
    let attributes = found.stx_attributes;
    if attributes.contains(StatxAttributes::MOUNT_ROOT) {
        return Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "a mount point cannot be replaced; mount the folder instead of the file",
        ));
    }
    if attributes.intersects(StatxAttributes::IMMUTABLE | StatxAttributes::APPEND) {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file is immutable or append-only; see lsattr(1)",
        ));
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn a_sticky_folder_protects_files_from_other_users() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.json");
        fs::write(&path, "old").unwrap();
        let file = fs::metadata(&path).unwrap();
        let other = file.uid() + 1;
        for (mode, user, expected) in
            [(0o1777, other, true), (0o1777, file.uid(), false), (0o1777, 0, false), (0o777, other, false)]
        {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            let folder = fs::metadata(folder.path()).unwrap();
            assert_eq!(is_protected_from(user, &file, &folder), expected, "{mode:o} {user}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_mount_point_is_detected() {
        let error = check_attributes(Path::new("/proc")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
        check_attributes(Path::new("/proc/self/status")).unwrap();
    }
}
