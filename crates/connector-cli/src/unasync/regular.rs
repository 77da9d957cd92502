//! Checks that only regular files are read and written, and only in folders that aren't links.

use std::fs;
use std::io;
use std::path::Path;

use crate::stop::Stop;

/// Maximum size of a source, in bytes.
const MAX_SIZE: u64 = 16 << 20;

/// Reads a source. Rejects pipes, which would block forever, and devices, which may be endless. The inner error is the
/// reason.
///
/// # Errors
/// If it cannot be read.
pub(super) fn read(path: &Path) -> Result<Result<Vec<u8>, String>, Stop> {
    let failed = |error: io::Error| Stop::at(path, error);
    let found = fs::metadata(path).map_err(failed)?;
    if !found.is_file() {
        return Ok(Err("expected a regular file".to_owned()));
    }
    if found.len() > MAX_SIZE {
        return Ok(Err(format!("the file is larger than {} MiB", MAX_SIZE >> 20)));
    }
    fs::read(path).map(Ok).map_err(failed)
}

/// Why `path`, which is below `parent`, must not be written: it is not a regular file, or a link on the way might lead
/// out of the crate.
pub(super) fn unwritable(parent: &Path, path: &Path) -> Option<String> {
    let below = path.ancestors().take_while(|place| *place != parent);
    below.into_iter().find_map(|place| {
        let kind = fs::symlink_metadata(place).ok()?.file_type();
        let expected = if place == path { "a regular file" } else { "a folder" };
        let is_expected = if place == path { kind.is_file() } else { kind.is_dir() };
        let found = if kind.is_symlink() { "a link" } else { "something else" };
        (!is_expected).then(|| {
            format!("{}:1:1: expected {expected}, found {found}", super::find::display_path(place).display())
        })
    })
}
