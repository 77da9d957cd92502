//! `wtmp`, utmp(5): a record for every login, logout and boot.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::{Logins, WTMP, Width, array};
use crate::reading::Gap;
use crate::root::{Root, Size};

const BUFFER: usize = 1 << 18;

/// How much of the file is read, in bytes: about 350 000 records.
const MAX_BYTES: u64 = 128 << 20;

/// `USER_PROCESS`, the type of a login's record.
const LOGIN: i16 = 7;

/// The types in utmp(5).
const TYPES: std::ops::RangeInclusive<i16> = 0..=9;

const USER: std::ops::Range<usize> = 44..76;

const fn size(width: Width) -> usize {
    match width {
        Width::Bits32 => 384,
        Width::Bits64 => 400,
    }
}

const fn time_offset(width: Width) -> usize {
    match width {
        Width::Bits32 => 340,
        Width::Bits64 => 344,
    }
}

/// The last login by user name, of the users in `logins`.
pub(super) fn read<'u>(root: &Root, logins: &Logins<'u>) -> (Logins<'u>, Vec<Gap>) {
    let mut logins = logins.clone();
    let failure = read_end(root, &mut logins).err();
    (logins, failure.into_iter().collect())
}

/// Reads the records at the end of the file. They are the latest, and the file can be sparse and huge.
fn read_end(root: &Root, logins: &mut Logins<'_>) -> Result<(), Gap> {
    let unreadable = |error: io::Error| Gap::from_io(WTMP, &error);
    let mut file = root.open(WTMP)?;
    let length = file.metadata().map_err(unreadable)?.len();
    if length == 0 {
        return Err(Gap::Empty { path: WTMP.to_owned() });
    }
    let width = Width::of(length, size);
    let skipped = length.saturating_sub(MAX_BYTES).div_ceil(size(width) as u64);
    file.seek(SeekFrom::Start(skipped * size(width) as u64)).map_err(unreadable)?;
    // Another program may append more.
    let file = BufReader::with_capacity(BUFFER, file.take(MAX_BYTES));
    scan(file, width, skipped + 1, logins, || root.check_cancelled(WTMP))?;
    if skipped > 0 {
        return Err(Gap::limited(WTMP, format!("only its last {} were read", Size(MAX_BYTES))));
    }
    Ok(())
}

/// Reads records up to the end; the first one has the number `first`.
fn scan(
    mut file: impl Read,
    width: Width,
    first: u64,
    logins: &mut Logins<'_>,
    check: impl Fn() -> Result<(), Gap>,
) -> Result<(), Gap> {
    let mut record = vec![0; size(width)];
    for number in first.. {
        check()?;
        match fill(&mut file, &mut record).map_err(|error| Gap::from_io(WTMP, &error))? {
            0 => break,
            read if read < record.len() => {
                logins.malformed.add("record", number);
                break;
            }
            _ => {}
        }
        match login(&record, width) {
            Entry::Login(name, at) => logins.add(number, name, at),
            Entry::Other => {}
            Entry::Malformed => logins.malformed.add("record", number),
        }
    }
    Ok(())
}

enum Entry<'a> {
    Login(Option<&'a str>, Option<i64>),
    Other,
    Malformed,
}

fn login(record: &[u8], width: Width) -> Entry<'_> {
    match array(record, 0).map(i16::from_ne_bytes) {
        Some(LOGIN) => {}
        Some(other) if TYPES.contains(&other) => return Entry::Other,
        _ => return Entry::Malformed,
    }
    let name = record.get(USER).unwrap_or_default();
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    Entry::Login(std::str::from_utf8(name).ok(), width.seconds(record, time_offset(width)))
}

/// Reads until `buffer` is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::MalformedCounts;
    use std::collections::HashMap;
    use std::io::Write as _;

    fn record(kind: i16, user: &[u8], at: u32, width: Width) -> Vec<u8> {
        let mut record = vec![0; size(width)];
        record[..2].copy_from_slice(&kind.to_ne_bytes());
        record[44..44 + user.len()].copy_from_slice(user);
        let time = &mut record[time_offset(width)..];
        match width {
            Width::Bits32 => time[..4].copy_from_slice(&at.to_ne_bytes()),
            Width::Bits64 => time[..8].copy_from_slice(&u64::from(at).to_ne_bytes()),
        }
        record
    }

    /// The logins of these users in a file, and the gaps.
    fn scanned<'u>(file: &[u8], width: Width, users: &[&'u str]) -> (Vec<(&'u str, i64)>, Vec<String>) {
        let last = users.iter().map(|name| (*name, None)).collect();
        let mut logins = Logins { last, malformed: MalformedCounts::default() };
        scan(file, width, 1, &mut logins, || Ok(())).unwrap();
        let found = users.iter().filter_map(|name| Some((*name, logins.last[name]?))).collect();
        (found, logins.malformed.gaps(WTMP).iter().map(ToString::to_string).collect())
    }

    fn machine(wtmp: &[u8]) -> (tempfile::TempDir, std::fs::File, Root) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("var/log")).unwrap();
        let mut file = std::fs::File::create(dir.path().join(WTMP)).unwrap();
        file.write_all(wtmp).unwrap();
        let root = Root::new(dir.path());
        (dir, file, root)
    }

    #[test]
    fn the_latest_login_counts_in_any_order() {
        for width in [Width::Bits32, Width::Bits64] {
            let file = [
                record(7, b"alice", 200, width),
                record(8, b"alice", 900, width),
                record(2, b"reboot", 950, width),
                record(7, b"alice", 100, width),
                record(7, b"bob", 5, width),
            ]
            .concat();
            let (last, gaps) = scanned(&file, width, &["alice", "bob", "carol"]);
            assert_eq!(last, [("alice", 200), ("bob", 5)]);
            assert!(gaps.is_empty());
        }
    }

    #[test]
    fn a_name_can_fill_its_field() {
        let name = "n".repeat(32);
        let (last, _) = scanned(&record(7, name.as_bytes(), 9, Width::Bits32), Width::Bits32, &[&name]);
        assert_eq!(last, [(name.as_str(), 9)]);
    }

    #[test]
    fn malformed_records_and_a_truncated_end_are_counted() {
        let mut file = [
            record(77, b"alice", 1, Width::Bits32),
            record(7, b"\xff", 1, Width::Bits32),
            record(7, b"", 1, Width::Bits32),
            record(7, b"bob", 0, Width::Bits32),
            record(7, b"bob", 3, Width::Bits32),
        ]
        .concat();
        file.extend([7; 100]);
        let (last, gaps) = scanned(&file, Width::Bits32, &["alice", "bob"]);
        assert_eq!(last, [("bob", 3)]);
        assert_eq!(gaps[0], "var/log/wtmp: skipped 5 malformed records, the first is record 1");
    }

    #[test]
    fn only_the_end_of_a_huge_file_is_read() {
        let (_dir, mut file, root) = machine(&record(7, b"alice", 200, Width::Bits32));
        // A terabyte of nothing, then a login.
        let records = (1 << 40) / size(Width::Bits32) as u64;
        file.seek(SeekFrom::Start(records * size(Width::Bits32) as u64)).unwrap();
        file.write_all(&record(7, b"bob", 300, Width::Bits32)).unwrap();
        let last = HashMap::from([("alice", None), ("bob", None)]);
        let (found, gaps) = read(&root, &Logins { last, malformed: MalformedCounts::default() });
        assert_eq!(found.last, HashMap::from([("alice", None), ("bob", Some(300))]));
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!(gaps[0].to_string(), "var/log/wtmp: only its last 128 MiB were read");
    }

    #[test]
    fn a_cancelled_scan_ends_at_the_next_record() {
        let (_dir, _file, root) = machine(&[]);
        let cancellation = connector::Cancellation::new();
        let root = root.cancelled_by(cancellation.clone());
        let mut logins =
            Logins { last: HashMap::from([("bob", None)]), malformed: MalformedCounts::default() };
        // Endless: without the check the scan would not end.
        let records = io::repeat(0);
        cancellation.cancel();
        let gap = scan(records, Width::Bits32, 1, &mut logins, || root.check_cancelled(WTMP)).unwrap_err();
        assert_eq!(gap.to_string(), "var/log/wtmp: the call was cancelled");
    }
}
