//! Files and folders that sudo ignores because users other than root can write to them.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::reading::Gap;
use crate::root::Root;

const GROUP_WRITABLE: u32 = 0o020;
const WORLD_WRITABLE: u32 = 0o002;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
}

/// Checks that sudo uses the file or folder at `path`. Only on the running machine: an image can have been unpacked by
/// another user than root.
///
/// # Errors
/// The [`Gap`] of an ignored file. If its metadata can't be read, reading it will report the error.
pub(super) fn check(root: &Root, path: &str, kind: Kind) -> Result<(), Gap> {
    if !root.is_live() {
        return Ok(());
    }
    let Some(found) = root.resolve(path).and_then(fs::metadata).ok() else { return Ok(()) };
    let expected = match kind {
        Kind::File => found.is_file(),
        Kind::Folder => found.is_dir(),
    };
    match rejection(found.uid(), found.gid(), found.mode()) {
        Some(reason) if expected => Err(Gap::Ignored { path: path.to_owned(), reason: reason.to_owned() }),
        _ => Ok(()),
    }
}

fn rejection(uid: u32, gid: u32, mode: u32) -> Option<&'static str> {
    if uid != 0 {
        Some("it does not belong to root")
    } else if mode & WORLD_WRITABLE != 0 {
        Some("everybody can write to it")
    } else if mode & GROUP_WRITABLE != 0 && gid != 0 {
        Some("a group other than root's can write to it")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_can_write_to_what_sudo_uses() {
        for (uid, gid, mode) in [(0, 0, 0o440), (0, 7, 0o644), (0, 0, 0o660), (0, 7, 0o755)] {
            assert_eq!(rejection(uid, gid, mode), None, "{uid} {gid} {mode:o}");
        }
        for (uid, gid, mode) in [(1, 0, 0o400), (0, 0, 0o442), (0, 7, 0o460)] {
            assert!(rejection(uid, gid, mode).is_some(), "{uid} {gid} {mode:o}");
        }
    }
}
