//! Files and folders that sudo ignores because others than root could write to them.

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

/// Looks whether sudo uses what lies at `path`. Only on the running machine: an image may have been unpacked by
/// somebody else than root.
///
/// # Errors
/// The [`Gap`] of what is ignored. What cannot be looked at is left to the reader.
pub(super) fn check(root: &Root, path: &str, kind: Kind) -> Result<(), Gap> {
    if !root.is_live() {
        return Ok(());
    }
    let Some(found) = root.resolve(path).and_then(fs::metadata).ok() else { return Ok(()) };
    let expected = match kind {
        Kind::File => found.is_file(),
        Kind::Folder => found.is_dir(),
    };
    match refusal(found.uid(), found.gid(), found.mode()) {
        Some(reason) if expected => Err(Gap::Ignored { path: path.to_owned(), reason: reason.to_owned() }),
        _ => Ok(()),
    }
}

fn refusal(uid: u32, gid: u32, mode: u32) -> Option<&'static str> {
    if uid != 0 {
        Some("it belongs to another user than root")
    } else if mode & WORLD_WRITABLE != 0 {
        Some("everybody may write to it")
    } else if mode & GROUP_WRITABLE != 0 && gid != 0 {
        Some("another group than root's may write to it")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_may_write_to_what_sudo_uses() {
        for (uid, gid, mode) in [(0, 0, 0o440), (0, 7, 0o644), (0, 0, 0o660), (0, 7, 0o755)] {
            assert_eq!(refusal(uid, gid, mode), None, "{uid} {gid} {mode:o}");
        }
        for (uid, gid, mode) in [(1, 0, 0o400), (0, 0, 0o442), (0, 7, 0o460)] {
            assert!(refusal(uid, gid, mode).is_some(), "{uid} {gid} {mode:o}");
        }
    }
}
