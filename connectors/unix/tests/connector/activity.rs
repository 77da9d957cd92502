//! Last logins, from the old files and the SQLite databases that replace them.

use std::fs;
use std::os::unix::fs::symlink;

use rusqlite::Connection;

use crate::image::{Image, lastlog, wtmp};

const WTMP: &str = "var/log/wtmp";
const LASTLOG: &str = "var/log/lastlog";
const WTMPDB: &str = "var/lib/wtmpdb/wtmp.db";
const LASTLOG2: &str = "var/lib/lastlog/lastlog2.db";

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nann:x:1:1::/:/bin/sh\nben:x:2:1::/:/bin/sh\n";

/// The table as `wtmpdb` creates it.
const WTMPDB_TABLE: &str = "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, \
    Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;";

/// The table as `lastlog2` creates it.
const LASTLOG2_TABLE: &str = "CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, \
    RemoteHost TEXT, Service TEXT);";

/// A login of `user`, in seconds.
fn login(user: &str, at: i64) -> String {
    format!("INSERT INTO wtmp(Type, User, Login) VALUES (3, '{user}', {at}000000);")
}

fn database(image: &Image, path: &str, sql: &str) -> Connection {
    fs::create_dir_all(image.path(path).parent().unwrap()).unwrap();
    let connection = Connection::open(image.path(path)).unwrap();
    connection.execute_batch(sql).unwrap();
    connection
}

/// A machine that has both databases, and none of the old files.
fn machine() -> Image {
    let image = Image::of(&[("etc/passwd", PASSWD)]);
    let boot = "INSERT INTO wtmp(Type, User, Login) VALUES (1, 'ann', 9000000000);";
    database(&image, WTMPDB, &format!("{WTMPDB_TABLE}{}{}{boot}", login("ann", 700), login("ann", 500)));
    let times =
        "INSERT INTO Lastlog2(Name, Time) VALUES ('ben', 900), ('ann', 600), ('ghost', 1), ('root', 0);";
    database(&image, LASTLOG2, &format!("{LASTLOG2_TABLE}{times}"));
    image
}

/// The last logins as `account time source`, and the gaps.
fn read(image: &Image) -> (Vec<String>, Vec<String>) {
    let reading = image.machine().last_logins();
    let line = |login: &unix_connector::activity::LastLogin| {
        format!("{} {} {}", login.account, login.at, login.source)
    };
    (reading.items.iter().map(line).collect(), reading.problems())
}

/// The files next to a database, to check that reading it leaves nothing behind.
fn files_next_to(image: &Image, path: &str) -> Vec<String> {
    let entries = fs::read_dir(image.path(path).parent().unwrap()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn databases_are_enough() {
    let expected = [format!("ann 700 {WTMPDB}"), format!("ben 900 {LASTLOG2}")];
    assert_eq!(read(&machine()), (expected.to_vec(), vec![]));
}

#[test]
fn the_latest_login_of_all_sources_counts() {
    let image = machine();
    image.set_bytes(WTMP, &[wtmp("ann", 10), wtmp("ben", 20)].concat());
    image.set_bytes(LASTLOG, &[lastlog(950), lastlog(30), lastlog(40)].concat());
    let expected =
        [format!("root 950 {LASTLOG}"), format!("ann 700 {WTMPDB}"), format!("ben 900 {LASTLOG2}")];
    assert_eq!(read(&image), (expected.to_vec(), vec![]));
    image.set_bytes(WTMP, &wtmp("ben", 1000));
    assert_eq!(read(&image).0[2], format!("ben 1000 {WTMP}"));
}

#[test]
fn a_machine_without_login_records_has_gaps() {
    let image = Image::of(&[("etc/passwd", PASSWD)]);
    let problems = [WTMP, WTMPDB, LASTLOG, LASTLOG2].map(|path| format!("{path}: missing"));
    assert_eq!(read(&image), (vec![], problems.to_vec()));
}

#[test]
fn an_empty_old_file_next_to_its_successor_is_not_a_gap() {
    let image = machine();
    image.set(WTMP, "");
    image.set(LASTLOG, "");
    assert_eq!(read(&image).1, [""; 0]);
}

#[test]
fn other_files_in_place_of_a_database_are_gaps() {
    let image = machine();
    for (text, problem) in [
        ("SQLite", "not an SQLite database"),
        (&"x".repeat(8192), "not an SQLite database"),
        (&format!("SQLite format 3\0{}", "x".repeat(8192)), "not an SQLite database, or damaged"),
    ] {
        image.set(WTMPDB, text);
        let (found, problems) = read(&image);
        assert_eq!(problems[0], format!("{WTMPDB}: {problem}"), "{text:.20}");
        assert_eq!(found, [format!("ann 600 {LASTLOG2}"), format!("ben 900 {LASTLOG2}")]);
    }
    image.remove(WTMPDB);
    database(&image, WTMPDB, "CREATE TABLE other(a);");
    assert_eq!(read(&image).1, [format!("{WTMPDB}: has no table wtmp")]);
    image.remove(WTMPDB);
    database(&image, WTMPDB, "CREATE TABLE wtmp(a);");
    let problems = read(&image).1;
    assert!(problems[0].starts_with(&format!("{WTMPDB}: no such column: Type")), "{problems:?}");
}

#[test]
fn a_damaged_database_is_a_gap() {
    let image = machine();
    let mut bytes = fs::read(image.path(WTMPDB)).unwrap();
    let page = bytes.len() - 4096;
    bytes[page..page + 64].fill(0xff);
    image.set_bytes(WTMPDB, &bytes);
    assert_eq!(read(&image).1, [format!("{WTMPDB}: not an SQLite database, or damaged")]);
}

#[test]
fn malformed_records_are_counted() {
    let image = machine();
    let connection = Connection::open(image.path(WTMPDB)).unwrap();
    connection
        .execute_batch(
            "INSERT INTO wtmp(Type, User, Login) VALUES (3, 'ben', -1), (3, 'ben', 9223372036854775807), \
             (3, 'ben', NULL), (3, CAST(x'ff' AS TEXT), 1000000);",
        )
        .unwrap();
    let (found, problems) = read(&image);
    assert_eq!(problems, [format!("{WTMPDB}: skipped 4 malformed records, the first is record 7")]);
    assert_eq!(found[1], format!("ben 900 {LASTLOG2}"));
}

#[test]
fn a_locked_database_is_a_gap() {
    let image = machine();
    let other = Connection::open(image.path(WTMPDB)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (found, problems) = read(&image);
    assert_eq!(problems, [format!("{WTMPDB}: locked by another program")]);
    assert_eq!(found.len(), 2);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(read(&image).1, [""; 0]);
}

#[test]
fn uncommitted_changes_are_ignored() {
    let image = machine();
    let other = Connection::open(image.path(WTMPDB)).unwrap();
    other.execute_batch(&format!("BEGIN IMMEDIATE; {}", login("ann", 800))).unwrap();
    assert_eq!(read(&image), (vec![format!("ann 700 {WTMPDB}"), format!("ben 900 {LASTLOG2}")], vec![]));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(read(&image).0[0], format!("ann 800 {WTMPDB}"));
}

#[test]
fn a_write_ahead_log_is_read_while_in_use() {
    let image = machine();
    let other = database(&image, WTMPDB, "PRAGMA journal_mode = WAL;");
    other.execute_batch(&login("ann", 800)).unwrap();
    let files = files_next_to(&image, WTMPDB);
    assert_eq!(files, ["wtmp.db", "wtmp.db-shm", "wtmp.db-wal"]);
    let log = fs::read(image.path("var/lib/wtmpdb/wtmp.db-wal")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(read(&image), (vec![format!("ann 800 {WTMPDB}"), format!("ben 900 {LASTLOG2}")], vec![]));
    assert_eq!(files_next_to(&image, WTMPDB), files);
    assert_eq!(fs::read(image.path("var/lib/wtmpdb/wtmp.db-wal")).unwrap(), log);
}

#[test]
fn a_database_with_a_log_mode_is_not_changed() {
    let image = machine();
    let other = database(&image, WTMPDB, &format!("PRAGMA journal_mode = WAL; {}", login("ann", 800)));
    drop(other);
    assert_eq!(files_next_to(&image, WTMPDB), ["wtmp.db"]);
    let before = fs::read(image.path(WTMPDB)).unwrap();
    assert_eq!(read(&image), (vec![format!("ann 800 {WTMPDB}"), format!("ben 900 {LASTLOG2}")], vec![]));
    assert_eq!(files_next_to(&image, WTMPDB), ["wtmp.db"]);
    assert_eq!(fs::read(image.path(WTMPDB)).unwrap(), before);
}

#[test]
fn a_copied_write_ahead_log_is_read() {
    let image = machine();
    let other = database(&image, WTMPDB, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
    other.execute_batch(&login("ann", 800)).unwrap();
    let copy = Image::of(&[("etc/passwd", PASSWD)]);
    for file in [LASTLOG2, WTMPDB, "var/lib/wtmpdb/wtmp.db-wal", "var/lib/wtmpdb/wtmp.db-shm"] {
        copy.set_bytes(file, &fs::read(image.path(file)).unwrap());
    }
    let files = files_next_to(&copy, WTMPDB);
    for index in [fs::read(copy.path("var/lib/wtmpdb/wtmp.db-shm")).unwrap(), vec![], vec![0xff; 40_000]] {
        copy.set_bytes("var/lib/wtmpdb/wtmp.db-shm", &index);
        assert_eq!(read(&copy), (vec![format!("ann 800 {WTMPDB}"), format!("ben 900 {LASTLOG2}")], vec![]));
        assert_eq!(files_next_to(&copy, WTMPDB), files);
        assert_eq!(fs::read(copy.path("var/lib/wtmpdb/wtmp.db-shm")).unwrap(), index);
    }

    // Without its index, the log could only be read by changing the image.
    copy.remove("var/lib/wtmpdb/wtmp.db-shm");
    let (found, problems) = read(&copy);
    assert_eq!(found[0], format!("ann 700 {WTMPDB}"));
    assert_eq!(problems, [format!("{WTMPDB}: its last changes, in {WTMPDB}-wal, were not read")]);
    assert_eq!(files_next_to(&copy, WTMPDB), ["wtmp.db", "wtmp.db-wal"]);
}

#[test]
fn an_interrupted_write_is_a_gap_and_is_not_undone() {
    let image = machine();
    let journal = [&b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"[..], &[0; 1016]].concat();
    image.set_bytes("var/lib/wtmpdb/wtmp.db-journal", &journal);
    assert_eq!(read(&image).1, [format!("{WTMPDB}: a write to it was interrupted")]);
    assert_eq!(fs::read(image.path("var/lib/wtmpdb/wtmp.db-journal")).unwrap(), journal);
}

#[test]
fn only_regular_files_are_opened_next_to_a_database() {
    for suffix in ["-journal", "-wal", "-shm"] {
        let image = machine();
        let outside = tempfile::NamedTempFile::new().unwrap();
        let companion = image.path(&format!("{WTMPDB}{suffix}"));
        symlink(outside.path(), &companion).unwrap();
        assert_eq!(read(&image).1, [format!("{WTMPDB}{suffix}: not a regular file")]);
        fs::remove_file(&companion).unwrap();
        // Opening a pipe would wait for its other end.
        assert!(std::process::Command::new("mkfifo").arg(&companion).status().unwrap().success());
        assert_eq!(read(&image).1, [format!("{WTMPDB}{suffix}: not a regular file")]);
    }
}

#[test]
fn a_link_to_a_database_stays_inside_the_root() {
    let image = machine();
    fs::rename(image.path(WTMPDB), image.path("var/lib/moved #1?.db")).unwrap();
    symlink("/var/lib/moved #1?.db", image.path(WTMPDB)).unwrap();
    assert_eq!(read(&image), (vec![format!("ann 700 {WTMPDB}"), format!("ben 900 {LASTLOG2}")], vec![]));
}

#[test]
fn a_huge_database_is_read_in_part() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 3, 'ann', i FROM n";
    let image = machine();
    image.remove(WTMPDB);
    database(&image, WTMPDB, &format!("CREATE VIEW wtmp(Type, User, Login) AS {endless};"));
    assert_eq!(read(&image).1, [format!("{WTMPDB}: has no table wtmp")]);
    // Each row costs much more to compute than to read.
    image.remove(WTMPDB);
    let slow = (0..11).fold("Login".to_owned(), |sum, _| format!("({sum} + {sum})"));
    let kind = format!("Type INTEGER GENERATED ALWAYS AS (3 + 0 * {slow}) VIRTUAL");
    let table = format!("CREATE TABLE wtmp(User TEXT, Login INTEGER, {kind});");
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
        INSERT INTO wtmp(User, Login) SELECT 'ann', i * 1000000 FROM n;";
    database(&image, WTMPDB, &format!("{table}{rows}"));
    let (found, problems) = read(&image);
    assert_eq!(found[0], format!("ann 50000 {WTMPDB}"), "the newest rows are read first");
    assert_eq!(problems, [format!("{WTMPDB}: takes too long to read, its oldest records were not read")]);
}

#[test]
fn a_cancelled_call_reads_no_database() {
    let image = machine();
    let cancellation = connector::Cancellation::new();
    cancellation.cancel();
    let root = image.root().cancelled_by(cancellation);
    let problems = unix_connector::machine::Machine::new(root).last_logins().problems();
    assert!(problems.contains(&format!("{LASTLOG2}: the call was cancelled")), "{problems:?}");
}
