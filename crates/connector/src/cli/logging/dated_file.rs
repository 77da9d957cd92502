//! [`DatedFile`]: a log file for each day.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Appends to `<folder>/<app_id>_<YYYY-MM-DD>.log`. The date is that of the current day in UTC.
///
/// Several processes can append to the same file. Only the current user can read files and folders created here.
pub(super) struct DatedFile {
    folder: PathBuf,
    app_id: String,
    day: String,
    file: File,
}

impl DatedFile {
    /// Opens today's file. Missing folders and the file are created.
    ///
    /// # Errors
    /// If it can't be opened, is a link or not a regular file, has several names, or belongs to another user.
    pub(super) fn open(folder: PathBuf, app_id: &str) -> io::Result<Self> {
        create(&folder)?;
        let (app_id, day) = (app_id.to_owned(), today());
        let file = append(&path(&folder, &app_id, &day))?;
        Ok(Self { folder, app_id, day, file })
    }

    /// Continues in the file of `today`. If it can't be opened, the log stays in the previous one.
    fn switch_to(&mut self, today: String) {
        if today != self.day {
            if let Ok(file) = append(&path(&self.folder, &self.app_id, &today)) {
                self.file = file;
            }
            self.day = today;
        }
    }
}

impl Write for DatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    /// Writes whole lines. They aren't split between two files.
    fn write_all(&mut self, lines: &[u8]) -> io::Result<()> {
        self.switch_to(today());
        self.file.write_all(lines)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The current day in UTC.
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

fn path(folder: &Path, app_id: &str, day: &str) -> PathBuf {
    // An app ID consists of letters, digits, `-` and `_`.
    folder.join(format!("{app_id}_{day}.log"))
}

fn create(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file to append to. Others may be able to create files in the folder, so the file must not lead elsewhere.
fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    restrict(&mut options);
    let file = options.open(path)?;
    match unsuitable(&file)? {
        Some(reason) => Err(io::Error::other(reason)),
        None => Ok(file),
    }
}

/// Makes opening fail for links, and return at once for pipes.
#[cfg(unix)]
fn restrict(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
}

/// Makes opening return a link itself, which is not a regular file.
#[cfg(windows)]
fn restrict(options: &mut OpenOptions) {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
}

#[cfg(not(any(unix, windows)))]
fn restrict(_: &mut OpenOptions) {}

/// Returns why an open file can't be the log.
fn unsuitable(file: &File) -> io::Result<Option<&'static str>> {
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok(Some("not a regular file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if found.uid() != rustix::process::geteuid().as_raw() {
            return Ok(Some("the file belongs to another user"));
        }
        if found.nlink() != 1 {
            return Ok(Some("the file has several names"));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn lines_of_a_new_day_are_written_to_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = DatedFile::open(folder.path().to_owned(), "acme").unwrap();
        log.write_all(b"one\n").unwrap();
        let first = path(folder.path(), "acme", &today());
        log.switch_to("2099-12-31".to_owned());
        log.file.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(first).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(folder.path().join("acme_2099-12-31.log")).unwrap(), "two\n");
    }

    #[test]
    fn the_old_file_is_kept_if_the_new_one_cannot_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = DatedFile::open(folder.path().to_owned(), "acme").unwrap();
        let first = path(folder.path(), "acme", &today());
        fs::create_dir(path(folder.path(), "acme", "2099-12-31")).unwrap();
        log.switch_to("2099-12-31".to_owned());
        log.file.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(first).unwrap(), "two\n");
    }
}
