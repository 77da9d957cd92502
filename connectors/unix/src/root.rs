//! The directory that contains all files of a machine.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use connector::Cancellation;

use crate::reading::{Gap, Reading};

/// The largest text file that is read, in bytes. A `passwd` of 250 000 users has about 20 MB.
const MAX_TEXT: u64 = 32 << 20;

/// The most names of a directory that are read.
const MAX_ENTRIES: usize = 10_000;

/// The most links in one path, as in the kernel.
const MAX_LINKS: usize = 40;

/// The root directory of a machine: `/` for the running one, another directory for a system image.
///
/// Below another root, absolute symbolic links and `..` are resolved as a process inside it would resolve them, so an
/// image can't make a read leave it. This doesn't protect against somebody who changes the image at the same time.
///
/// All files are opened through it, so it also holds the [`Cancellation`] of the call.
#[derive(Debug, Clone)]
pub struct Root {
    path: PathBuf,
    cancellation: Cancellation,
}

impl Default for Root {
    fn default() -> Self {
        Self::new("/")
    }
}

impl Root {
    /// The machine below `path`. Nothing is checked yet; see [`Root::check`].
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), cancellation: Cancellation::new() }
    }

    /// The same root, but nothing more is read after `cancellation` is cancelled. The remaining files are gaps.
    #[must_use]
    pub fn cancelled_by(mut self, cancellation: Cancellation) -> Self {
        self.cancellation = cancellation;
        self
    }

    /// What cancels long reads.
    pub(crate) const fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// Checks whether a long read of `path` should stop.
    ///
    /// # Errors
    /// The [`Gap`] of the rest of the file, if the call was cancelled.
    pub(crate) fn check_cancelled(&self, path: &str) -> Result<(), Gap> {
        let gap = |reason: connector::Cancelled| Gap::Unreadable {
            path: path.to_owned(),
            reason: reason.to_string(),
        };
        self.cancellation.check().map_err(gap)
    }

    /// The path of the directory, as it was passed.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is the running machine.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.path == Path::new("/")
    }

    /// Checks that the root is a directory.
    ///
    /// # Errors
    /// The [`Gap`] of the whole root.
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
    /// If a link can't be read, or there are more than 40. A path that doesn't exist isn't an error.
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

    /// The path inside the root without links and `..`, so that each file has one name.
    ///
    /// # Errors
    /// As for [`Root::resolve`]. On the running machine, also if the file doesn't exist.
    pub(crate) fn canonical(&self, path: &str) -> io::Result<String> {
        let outside = self.resolve(path)?;
        let outside = if self.is_live() { fs::canonicalize(outside)? } else { outside };
        let inside = outside.strip_prefix(&self.path).unwrap_or(&outside);
        Ok(inside.to_string_lossy().into_owned())
    }

    fn outside(&self, inside: &[OsString]) -> PathBuf {
        let mut path = self.path.clone();
        path.extend(inside);
        path
    }

    /// Opens a regular file inside the root; a pipe or device would block or never end.
    ///
    /// # Errors
    /// The [`Gap`] of the file.
    pub fn open(&self, path: &str) -> Result<File, Gap> {
        self.check_cancelled(path)?;
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
    /// The [`Gap`] of the file, also if it is larger than 32 MiB.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Gap> {
        self.read_up_to(path, MAX_TEXT)
    }

    /// The bytes of a text file inside the root that is expected to be small.
    ///
    /// # Errors
    /// The [`Gap`] of the file: [`Gap::Limited`] if it has more than `limit` bytes.
    pub(crate) fn read_up_to(&self, path: &str, limit: u64) -> Result<Vec<u8>, Gap> {
        let file = self.open(path)?;
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| Gap::from_io(path, &error))?;
        if bytes.len() as u64 > limit {
            return Err(Gap::limited(path, format!("larger than {}", Size(limit))));
        }
        Ok(bytes)
    }

    /// The names in a directory inside the root, at most 10 000, sorted by their bytes.
    pub fn list(&self, path: &str) -> Reading<String> {
        if let Err(gap) = self.check_cancelled(path) {
            return Reading::nothing(gap);
        }
        let list = || {
            let mut entries = fs::read_dir(self.resolve(path)?)?;
            let names = entries.by_ref().take(MAX_ENTRIES);
            let names = names.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
            let mut names = names.collect::<io::Result<Vec<String>>>()?;
            names.sort_unstable();
            Ok((names, entries.next().is_some()))
        };
        match list() {
            Ok((names, false)) => Reading::whole(names),
            Ok((names, true)) => {
                let gap = Gap::limited(path, format!("only {MAX_ENTRIES} of its files were read"));
                Reading { items: names, gaps: vec![gap] }
            }
            Err(error) => Reading::nothing(Gap::from_io(path, &error)),
        }
    }

    /// Whether `path` is not known to be something other than a regular file.
    pub(crate) fn is_file_or_unknown(&self, path: &str) -> bool {
        self.resolve(path).and_then(fs::metadata).map_or(true, |found| found.is_file())
    }

    /// Whether `path` is a program inside the root.
    pub(crate) fn has_program(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|outside| is_program(&outside))
    }

    /// Whether `path` exists inside the root.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|outside| outside.exists())
    }
}

/// Whether a file can be executed by somebody.
pub(crate) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Formats a number of bytes for people.
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 20 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
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
    fn dots_do_not_leave_the_root() {
        let (dir, root) = image();
        symlink("../../../../../../etc/hostname", dir.path().join("etc/passwd")).unwrap();
        fs::write(dir.path().join("etc/hostname"), "image").unwrap();
        assert_eq!(root.read("etc/passwd").unwrap(), b"image");
        assert_eq!(root.read("/../../etc/hostname").unwrap(), b"image");
    }

    #[test]
    fn circular_links_are_a_gap() {
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
    fn one_file_has_one_name() {
        let (dir, root) = image();
        symlink("/etc", dir.path().join("link")).unwrap();
        for path in ["etc/x", "/etc/x", "etc/../etc/./x", "link/x", "../../link/../etc/x"] {
            assert_eq!(root.canonical(path).unwrap(), "etc/x", "{path}");
        }
        assert_eq!(Root::default().canonical("dev/../dev/null").unwrap(), "dev/null");
    }

    #[test]
    fn a_file_above_the_limit_is_not_read() {
        let (dir, root) = image();
        fs::write(dir.path().join("etc/passwd"), [b'x'; 2049]).unwrap();
        assert_eq!(root.read_up_to("etc/passwd", 2049).unwrap().len(), 2049);
        let gap = root.read_up_to("etc/passwd", 2048).unwrap_err();
        assert_eq!(gap.to_string(), "etc/passwd: larger than 2 KiB");
        File::create(dir.path().join("etc/sparse")).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(root.read("etc/sparse").unwrap_err().to_string(), "etc/sparse: larger than 32 MiB");
    }

    #[test]
    fn a_cancelled_call_reads_nothing_more() {
        let (dir, root) = image();
        fs::write(dir.path().join("etc/passwd"), "x").unwrap();
        let cancellation = Cancellation::new();
        let root = root.cancelled_by(cancellation.clone());
        assert!(root.read("etc/passwd").is_ok());
        cancellation.cancel();
        assert_eq!(root.read("etc/passwd").unwrap_err().to_string(), "etc/passwd: the call was cancelled");
        assert_eq!(root.list("etc").problems(), ["etc: the call was cancelled"]);
    }

    #[test]
    fn a_missing_root_is_reported() {
        let (dir, root) = image();
        assert!(root.check().is_ok());
        let gone = Root::new(dir.path().join("nowhere"));
        assert!(gone.check().unwrap_err().to_string().ends_with("nowhere: missing"));
    }
}
