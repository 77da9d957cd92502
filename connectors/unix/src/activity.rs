//! When users last logged in, by `wtmp` and `lastlog` and by the SQLite databases that replace them.
//!
//! The last two hold a user's name and a 64-bit time, good beyond 2038. An upgraded machine may have all four, the old
//! files being as old as the upgrade, so the latest login counts.
//!
//! The old files hold C structures of the machine that wrote them. There are two layouts on Linux: one with
//! 32-bit times on x86-64 and most others, and one with 64-bit times on arm64 and few others. Which one a
//! file has is told by its length, so that an image of another machine can be read; where both fit, it is the
//! one of this machine.

mod database;
mod lastlog;
mod lastlog2;
mod wtmp;
mod wtmpdb;

use std::collections::HashMap;

use crate::files::passwd::User;
use crate::reading::{Gap, Oddities, Reading};
use crate::root::Root;

/// Where `wtmp` lies below the root. Rotated files are not read.
pub const WTMP: &str = "var/log/wtmp";

/// Where `lastlog` lies below the root.
pub const LASTLOG: &str = "var/log/lastlog";

/// Where `wtmpdb` keeps every login. Rotated files are not read.
pub const WTMPDB: &str = "var/lib/wtmpdb/wtmp.db";

/// Where `lastlog2` keeps the last login of each user.
pub const LASTLOG2: &str = "var/lib/lastlog/lastlog2.db";

/// The latest moment that RFC 3339 can write in every time zone, 9999-12-30T22:00:00Z.
const LATEST: i64 = 253_402_207_200;

/// The last login of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastLogin {
    /// The login name.
    pub account: String,
    /// The moment, in seconds since 1970-01-01 UTC, before the year 10000.
    pub at: i64,
    /// The file that knows it.
    pub source: &'static str,
}

/// The last login of each of `users` who ever logged in, in their order; the latest one of all files.
///
/// A machine needs one file of each kind: `wtmp` or its database, `lastlog` or its database. The last 128 MiB of `wtmp`
/// are read, `lastlog` at the places of these users only: it is sparse and may seem to be larger than the disk.
pub fn last_logins<'a>(root: &Root, users: impl IntoIterator<Item = &'a User>) -> Reading<LastLogin> {
    let users: Vec<&User> = users.into_iter().collect();
    let nobody = Logins::of(&users);
    let (wtmp, wtmp_failure) = wtmp::read(root, &nobody);
    let (wtmpdb, wtmpdb_failure) = wtmpdb::read(root, &nobody);
    let (lastlog, lastlog_gaps) = lastlog::read(root, users.iter().map(|user| user.uid));
    let (lastlog2, lastlog2_failure) = lastlog2::read(root, &nobody);
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

/// The gaps of two files of which a machine needs one.
fn gaps_of_either([old, new]: [Vec<Gap>; 2]) -> Vec<Gap> {
    let is_absent = |gaps: &[Gap]| matches!(gaps, [Gap::Missing { .. } | Gap::Empty { .. }]);
    match (is_absent(&old), is_absent(&new)) {
        (true, false) => new,
        (false, true) => old,
        _ => [old, new].concat(),
    }
}

/// What records say of the users asked for.
#[derive(Debug, Clone)]
struct Logins<'u> {
    last: HashMap<&'u str, Option<i64>>,
    odd: Oddities,
}

impl<'u> Logins<'u> {
    /// These users, none of whom has logged in yet.
    fn of(users: &[&'u User]) -> Self {
        let last = users.iter().map(|user| (user.name.as_str(), None)).collect();
        Self { last, odd: Oddities::default() }
    }

    /// Adds a record, which makes no sense without a name and a time before the year 10000.
    fn add(&mut self, number: u64, name: Option<&str>, at: Option<i64>) {
        match (name, at.filter(|at| (1..=LATEST).contains(at))) {
            (Some(name), Some(at)) if !name.is_empty() => {
                if let Some(last) = self.last.get_mut(name) {
                    *last = (*last).max(Some(at));
                }
            }
            _ => self.odd.add("record", number),
        }
    }

    fn last(&self, user: &User) -> Option<i64> {
        self.last.get(user.name.as_str()).copied().flatten()
    }

    /// The gaps of the file at `path`: its odd records, and those found otherwise.
    fn gaps(self, path: &str, others: Vec<Gap>) -> Vec<Gap> {
        self.odd.gaps(path).into_iter().chain(others).collect()
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

    /// The layout of a file of `length` bytes, its records having `size(width)` bytes.
    fn of(length: u64, size: fn(Self) -> usize) -> Self {
        let fits = |width| length.is_multiple_of(size(width) as u64);
        match (fits(Self::Bits32), fits(Self::Bits64)) {
            (true, false) => Self::Bits32,
            (false, true) => Self::Bits64,
            _ => Self::native(),
        }
    }

    /// Seconds since 1970 at `offset`. 32-bit times are taken as unsigned, good until 2106. `None` for no
    /// time, or one beyond the year 9999.
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
    fn the_length_of_a_file_tells_its_layout() {
        let size = |width| if width == Width::Bits32 { 384 } else { 400 };
        assert_eq!(Width::of(384 * 3, size), Width::Bits32);
        assert_eq!(Width::of(400 * 3, size), Width::Bits64);
        assert_eq!(Width::of(0, size), Width::native());
        assert_eq!(Width::of(385, size), Width::native());
    }

    #[test]
    fn times_behind_2038_are_times() {
        let late = 3_000_000_000_u32.to_ne_bytes();
        assert_eq!(Width::Bits32.seconds(&late, 0), Some(3_000_000_000));
        assert_eq!(Width::Bits32.seconds(&[0; 4], 0), None);
        assert_eq!(Width::Bits64.seconds(&LATEST.to_ne_bytes(), 0), Some(LATEST));
        for impossible in [-1, LATEST + 1, i64::MAX] {
            assert_eq!(Width::Bits64.seconds(&impossible.to_ne_bytes(), 0), None);
        }
    }
}
