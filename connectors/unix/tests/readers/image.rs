//! Machines made of a few files.

use std::fs;
use std::path::PathBuf;

use unix_connector::machine::Machine;
use unix_connector::root::Root;

/// A root directory with files in it, deleted at the end.
pub(crate) struct Image {
    dir: tempfile::TempDir,
}

impl Image {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let image = Self { dir: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            image.set(path, Some(text));
        }
        image
    }

    pub(crate) fn machine(&self) -> Machine {
        Machine::new(self.root())
    }

    pub(crate) fn root(&self) -> Root {
        Root::new(self.dir.path())
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file; `None` deletes it.
    pub(crate) fn set(&self, path: &str, text: Option<&str>) {
        self.set_bytes(path, text.map(str::as_bytes));
    }

    pub(crate) fn set_bytes(&self, path: &str, bytes: Option<&[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match bytes {
            Some(bytes) => fs::write(path, bytes).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
    }
}

/// A login as x86-64 writes it to `wtmp`.
pub(crate) fn wtmp(user: &str, at: u32) -> Vec<u8> {
    let mut record = vec![0; 384];
    record[..2].copy_from_slice(&7_i16.to_ne_bytes());
    record[44..44 + user.len()].copy_from_slice(user.as_bytes());
    record[340..344].copy_from_slice(&at.to_ne_bytes());
    record
}

/// A record of `lastlog` as x86-64 writes it.
pub(crate) fn lastlog(at: u32) -> Vec<u8> {
    let mut record = vec![0; 292];
    record[..4].copy_from_slice(&at.to_ne_bytes());
    record
}
