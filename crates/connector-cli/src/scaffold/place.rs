//! Writes files to a folder: all of them or none.

mod transaction;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use transaction::{create, exchange};

use super::choices::Choices;
use super::manifest::{self, Manifest};
use super::rejection::Rejection;
use super::render::File;
use crate::stop::Stop;

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Overwritten,
    Unchanged,
}

impl Change {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Overwritten => "overwritten",
            Self::Unchanged => "unchanged",
        }
    }
}

/// The files to write, none of which is in the way of another.
#[derive(Debug)]
pub(super) struct Plan {
    directory: PathBuf,
    exists: bool,
    files: Vec<(File, Change)>,
    obsolete: Vec<String>,
}

impl Plan {
    /// Compares the files with the folder, without changing it.
    ///
    /// # Errors
    /// If files in the folder must not be overwritten.
    pub(super) fn new(
        directory: &Path,
        mut files: Vec<File>,
        choices: &Choices,
        force: bool,
    ) -> Result<Self, Rejection> {
        let text = Manifest::new(choices, &files).text()?;
        let is_empty = match fs::read_dir(directory) {
            Ok(mut entries) => Some(entries.next().is_none()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => Err(Stop::cannot("read", directory, error))?,
        };
        if is_empty == Some(false) && !force {
            let problem = format!(
                "{} is not empty; with --force-overwrite, only generated files in it are overwritten",
                directory.display()
            );
            return Err(Rejection::Problems(vec![problem], 1));
        }
        let known = if is_empty == Some(false) { Manifest::read(directory)? } else { Manifest::default() };
        let obsolete = obsolete(directory, &known, &files);
        files.push(File { path: manifest::NAME.to_owned(), text });
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let mut problems = Vec::new();
        let mut planned = Vec::new();
        for file in files {
            match change(directory, &file, &known) {
                Ok(change) => planned.push((file, change)),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(Rejection::Problems(problems, 1));
        }
        Ok(Self { directory: directory.to_owned(), exists: is_empty.is_some(), files: planned, obsolete })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The paths, and what happens to them.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&str, Change)> {
        self.files.iter().map(|(file, change)| (file.path.as_str(), *change))
    }

    /// Files that were generated before, and aren't generated this time.
    pub(super) fn obsolete(&self) -> &[String] {
        &self.obsolete
    }

    /// Writes the files.
    ///
    /// # Errors
    /// If a file can't be written. Then nothing has changed.
    pub(super) fn write(&self) -> Result<(), Stop> {
        let changed: Vec<&File> = self
            .files
            .iter()
            .filter(|(_, change)| *change != Change::Unchanged)
            .map(|(file, _)| file)
            .collect();
        let written =
            if self.exists { exchange(&self.directory, &changed) } else { create(&self.directory, &changed) };
        written.map_err(|error| {
            Stop::io(format!("nothing was written to {}: {error}", self.directory.display()))
        })
    }
}

/// What happens to `file`; or why it must not be written.
fn change(directory: &Path, file: &File, known: &Manifest) -> Result<Change, String> {
    let path = directory.join(&file.path);
    // A link could lead anywhere, and generated folders have none.
    for ancestor in path.ancestors().skip(1).take_while(|ancestor| *ancestor != directory) {
        if fs::symlink_metadata(ancestor).is_ok_and(|found| !found.is_dir()) {
            return Err(format!("{} is in the way: expected a folder", ancestor.display()));
        }
    }
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Change::Created),
        Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
        Ok(found) if !found.is_file() => {
            return Err(format!("{} is in the way: expected a file", path.display()));
        }
        Ok(_) => {}
    }
    let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    if bytes == file.text.as_bytes() {
        Ok(Change::Unchanged)
    } else if file.path == manifest::NAME || known.has_generated(&file.path, &bytes) {
        Ok(Change::Overwritten)
    } else {
        Err(format!("{} is not overwritten: it was changed or not generated", path.display()))
    }
}

fn obsolete(directory: &Path, known: &Manifest, files: &[File]) -> Vec<String> {
    let is_obsolete = |path: &&str| {
        !files.iter().any(|file| file.path == *path) && fs::symlink_metadata(directory.join(path)).is_ok()
    };
    known.paths().filter(is_obsolete).map(str::to_owned).collect()
}
