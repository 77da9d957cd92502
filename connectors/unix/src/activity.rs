//! When users last logged in, according to `wtmp`, `lastlog` and the SQLite databases that replace them.
//!
//! The databases contain names and 64-bit times, which work after 2038. An upgraded machine can have all four, with old
//! files that end at the upgrade, so the latest login counts.
//!
//! The old files contain C structures of the machine that wrote them. Linux has two layouts: one with 32-bit times on
//! x86-64 and most others, and one with 64-bit times on arm64 and a few others. The length of a file shows its layout, so
//! images of other machines can be read. If both layouts fit, it is that of this machine.

mod database;
mod lastlog;
mod lastlog2;
mod wtmp;
mod wtmpdb;

use std::collections::HashMap;

use crate::files::passwd::User;
use crate::reading::{Gap, MalformedCounts, Reading};
use crate::root::Root;

/// The path of `wtmp` below the root. Rotated files are not read.
pub const WTMP: &str = "var/log/wtmp";

/// The path of `lastlog` below the root.
pub const LASTLOG: &str = "var/log/lastlog";

/// The path of `wtmpdb`'s database, which records every login. Rotated files are not read.
pub const WTMPDB: &str = "var/lib/wtmpdb/wtmp.db";

/// The path of `lastlog2`'s database, which records the last login of each user.
pub const LASTLOG2: &str = "var/lib/lastlog/lastlog2.db";

/// The latest time that RFC 3339 can express in every time zone, 9999-12-30T22:00:00Z.
const LATEST: i64 = 253_402_207_200;

/// The last login of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastLogin {
    /// The login name.
    pub account: String,
    /// The time, in seconds since 1970-01-01 UTC, before the year 10000.
    pub at: i64,
    /// The file that records it.
    pub source: &'static str,
}

/// The last login of each of `users` who ever logged in, in their order. The latest one of all files counts.
///
/// A machine needs one file of each kind: `wtmp` or its database, `lastlog` or its database. The last 128 MiB of `wtmp`
/// are read, and only the records of these users in `lastlog`: it is sparse and can seem larger than the disk.
pub fn last_logins<'a>(root: &Root, users: impl IntoIterator<Item = &'a User>) -> Reading<LastLogin> {
    let users: Vec<&User> = users.into_iter().collect();
    let none = Logins::of(&users);
    let (wtmp, wtmp_failure) = wtmp::read(root, &none);
    let (wtmpdb, wtmpdb_failure) = wtmpdb::read(root, &none);
    let (lastlog, lastlog_gaps) = lastlog::read(root, users.iter().map(|user| user.uid));
    let (lastlog2, lastlog2_failure) = lastlog2::read(root, &none);
    let last_login = |user: &&User| {
        let found = [
            wtmp.last(user).map(|at| (at, WTMP)),
            lastlog.get(&user.uid).map(|&at| (at, LASTLOG)),
            wtmpdb.last(user).map(|at| (at, WTMPDB)),
            lastlog2.last(user).map(|at| (at, LASTLOG2)),
        ];
        let (at, source) = found.into_iter().flatten().max_by_key(|(at, _)| *at)?;
        Some(LastLogin { account: user.name.clone(), at, source })
    };
    let mut reading = Reading::whole(users.iter().filter_map(last_login).collect());
    let wtmpdb_gaps = wtmpdb.gaps(WTMPDB, wtmpdb_failure);
    let lastlog2_gaps = lastlog2.gaps(LASTLOG2, lastlog2_failure);
    reading.note(gaps_of_either([wtmp.gaps(WTMP, wtmp_failure), wtmpdb_gaps]));
    reading.note(gaps_of_either([lastlog_gaps, lastlog2_gaps]));
    reading
}

/// The gaps of two files, if a machine needs only one of them.
fn gaps_of_either([old, new]: [Vec<Gap>; 2]) -> Vec<Gap> {
    let is_absent = |gaps: &[Gap]| matches!(gaps, [Gap::Missing { .. } | Gap::Empty { .. }]);
    match (is_absent(&old), is_absent(&new)) {
        (true, false) => new,
        (false, true) => old,
        _ => [old, new].concat(),
    }
}

/// The logins of certain users in a file.
#[derive(Debug, Clone)]
struct Logins<'u> {
    last: HashMap<&'u str, Option<i64>>,
    malformed: MalformedCounts,
}

impl<'u> Logins<'u> {
    /// No logins yet of these users.
    fn of(users: &[&'u User]) -> Self {
        let last = users.iter().map(|user| (user.name.as_str(), None)).collect();
        Self { last, malformed: MalformedCounts::default() }
    }

    /// Adds a record. Without a name, or a time before the year 10000, it is malformed.
    fn add(&mut self, number: u64, name: Option<&str>, at: Option<i64>) {
        match (name, at.filter(|at| (1..=LATEST).contains(at))) {
            (Some(name), Some(at)) if !name.is_empty() => {
                if let Some(last) = self.last.get_mut(name) {
                    *last = (*last).max(Some(at));
                }
            }
            _ => self.malformed.add("record", number),
        }
    }

    fn last(&self, user: &User) -> Option<i64> {
        self.last.get(user.name.as_str()).copied().flatten()
    }

    /// The gaps of the file at `path`: its malformed records, and others.
    fn gaps(self, path: &str, others: Vec<Gap>) -> Vec<Gap> {
        self.malformed.gaps(path).into_iter().chain(others).collect()
    }
}

/// The width of times in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Bits32,
    Bits64,
}

impl Width {
    const fn native() -> Self {
        if cfg!(any(target_arch = "aarch64", target_arch = "loongarch64")) {
            Self::Bits64
        } else {
            Self::Bits32
        }
    }

    /// The layout of a file of `length` bytes with records of `size(width)` bytes.
    fn of(length: u64, size: fn(Self) -> usize) -> Self {
        let fits = |width| length.is_multiple_of(size(width) as u64);
        match (fits(Self::Bits32), fits(Self::Bits64)) {
            (true, false) => Self::Bits32,
            (false, true) => Self::Bits64,
            _ => Self::native(),
        }
    }

    /// The seconds since 1970 at `offset`. 32-bit times are unsigned, which works until 2106. `None` if there is no time, or
    /// it is after the year 9999.
    fn seconds(self, record: &[u8], offset: usize) -> Option<i64> {
        let seconds = match self {
            Self::Bits32 => i64::from(u32::from_ne_bytes(array(record, offset)?)),
            Self::Bits64 => i64::from_ne_bytes(array(record, offset)?),
        };
        (1..=LATEST).contains(&seconds).then_some(seconds)
    }
}

fn array<const N: usize>(record: &[u8], offset: usize) -> Option<[u8; N]> {
    record.get(offset..offset + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_file_shows_its_layout() {
        let size = |width| if width == Width::Bits32 { 384 } else { 400 };
        assert_eq!(Width::of(384 * 3, size), Width::Bits32);
        assert_eq!(Width::of(400 * 3, size), Width::Bits64);
        assert_eq!(Width::of(0, size), Width::native());
        assert_eq!(Width::of(385, size), Width::native());
    }

    #[test]
    fn times_after_2038_are_valid() {
        let late = 3_000_000_000_u32.to_ne_bytes();
        assert_eq!(Width::Bits32.seconds(&late, 0), Some(3_000_000_000));
        assert_eq!(Width::Bits32.seconds(&[0; 4], 0), None);
        assert_eq!(Width::Bits64.seconds(&LATEST.to_ne_bytes(), 0), Some(LATEST));
        for impossible in [-1, LATEST + 1, i64::MAX] {
            assert_eq!(Width::Bits64.seconds(&impossible.to_ne_bytes(), 0), None);
        }
    }
}
