//! Reads SQLite databases without changing anything.
//!
//! Another program may write at the same time. A database with a rollback journal is read under SQLite's own lock; one
//! with a write-ahead log, through the index that its writers share. Without writers there is no index, and SQLite would
//! create one. Then the file is read as it is, and again if it changes in the meantime.
//!
//! SQLite opens files by name. Therefore the name is first resolved inside the root, and the files next to the database
//! must be regular ones: a link could lead out of the root, and opening a pipe would wait for its other end.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use crate::reading::Gap;
use crate::root::Root;

/// Closing a file drops every lock that the process holds on it, SQLite's locks too, and [`Snapshot::of`] opens and
/// closes the file.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// How long to wait for a writer. One login takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a file that changes while it is read is read again.
const TRIES: usize = 5;

/// The most bytes of a value or a statement. The definition of the table is one, too.
const MAX_VALUE: i32 = 64 << 10;

/// After this many steps, SQLite's virtual machine reports progress.
const STEPS_A_REPORT: i32 = 10_000;

/// How many reports a database may take. A row takes about ten steps, so this is five million rows.
const MAX_REPORTS: u32 = 5_000;

/// The header's first bytes, then the version needed for reading, which is 2 for a write-ahead log.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const WRITE_VERSION: usize = 18;
const READ_VERSION: usize = 19;
const WRITE_AHEAD_LOG: u8 = 2;

/// A table of a database below the root.
pub(super) struct Table {
    /// The path of the database.
    pub(super) path: &'static str,
    /// The name of the table.
    pub(super) name: &'static str,
    /// Selects its rows.
    pub(super) sql: &'static str,
}

/// Adds each row of `table` to the value of `empty`. The gaps are what was not added.
pub(super) fn read<T>(
    root: &Root,
    table: &Table,
    empty: impl Fn() -> T,
    add: impl Fn(&mut T, &Row<'_>),
) -> (T, Vec<Gap>) {
    let path = table.path;
    let _lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        let mut found = empty();
        let snapshot = match Snapshot::of(root, path) {
            Ok(snapshot) => snapshot,
            Err(gap) => return (found, vec![gap]),
        };
        let failure = visit_rows(root, &snapshot, table, |row| add(&mut found, row)).err();
        if snapshot.access == Access::Unlocked && !snapshot.is_unchanged() {
            continue;
        }
        let mut gaps = Vec::new();
        if snapshot.has_unread_log() {
            let reason = format!("its last changes, in {path}-wal, were not read");
            gaps.push(Gap::Unreadable { path: path.to_owned(), reason });
        }
        gaps.extend(failure.map(|failure| failure.into_gap(root, table)));
        return (found, gaps);
    }
    let reason = "it changed each time it was read".to_owned();
    (empty(), vec![Gap::Unreadable { path: path.to_owned(), reason }])
}

/// The number of a row of `SELECT rowid, …`.
pub(super) fn number(row: &Row<'_>) -> u64 {
    row.get(0).ok().and_then(|number: i64| u64::try_from(number).ok()).unwrap_or_default()
}

/// Why the rows after some row were not visited.
enum Failure {
    NoTable,
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Failure {
    fn into_gap(self, root: &Root, table: &Table) -> Gap {
        let path = table.path;
        let unreadable = |reason: &str| Gap::Unreadable { path: path.to_owned(), reason: reason.to_owned() };
        let error = match self {
            Self::NoTable => return unreadable(&format!("has no table {}", table.name)),
            Self::Sqlite(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => root.check_cancelled(path).err().unwrap_or_else(|| {
                Gap::limited(path, "takes too long to read, its oldest records were not read")
            }),
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => unreadable("locked by another program"),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                unreadable("not an SQLite database, or damaged")
            }
            // Only a connection that can write could undo it.
            Some(ErrorCode::ReadOnly) => unreadable("a write to it was interrupted"),
            _ => unreadable(&error.to_string()),
        }
    }
}

fn visit_rows(
    root: &Root,
    snapshot: &Snapshot,
    table: &Table,
    mut visit: impl FnMut(&Row<'_>),
) -> Result<(), Failure> {
    let connection = snapshot.connect(root)?;
    // A view or a virtual table could run anything.
    let is_table = "SELECT count(*) FROM sqlite_schema WHERE name = ?1 AND type = 'table' AND rootpage > 0";
    if connection.query_row(is_table, [table.name], |row| row.get::<_, i64>(0))? == 0 {
        return Err(Failure::NoTable);
    }
    let mut statement = connection.prepare(table.sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(row);
    }
    Ok(())
}

/// How a database can be read without changing anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Under a lock that keeps writers out.
    Locked,
    /// With the index of the write-ahead log, which isn't changed.
    SharedIndex,
    /// Without locks.
    Unlocked,
}

/// The files of a database at one moment.
struct Snapshot {
    path: PathBuf,
    access: Access,
    state: State,
}

/// What changes when the files of a database are written.
#[derive(PartialEq, Eq)]
struct State {
    inode: u64,
    length: u64,
    changed: (i64, i64),
    log: Option<u64>,
}

impl State {
    fn of(database: &Metadata, log: Option<u64>) -> Self {
        let changed = (database.mtime(), database.mtime_nsec());
        Self { inode: database.ino(), length: database.len(), changed, log }
    }
}

impl Snapshot {
    fn of(root: &Root, path: &str) -> Result<Self, Gap> {
        let unreadable = |error: io::Error| Gap::from_io(path, &error);
        let file = root.open(path)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.len() == 0 {
            return Err(Gap::Empty { path: path.to_owned() });
        }
        let mut header = Vec::new();
        file.take(READ_VERSION as u64 + 1).read_to_end(&mut header).map_err(unreadable)?;
        if !header.starts_with(MAGIC) {
            let reason = "not an SQLite database".to_owned();
            return Err(Gap::Unreadable { path: path.to_owned(), reason });
        }
        let outside = root.resolve(path).and_then(fs::canonicalize).map_err(unreadable)?;
        let companion = |suffix| length_of(&outside, suffix, path);
        companion("-journal")?;
        let (log, index) = (companion("-wal")?, companion("-shm")?);
        let has_log_mode = header[WRITE_VERSION..].contains(&WRITE_AHEAD_LOG);
        let access = match (log, index) {
            (Some(_), Some(_)) => Access::SharedIndex,
            (None, _) if !has_log_mode => Access::Locked,
            _ => Access::Unlocked,
        };
        Ok(Self { path: outside, access, state: State::of(&metadata, log) })
    }

    fn is_unchanged(&self) -> bool {
        let log = length_of(&self.path, "-wal", "");
        match (fs::metadata(&self.path), log) {
            (Ok(now), Ok(log)) => State::of(&now, log) == self.state,
            _ => false,
        }
    }

    fn has_unread_log(&self) -> bool {
        self.access == Access::Unlocked && self.state.log.is_some_and(|length| length > 0)
    }

    fn connect(&self, root: &Root) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let mut connection = Connection::open_with_flags(self.uri(), flags)?;
        connection.busy_timeout(PATIENCE)?;
        // The file may be hostile: it must neither run code nor keep the thread busy.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
        let cancellation = root.cancellation().clone();
        let mut reports = 0;
        connection.progress_handler(
            STEPS_A_REPORT,
            Some(move || {
                reports += 1;
                reports > MAX_REPORTS || cancellation.is_cancelled()
            }),
        )?;
        Ok(connection)
    }

    fn uri(&self) -> PathBuf {
        let options: &[u8] = match self.access {
            Access::Locked => b"",
            Access::SharedIndex => b"?readonly_shm=1",
            Access::Unlocked => b"?immutable=1",
        };
        let mut uri = b"file://".to_vec();
        for &byte in self.path.as_os_str().as_bytes() {
            if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
                uri.push(byte);
            } else {
                uri.extend(format!("%{byte:02x}").bytes());
            }
        }
        uri.extend(options);
        PathBuf::from(OsString::from_vec(uri))
    }
}

/// The length of the regular file next to a database whose name has this suffix; `None` if it is missing.
fn length_of(database: &Path, suffix: &str, path: &str) -> Result<Option<u64>, Gap> {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    let path = format!("{path}{suffix}");
    match fs::symlink_metadata(name) {
        Ok(found) if found.is_file() => Ok(Some(found.len())),
        Ok(_) => Err(Gap::Unreadable { path, reason: "not a regular file".to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Gap::from_io(&path, &error)),
    }
}
