//! One change at a time, in all processes.
//!
//! A change checks the files, runs a tool and checks again. If another one came in between, two processes could each
//! remove one of the last two administrators.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::progress::{self, InProgress};
use super::tool::Toolbox;
use super::{WriteError, Writer};
use crate::reading::Gap;

/// The lock file of the running machine. Only root can open it, so nobody else can hold up changes.
const LOCK_FILE: &str = "/run/unix-connector.lock";

/// The folder with the lock files of images, which are named after the root directory's device and inode. Locking
/// something in the image would let everybody who can open it hold up changes.
const LOCK_FOLDER: &str = "/run/unix-connector";

/// How long a change waits for others.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a waiting change checks whether it can begin, or is cancelled.
const POLL: Duration = Duration::from_millis(10);

/// The lock that a change holds. Other changes wait until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// Closing the file releases the lock. Tools don't inherit it.
    _file: File,
    _in_progress: InProgress<'static>,
}

impl Writer {
    /// Waits until no other change to this machine is in progress.
    ///
    /// # Errors
    /// [`WriteError::Cancelled`] as soon as the call is cancelled, [`WriteError::Busy`] after a minute, and an error if
    /// the lock can't be used.
    pub(super) fn lock(&self) -> Result<Lock, WriteError> {
        self.tools.check_cancelled()?;
        match self.other_root()? {
            None => acquire(Path::new(LOCK_FILE), open_file, &self.tools, PATIENCE),
            Some(root) if rustix::process::geteuid().is_root() => {
                let path = lock_file_of(&root, Path::new(LOCK_FOLDER))?;
                acquire(&path, open_file, &self.tools, PATIENCE)
            }
            // Other users have no such folder. Locking the directory leaves nothing behind in the image.
            Some(root) => acquire(&root, |path| File::open(path), &self.tools, PATIENCE),
        }
    }
}

/// The path of an image's lock file. Creates the folder if it is missing.
fn lock_file_of(root: &Path, folder: &Path) -> Result<PathBuf, WriteError> {
    let path = || {
        create_private(folder)?;
        let root = fs::metadata(root)?;
        Ok(folder.join(format!("{}-{}.lock", root.dev(), root.ino())))
    };
    path().map_err(|error| unusable(folder, &error))
}

/// Creates a folder that only this user can open, or checks that an existing one is.
fn create_private(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    let is_own = found.uid() == rustix::process::geteuid().as_raw();
    if found.is_dir() && is_own && found.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::other("not a folder that only this user can open"))
}

/// Opens a lock file, and creates it if it is missing. The connector never deletes it.
fn open_file(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    OpenOptions::new().read(true).write(true).create(true).mode(0o600).custom_flags(flags).open(path)
}

fn acquire(
    path: &Path,
    open: impl Fn(&Path) -> io::Result<File>,
    tools: &Toolbox,
    patience: Duration,
) -> Result<Lock, WriteError> {
    let start = Instant::now();
    loop {
        let file = open(path).map_err(|error| unusable(path, &error))?;
        let result = file.try_lock();
        tools.check_cancelled()?;
        match result {
            Ok(()) if is_at(&file, path) => {
                let in_progress = progress::begin().ok_or(WriteError::Cancelled)?;
                tools.begin();
                return Ok(Lock { _file: file, _in_progress: in_progress });
            }
            // If the file was deleted or replaced, another process could lock the new one.
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error)),
        }
        if start.elapsed() >= patience {
            let message = format!("another change is still in progress after {} seconds", patience.as_secs());
            return Err(WriteError::Busy { message });
        }
        thread::sleep(POLL);
    }
}

/// Whether `path` is this file.
fn is_at(file: &File, path: &Path) -> bool {
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(path)) => id(file) == id(path),
        _ => false,
    }
}

fn unusable(path: &Path, error: &io::Error) -> WriteError {
    let path = path.display();
    match Gap::from_io("", error) {
        Gap::Denied { .. } => WriteError::PermissionDenied { reason: format!("cannot lock {path}") },
        _ => WriteError::Unsupported { reason: format!("cannot lock {path}: {error}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector::Cancellation;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn tools() -> Toolbox {
        Toolbox::from_environment()
    }

    #[test]
    fn a_lock_is_held_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let lock = acquire(&path, open_file, &tools(), PATIENCE).unwrap();
        assert!(matches!(open_file(&path).unwrap().try_lock(), Err(TryLockError::WouldBlock)));
        drop(lock);
        assert!(acquire(&path, open_file, &tools(), PATIENCE).is_ok());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn waiting_ends_when_the_call_is_cancelled() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let _lock = acquire(&path, open_file, &tools(), PATIENCE).unwrap();
        let cancellation = Cancellation::new();
        let mut waiting = tools();
        waiting.cancellation = cancellation.clone();
        let result = thread::scope(|scope| {
            let waiting = scope.spawn(|| acquire(&path, open_file, &waiting, PATIENCE));
            cancellation.cancel();
            waiting.join().unwrap()
        });
        assert!(matches!(result, Err(WriteError::Cancelled)), "{result:?}");
    }

    #[test]
    fn waiting_ends_after_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let _lock = acquire(&path, open_file, &tools(), PATIENCE).unwrap();
        let result = acquire(&path, open_file, &tools(), Duration::ZERO);
        assert!(matches!(result, Err(WriteError::Busy { .. })), "{result:?}");
    }

    #[test]
    fn a_deleted_lock_file_is_not_locked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let deleted = open_file(&path).unwrap();
        assert!(is_at(&deleted, &path));
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&deleted, &path));
        let new = open_file(&path).unwrap();
        assert!(is_at(&new, &path) && !is_at(&deleted, &path));
    }

    #[test]
    fn an_image_has_one_lock_file_in_a_private_folder() {
        let dir = tempfile::tempdir().unwrap();
        let (image, folder) = (dir.path().join("image"), dir.path().join("run"));
        fs::create_dir(&image).unwrap();
        symlink(&image, dir.path().join("link")).unwrap();
        let path = lock_file_of(&image, &folder).unwrap();
        assert_eq!(path, lock_file_of(&dir.path().join("link"), &folder).unwrap());
        assert_ne!(path, lock_file_of(dir.path(), &folder).unwrap());
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);

        symlink(&folder, dir.path().join("linked")).unwrap();
        assert!(lock_file_of(&image, &dir.path().join("linked")).is_err(), "a link");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711)).unwrap();
        assert!(lock_file_of(&image, &folder).is_err(), "others can use it");
    }

    #[test]
    fn a_lock_that_cannot_be_created_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing/lock");
        let error = acquire(&path, open_file, &tools(), PATIENCE).unwrap_err().to_string();
        let expected = format!("not possible on this machine: cannot lock {}: ", path.display());
        assert!(error.starts_with(&expected), "{error}");
    }

    #[test]
    fn a_link_in_place_of_the_lock_file_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        symlink("target", dir.path().join("lock")).unwrap();
        assert!(acquire(&dir.path().join("lock"), open_file, &tools(), PATIENCE).is_err());
        assert!(!dir.path().join("target").exists());
    }
}
