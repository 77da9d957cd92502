//! Writes the planned files. All of them are on disk before the first one is moved into place.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::plan::Plan;
use crate::stop::Stop;

/// Writes the files that have changed and removes stale ones. Returns a verb and a path for each.
///
/// # Errors
/// If a file cannot be written, moved or removed.
pub(super) fn write(plan: &Plan) -> Result<Vec<(&'static str, PathBuf)>, Stop> {
    let changed: Vec<_> =
        plan.files.iter().filter(|file| file.current.as_ref() != Some(&file.text)).collect();
    let mut done = Vec::new();
    if !changed.is_empty() {
        // On the same file system as the target, so files can be moved into place.
        let staging = tempfile::Builder::new()
            .prefix(".sync_")
            .tempdir_in(&plan.parent)
            .map_err(|error| Stop::at(&plan.parent, error))?;
        for (at, file) in changed.iter().enumerate() {
            let staged = staging.path().join(at.to_string());
            fs::write(&staged, &file.text).map_err(|error| Stop::at(&staged, error))?;
        }
        for (at, file) in changed.iter().enumerate() {
            let move_into_place = || -> io::Result<()> {
                if let Some(folder) = file.path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::rename(staging.path().join(at.to_string()), &file.path)
            };
            move_into_place().map_err(|error| Stop::at(&file.path, error))?;
            done.push(("wrote", file.path.clone()));
        }
    }
    for (path, _) in &plan.stale {
        fs::remove_file(path).map_err(|error| Stop::at(path, error))?;
        done.push(("removed", path.clone()));
        // Also remove folders that are now empty; removing one that isn't empty fails.
        let folders =
            path.ancestors().skip(1).take_while(|folder| folder.starts_with(plan.parent.join("sync_")));
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
    Ok(done)
}
