//! Changes of files that can be undone.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::Module;
use crate::stop::Stop;
use crate::unasync::edit::Edits;
use crate::unasync::format::Formatter;

/// Changes to write.
#[derive(Default)]
pub(super) struct Changes<'a> {
    edited: Vec<(&'a Module, Edits)>,
    created: Vec<(PathBuf, String)>,
}

/// Written changes, with the previous contents.
#[derive(Default)]
pub(super) struct Done {
    /// In the order of writing. `None` if the file didn't exist.
    files: Vec<(PathBuf, Option<String>)>,
    folders: Vec<PathBuf>,
}

impl<'a> Changes<'a> {
    /// The edits of a module.
    pub(super) fn edits(&mut self, module: &'a Module) -> &mut Edits {
        let at = self.edited.iter().position(|(edited, _)| edited.path == module.path);
        let at = at.unwrap_or_else(|| {
            self.edited.push((module, Edits::default()));
            self.edited.len() - 1
        });
        &mut self.edited[at].1
    }

    /// Adds a new file.
    ///
    /// # Errors
    /// If it exists.
    pub(super) fn create(&mut self, path: PathBuf, text: String) -> Result<(), Stop> {
        if path.exists() {
            return Err(Stop::failed(format!("{} already exists", path.display())));
        }
        self.created.push((path, text));
        Ok(())
    }

    /// Writes all changes, and formats files that are formatted already.
    ///
    /// # Errors
    /// If that fails. Then everything has been undone.
    pub(super) fn write(self) -> Result<Done, Stop> {
        let mut texts = Vec::new();
        for (module, edits) in &self.edited {
            let source = &module.source.text;
            let text = edits.apply(source, &[]).map_err(|_| {
                Stop::failed(format!("{} cannot be changed: the changes overlap", module.path.display()))
            })?;
            texts.push((module.path.clone(), Some(source.clone()), formatted(&module.path, source, text)));
        }
        for (path, text) in self.created {
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            let text = if is_rust { formatted(&path, "", text) } else { text };
            texts.push((path, None, text));
        }
        let mut done = Done::default();
        for (path, before, text) in texts {
            done.create_folders(&path);
            done.files.push((path.clone(), before));
            if let Err(error) = fs::write(&path, text) {
                let stop = Stop::cannot("write", &path, error);
                done.undo()?;
                return Err(stop);
            }
        }
        Ok(done)
    }
}

impl Done {
    /// Adds changes that were written later.
    pub(super) fn append(&mut self, later: Self) {
        for (path, before) in later.files {
            // What a file contained at first is what is restored.
            if !self.files.iter().any(|(known, _)| *known == path) {
                self.files.push((path, before));
            }
        }
        self.folders.extend(later.folders);
    }

    /// Restores all files, byte for byte.
    ///
    /// # Errors
    /// If files can't be restored. The message lists them.
    pub(super) fn undo(self) -> Result<(), Stop> {
        let mut failed = Vec::new();
        for (path, before) in self.files.into_iter().rev() {
            let restored = match &before {
                Some(text) => fs::write(&path, text),
                None => fs::remove_file(&path),
            };
            if restored.is_err() && (before.is_some() || path.exists()) {
                failed.push(path.display().to_string());
            }
        }
        for folder in self.folders.iter().rev() {
            // This fails if someone has created files in it since.
            let _ = fs::remove_dir(folder);
        }
        if failed.is_empty() {
            return Ok(());
        }
        Err(Stop::io(format!("cannot restore {}", failed.join(", "))))
    }

    /// A verb and a path for each file.
    pub(super) fn summary(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        self.files
            .iter()
            .map(|(path, before)| (if before.is_some() { "changed" } else { "wrote" }, path.as_path()))
    }

    fn create_folders(&mut self, path: &Path) {
        let missing: Vec<&Path> = path.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            // If this fails, writing the file reports it.
            if fs::create_dir(folder).is_ok() {
                self.folders.push(folder.to_owned());
            }
        }
    }
}

/// Formats `text` with the configuration of its folder, if `source` is formatted and rustfmt is installed.
fn formatted(path: &Path, source: &str, text: String) -> String {
    let folder = path.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    Formatter::new(folder).format_like(source, text.clone()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unasync::source::Source;

    #[test]
    fn changes_are_undone_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let (there, new) = (folder.path().join("there.rs"), folder.path().join("a/b/new.json"));
        let before = "fn  f() {}  // \u{fc}\r\n";
        fs::write(&there, before).unwrap();
        let source = Source::parse(before.to_owned()).map_err(|error| error.reason).unwrap();
        let module = Module { path: there.clone(), names: Vec::new(), source };
        let mut changes = Changes::default();
        changes.edits(&module).insert(0, "mod m;\n");
        changes.create(new.clone(), "{}".to_owned()).unwrap();
        let done = changes.write().unwrap();
        assert_eq!(fs::read_to_string(&there).unwrap(), format!("mod m;\n{before}"));
        assert_eq!(fs::read_to_string(&new).unwrap(), "{}");
        let verbs: Vec<&str> = done.summary().map(|(verb, _)| verb).collect();
        assert_eq!(verbs, ["changed", "wrote"]);
        done.undo().unwrap();
        assert_eq!(fs::read_to_string(&there).unwrap(), before);
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn existing_files_are_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("there.json");
        fs::write(&path, "mine").unwrap();
        let message = Changes::default().create(path, String::new()).unwrap_err().message;
        assert!(message.contains("there.json already exists"), "{message}");
    }
}
