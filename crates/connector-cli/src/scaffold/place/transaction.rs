//! Writes many files in one transaction.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::scaffold::render::File;

/// The prefix of temporary folders.
const PREFIX: &str = ".scaffold-";

/// Creates `directory` with `files` in it, and its missing parents.
///
/// # Errors
/// If that fails. Then nothing has been created.
pub(super) fn create(directory: &Path, files: &[&File]) -> io::Result<()> {
    let directory = std::path::absolute(directory)?;
    // The deepest folder that exists, and the first one below it that doesn't.
    let mut missing = directory.as_path();
    let base = loop {
        let parent = missing.parent().ok_or(io::ErrorKind::NotFound)?;
        if fs::symlink_metadata(parent).is_ok() {
            break parent;
        }
        missing = parent;
    };
    let stage = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base)?;
    let top = stage.path().join("new");
    let below = directory.strip_prefix(missing).map_err(io::Error::other)?;
    write_all(&top.join(below), files)?;
    // Renaming would replace an empty folder that someone else has created since.
    if fs::symlink_metadata(missing).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(top, missing)
}

/// Writes `files` to `directory`, and overwrites existing ones.
///
/// # Errors
/// If one of them can't be written. Then everything has been restored.
pub(super) fn exchange(directory: &Path, files: &[&File]) -> io::Result<()> {
    let stage = tempfile::Builder::new().prefix(PREFIX).tempdir_in(directory)?;
    let (new, old) = (stage.path().join("new"), stage.path().join("old"));
    write_all(&new, files)?;
    let mut undo = Vec::new();
    let exchanged = files.iter().try_for_each(|file| {
        put(&new.join(&file.path), &directory.join(&file.path), &old.join(&file.path), &mut undo)
    });
    let Err(error) = exchanged else { return Ok(()) };
    if let Err(second) = undo.into_iter().rev().try_for_each(Undo::run) {
        // The stage contains the original files.
        let kept = stage.keep();
        let message = format!("{error}; {second}; the original files are in {}", kept.display());
        return Err(io::Error::other(message));
    }
    Err(error)
}

fn write_all(folder: &Path, files: &[&File]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for file in files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, &file.text)?;
    }
    Ok(())
}

/// How to undo one step. Only what this program created is removed.
enum Undo {
    RemoveFolder(PathBuf),
    RemoveFile(PathBuf),
    Restore { from: PathBuf, to: PathBuf },
}

impl Undo {
    fn run(self) -> io::Result<()> {
        match self {
            Self::RemoveFolder(folder) => fs::remove_dir(folder),
            Self::RemoveFile(file) => fs::remove_file(file),
            Self::Restore { from, to } => fs::rename(from, to),
        }
    }
}

/// Moves the file `new` to `place`, and an existing file there to `old`.
fn put(new: &Path, place: &Path, old: &Path, undo: &mut Vec<Undo>) -> io::Result<()> {
    let missing: Vec<&Path> =
        place.ancestors().skip(1).take_while(|folder| fs::symlink_metadata(folder).is_err()).collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder)?;
        undo.push(Undo::RemoveFolder(folder.to_owned()));
    }
    if fs::symlink_metadata(place).is_ok() {
        fs::create_dir_all(old.parent().unwrap_or(old))?;
        fs::rename(place, old)?;
        undo.push(Undo::Restore { from: old.to_owned(), to: place.to_owned() });
        return fs::rename(new, place);
    }
    fs::rename(new, place)?;
    undo.push(Undo::RemoveFile(place.to_owned()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File { path: path.to_owned(), text: "new".to_owned() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_failed_creation_leaves_no_folders() {
        let base = tempfile::tempdir().unwrap();
        // The second file needs a folder at the path of the first one.
        let files = [file("a"), file("a/b")];
        let files: Vec<&File> = files.iter().collect();
        assert!(create(&base.path().join("x/y/z"), &files).is_err());
        assert!(names(base.path()).is_empty());
        create(&base.path().join("x/y/z"), &files[..1]).unwrap();
        assert_eq!(names(base.path()), ["x"]);
        assert_eq!(names(&base.path().join("x/y/z")), ["a"]);
    }

    #[test]
    fn a_failed_exchange_restores_everything() {
        let base = tempfile::tempdir().unwrap();
        fs::write(base.path().join("a"), "old").unwrap();
        fs::write(base.path().join("x"), "a file").unwrap();
        let files = [file("a"), file("b/c"), file("x/y")];
        let files: Vec<&File> = files.iter().collect();
        assert!(exchange(base.path(), &files).is_err());
        assert_eq!(names(base.path()), ["a", "x"]);
        assert_eq!(fs::read_to_string(base.path().join("a")).unwrap(), "old");
        exchange(base.path(), &files[..2]).unwrap();
        assert_eq!(names(base.path()), ["a", "b", "x"]);
        assert_eq!(fs::read_to_string(base.path().join("a")).unwrap(), "new");
    }
}
