//! Finds `async_` folders and files, and lists their contents.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::Stop;

/// Folders that contain no source files.
const SKIPPED: [&str; 3] = ["target", "node_modules", "sync_"];

/// A module `async_`: a folder, a file, or both.
#[derive(Debug)]
pub(super) struct Folder {
    /// The folder that contains it. Never the empty path.
    pub(super) parent: PathBuf,
    /// Its Rust files, relative to `parent`.
    pub(super) files: Vec<PathBuf>,
    /// Its other files.
    pub(super) others: Vec<PathBuf>,
}

/// All modules `async_` in `directory` and below it, in order.
///
/// # Errors
/// If a folder cannot be read.
pub(super) fn folders(directory: &Path) -> Result<Vec<Folder>, Stop> {
    let mut found = Vec::new();
    if directory.file_name().is_some_and(|name| name == "async_") {
        let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
        found.extend(folder(parent.unwrap_or(Path::new(".")))?);
    } else {
        search(directory, &mut found)?;
    }
    Ok(found)
}

fn search(directory: &Path, found: &mut Vec<Folder>) -> Result<(), Stop> {
    found.extend(folder(directory)?);
    for (path, is_folder) in entries(directory)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_folder && name != "async_" && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            search(&path, found)?;
        }
    }
    Ok(())
}

/// The module `async_` in `parent`.
fn folder(parent: &Path) -> Result<Option<Folder>, Stop> {
    let mut files = Vec::new();
    let mut others = Vec::new();
    let file = parent.join("async_.rs");
    if file.is_file() {
        files.push(file);
    }
    let folder = parent.join("async_");
    if folder.is_dir() {
        collect(&folder, &mut files, &mut others)?;
    }
    if files.is_empty() {
        return Ok(None);
    }
    let below = |path: PathBuf| path.strip_prefix(parent).map(Path::to_path_buf).unwrap_or(path);
    Ok(Some(Folder { parent: parent.to_owned(), files: files.into_iter().map(below).collect(), others }))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, others: &mut Vec<PathBuf>) -> Result<(), Stop> {
    for (path, is_folder) in entries(folder)? {
        if is_folder {
            collect(&path, files, others)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.is_symlink() {
            files.push(path);
        } else {
            others.push(path);
        }
    }
    Ok(())
}

/// The entries of a folder, sorted by name. Links are not followed.
pub(super) fn entries(folder: &Path) -> Result<Vec<(PathBuf, bool)>, Stop> {
    let read = || -> std::io::Result<Vec<(PathBuf, bool)>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            entries.push((entry.path(), entry.file_type()?.is_dir()));
        }
        entries.sort();
        Ok(entries)
    };
    read().map_err(|error| Stop::at(folder, error))
}

/// A path to display, without a `./` that the user didn't type.
pub(super) fn display_path(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
