//! `wtmp`, utmp(5): one record for every login, logout and boot.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use super::{WTMP, Width, array};
use crate::reading::{Gap, Oddities};
use crate::root::Root;

const BUFFER: usize = 1 << 18;

/// `USER_PROCESS`, the type of a record that a login leaves.
const LOGIN: i16 = 7;

/// The types that utmp(5) knows.
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

/// The last login by user name.
pub(super) fn read(root: &Root) -> (HashMap<String, i64>, Vec<Gap>) {
    let open = || {
        let file = root.open(WTMP)?;
        let length = file.metadata().map_err(|error| Gap::from_io(WTMP, &error))?.len();
        Ok((file, length))
    };
    match open() {
        Ok((_, 0)) => (HashMap::new(), vec![Gap::Empty { path: WTMP.to_owned() }]),
        Ok((file, length)) => scan(BufReader::with_capacity(BUFFER, file), Width::of(length, size)),
        Err(gap) => (HashMap::new(), vec![gap]),
    }
}

fn scan(mut file: impl Read, width: Width) -> (HashMap<String, i64>, Vec<Gap>) {
    let mut last: HashMap<String, i64> = HashMap::new();
    let mut odd = Oddities::default();
    let mut record = vec![0; size(width)];
    let mut failure = None;
    for number in 1.. {
        match fill(&mut file, &mut record) {
            Ok(0) => break,
            Ok(read) if read < record.len() => {
                odd.add("record", number);
                break;
            }
            Ok(_) => {}
            Err(error) => {
                failure = Some(Gap::from_io(WTMP, &error));
                break;
            }
        }
        match login(&record, width) {
            Entry::Login(name, at) => match last.get_mut(name) {
                Some(known) => *known = at.max(*known),
                None => {
                    last.insert(name.to_owned(), at);
                }
            },
            Entry::Other => {}
            Entry::Odd => odd.add("record", number),
        }
    }
    let gaps = odd.gaps(WTMP).into_iter().chain(failure).collect();
    (last, gaps)
}

enum Entry<'a> {
    Login(&'a str, i64),
    Other,
    Odd,
}

fn login(record: &[u8], width: Width) -> Entry<'_> {
    match array(record, 0).map(i16::from_ne_bytes) {
        Some(LOGIN) => {}
        Some(other) if TYPES.contains(&other) => return Entry::Other,
        _ => return Entry::Odd,
    }
    let name = record.get(USER).unwrap_or_default();
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    match (std::str::from_utf8(name), width.seconds(record, time_offset(width))) {
        (Ok(name), Some(at)) if !name.is_empty() => Entry::Login(name, at),
        _ => Entry::Odd,
    }
}

/// Reads until `buffer` is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_latest_login_counts_whatever_the_order() {
        for width in [Width::Bits32, Width::Bits64] {
            let file = [
                record(7, b"alice", 200, width),
                record(8, b"alice", 900, width),
                record(2, b"reboot", 950, width),
                record(7, b"alice", 100, width),
                record(7, b"bob", 5, width),
            ]
            .concat();
            let (last, gaps) = scan(&file[..], width);
            assert_eq!(last, HashMap::from([("alice".to_owned(), 200), ("bob".to_owned(), 5)]));
            assert!(gaps.is_empty());
        }
    }

    #[test]
    fn a_name_may_fill_its_field() {
        let name = [b'n'; 32];
        let (last, _) = scan(&record(7, &name, 9, Width::Bits32)[..], Width::Bits32);
        assert_eq!(last["n".repeat(32).as_str()], 9);
    }

    #[test]
    fn odd_records_and_a_torn_end_are_counted() {
        let mut file = [
            record(77, b"alice", 1, Width::Bits32),
            record(7, b"\xff", 1, Width::Bits32),
            record(7, b"", 1, Width::Bits32),
            record(7, b"bob", 0, Width::Bits32),
            record(7, b"bob", 3, Width::Bits32),
        ]
        .concat();
        file.extend([7; 100]);
        let (last, gaps) = scan(&file[..], Width::Bits32);
        assert_eq!(last, HashMap::from([("bob".to_owned(), 3)]));
        assert_eq!(gaps[0].to_string(), "var/log/wtmp: skipped 5 odd records, the first is record 1");
    }
}
