//! Machines that consist of a few files, and the records in some of them.

use std::fs;
use std::path::PathBuf;

use unix_connector::machine::Machine;
use unix_connector::root::Root;

/// A root directory with files, deleted at the end.
pub(crate) struct Image {
    dir: tempfile::TempDir,
}

impl Image {
    /// A machine with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let image = Self { dir: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            image.set(path, text);
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

    pub(crate) fn set(&self, path: &str, text: &str) {
        self.set_bytes(path, text.as_bytes());
    }

    pub(crate) fn set_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }
}

/// A login in `wtmp`, as x86-64 writes it.
pub(crate) fn wtmp(user: &str, at: u32) -> Vec<u8> {
    let mut record = vec![0; 384];
    record[..2].copy_from_slice(&7_i16.to_ne_bytes());
    record[44..44 + user.len()].copy_from_slice(user.as_bytes());
    record[340..344].copy_from_slice(&at.to_ne_bytes());
    record
}

/// A record of `lastlog`, as x86-64 writes it.
pub(crate) fn lastlog(at: u32) -> Vec<u8> {
    let mut record = vec![0; 292];
    record[..4].copy_from_slice(&at.to_ne_bytes());
    record
}
