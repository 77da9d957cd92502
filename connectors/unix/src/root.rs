//! The directory below which every file of the machine lies.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::reading::Gap;

/// Larger text files are not what they pretend to be (`passwd` of a million users has about 80 MB).
const MAX_TEXT: u64 = 256 << 20;

/// As many links in one path as the kernel follows.
const MAX_LINKS: usize = 40;

/// The root directory of a machine: `/` for the running one, another directory for a system image.
///
/// Below another root, absolute symbolic links and `..` are followed as a process inside it would follow
/// them, so that an image cannot make a read leave it. A root that is being changed by somebody hostile at
/// the same time is not guarded against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
}

impl Default for Root {
    fn default() -> Self {
        Self { path: PathBuf::from("/") }
    }
}

impl Root {
    /// The machine below `path`. Nothing is read yet; see [`Root::check`].
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The directory as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is the running machine.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.path == Path::new("/")
    }

    /// Looks whether the root is a directory.
    ///
    /// # Errors
    /// The [`Gap`] that stands for the whole root, its path as it was given.
    pub fn check(&self) -> Result<(), Gap> {
        let name = self.path.display().to_string();
        match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(Gap::Unreadable { path: name, reason: "not a directory".to_owned() }),
            Err(error) => Err(Gap::from_io(&name, &error)),
        }
    }

    /// The path on this system of a path inside the root, absolute or relative to it.
    ///
    /// # Errors
    /// When a link cannot be read or there are more than 40 of them. A path that does not exist is no error.
    pub fn resolve(&self, path: &str) -> io::Result<PathBuf> {
        if self.is_live() {
            return Ok(self.path.join(path));
        }
        let mut inside: Vec<OsString> = Vec::new();
        let mut pending = parts(Path::new(path));
        let mut links = 0;
        while let Some(part) = pending.pop_front() {
            let name = match part {
                Part::Top => {
                    inside.clear();
                    continue;
                }
                Part::Up => {
                    inside.pop();
                    continue;
                }
                Part::Name(name) => name,
            };
            let here = self.outside(&inside).join(&name);
            if !fs::symlink_metadata(&here).is_ok_and(|found| found.is_symlink()) {
                inside.push(name);
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("too many levels of symbolic links"));
            }
            for part in parts(&fs::read_link(&here)?).into_iter().rev() {
                pending.push_front(part);
            }
        }
        Ok(self.outside(&inside))
    }

    fn outside(&self, inside: &[OsString]) -> PathBuf {
        let mut path = self.path.clone();
        path.extend(inside);
        path
    }

    /// Opens a regular file inside the root; a pipe or device would block or never end.
    ///
    /// # Errors
    /// The [`Gap`] that the file leaves.
    pub fn open(&self, path: &str) -> Result<File, Gap> {
        let open = || {
            let outside = self.resolve(path)?;
            if !fs::metadata(&outside)?.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            File::open(outside)
        };
        open().map_err(|error| Gap::from_io(path, &error))
    }

    /// The bytes of a text file inside the root.
    ///
    /// # Errors
    /// The [`Gap`] that the file leaves, also when it is larger than 256 MiB.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Gap> {
        let file = self.open(path)?;
        let mut bytes = Vec::new();
        file.take(MAX_TEXT + 1).read_to_end(&mut bytes).map_err(|error| Gap::from_io(path, &error))?;
        if bytes.len() as u64 > MAX_TEXT {
            return Err(Gap::Unreadable { path: path.to_owned(), reason: "larger than 256 MiB".to_owned() });
        }
        Ok(bytes)
    }

    /// The names in a directory inside the root, in the order of their bytes.
    ///
    /// # Errors
    /// The [`Gap`] that the directory leaves.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Gap> {
        let list = || {
            let mut names = Vec::new();
            for entry in fs::read_dir(self.resolve(path)?)? {
                names.push(entry?.file_name().to_string_lossy().into_owned());
            }
            names.sort_unstable();
            Ok(names)
        };
        list().map_err(|error| Gap::from_io(path, &error))
    }

    /// Whether `path` is not known to be something other than a regular file.
    pub(crate) fn is_file_or_unknown(&self, path: &str) -> bool {
        self.resolve(path).and_then(fs::metadata).map_or(true, |found| found.is_file())
    }

    /// Whether there is something at `path` inside the root.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|outside| outside.exists())
    }
}

enum Part {
    Top,
    Up,
    Name(OsString),
}

fn parts(path: &Path) -> VecDeque<Part> {
    path.components()
        .filter_map(|component| match component {
            Component::RootDir => Some(Part::Top),
            Component::ParentDir => Some(Part::Up),
            Component::Normal(name) => Some(Part::Name(name.to_owned())),
            Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn image() -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("etc")).unwrap();
        let root = Root::new(dir.path());
        (dir, root)
    }

    #[test]
    fn an_absolute_link_stays_inside_the_root() {
        let (dir, root) = image();
        fs::create_dir_all(dir.path().join("usr/etc")).unwrap();
        fs::write(dir.path().join("usr/etc/passwd"), "inside").unwrap();
        symlink("/usr/etc/passwd", dir.path().join("etc/passwd")).unwrap();
        assert_eq!(root.read("etc/passwd").unwrap(), b"inside");
    }

    #[test]
    fn dots_do_not_climb_out_of_the_root() {
        let (dir, root) = image();
        symlink("../../../../../../etc/hostname", dir.path().join("etc/passwd")).unwrap();
        fs::write(dir.path().join("etc/hostname"), "image").unwrap();
        assert_eq!(root.read("etc/passwd").unwrap(), b"image");
        assert_eq!(root.read("/../../etc/hostname").unwrap(), b"image");
    }

    #[test]
    fn a_circle_of_links_is_a_gap() {
        let (dir, root) = image();
        symlink("/etc/shadow", dir.path().join("etc/passwd")).unwrap();
        symlink("/etc/passwd", dir.path().join("etc/shadow")).unwrap();
        let gap = root.read("etc/passwd").unwrap_err();
        assert_eq!(gap.to_string(), "etc/passwd: too many levels of symbolic links");
    }

    #[test]
    fn only_regular_files_are_opened() {
        let (dir, root) = image();
        fs::create_dir(dir.path().join("etc/passwd")).unwrap();
        assert_eq!(root.read("etc/passwd").unwrap_err().to_string(), "etc/passwd: not a regular file");
        let live = Root::default();
        assert_eq!(live.read("dev/zero").unwrap_err().to_string(), "dev/zero: not a regular file");
    }

    #[test]
    fn a_root_that_is_not_there_is_noticed() {
        let (dir, root) = image();
        assert!(root.check().is_ok());
        let gone = Root::new(dir.path().join("nowhere"));
        assert!(gone.check().unwrap_err().to_string().ends_with("nowhere: missing"));
    }
}
