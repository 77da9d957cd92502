//! One change at a time, in all processes.
//!
//! A change checks the files, runs a tool and checks again. If another one came in between, two processes could each
//! remove one of the last two administrators.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::tool::Toolbox;
use super::{WriteError, Writer};
use crate::reading::Gap;

/// The lock file of the running machine. Only root can open it, so nobody else can hold up changes.
const LOCK_FILE: &str = "/run/unix-connector.lock";

/// How often a waiting change checks whether it can begin, or is cancelled.
const POLL: Duration = Duration::from_millis(10);

/// The lock that a change holds. Other changes wait until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// Closing the file releases the lock. Tools don't inherit it.
    _file: File,
}

impl Writer {
    /// Waits until no other change to this machine is in progress.
    ///
    /// # Errors
    /// [`WriteError::Cancelled`] as soon as the call is cancelled, and an error if the lock can't be used.
    pub(super) fn lock(&self) -> Result<Lock, WriteError> {
        self.tools.check_cancelled()?;
        match self.other_root()? {
            None => acquire(Path::new(LOCK_FILE), open_file, &self.tools),
            // Locking the directory itself leaves nothing behind in the image.
            Some(root) => acquire(&root, |path| File::open(path), &self.tools),
        }
    }
}

/// Opens a lock file, and creates it if it is missing. It is never deleted: somebody could hold the deleted file.
fn open_file(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    OpenOptions::new().read(true).write(true).create(true).mode(0o600).custom_flags(flags).open(path)
}

fn acquire(
    path: &Path,
    open: impl Fn(&Path) -> io::Result<File>,
    tools: &Toolbox,
) -> Result<Lock, WriteError> {
    let file = open(path).map_err(|error| unusable(path, &error))?;
    loop {
        let result = file.try_lock();
        tools.check_cancelled()?;
        match result {
            Ok(()) => {
                tools.begin();
                return Ok(Lock { _file: file });
            }
            Err(TryLockError::WouldBlock) => thread::sleep(POLL),
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error)),
        }
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
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn tools() -> Toolbox {
        Toolbox::from_environment()
    }

    #[test]
    fn a_lock_is_held_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let lock = acquire(&path, open_file, &tools()).unwrap();
        assert!(matches!(open_file(&path).unwrap().try_lock(), Err(TryLockError::WouldBlock)));
        drop(lock);
        assert!(acquire(&path, open_file, &tools()).is_ok());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn waiting_ends_when_the_call_is_cancelled() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let _lock = acquire(&path, open_file, &tools()).unwrap();
        let cancellation = Cancellation::new();
        let mut waiting = tools();
        waiting.cancellation = cancellation.clone();
        let result = thread::scope(|scope| {
            let waiting = scope.spawn(|| acquire(&path, open_file, &waiting));
            cancellation.cancel();
            waiting.join().unwrap()
        });
        assert!(matches!(result, Err(WriteError::Cancelled)), "{result:?}");
    }

    #[test]
    fn a_lock_that_cannot_be_created_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing/lock");
        let error = acquire(&path, open_file, &tools()).unwrap_err().to_string();
        let expected = format!("not possible on this machine: cannot lock {}: ", path.display());
        assert!(error.starts_with(&expected), "{error}");
    }

    #[test]
    fn a_link_in_place_of_the_lock_file_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        symlink("target", dir.path().join("lock")).unwrap();
        assert!(acquire(&dir.path().join("lock"), open_file, &tools()).is_err());
        assert!(!dir.path().join("target").exists());
    }
}
