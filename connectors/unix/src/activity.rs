//! When users last logged in, by `wtmp` and `lastlog`.
//!
//! Both files hold C structures of the machine that wrote them. There are two layouts on Linux: one with
//! 32-bit times on x86-64 and most others, and one with 64-bit times on arm64 and few others. Which one a
//! file has is told by its length, so that an image of another machine can be read; where both fit, it is the
//! one of this machine.

mod lastlog;
mod wtmp;

use std::collections::HashMap;

use crate::files::passwd::User;
use crate::reading::Reading;
use crate::root::Root;

/// Where `wtmp` lies below the root. Rotated files are not read.
pub const WTMP: &str = "var/log/wtmp";

/// Where `lastlog` lies below the root.
pub const LASTLOG: &str = "var/log/lastlog";

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

/// The last login of each of `users` who ever logged in, in their order; the later one if both files have
/// one.
///
/// The last 128 MiB of `wtmp` are read, `lastlog` at the places of these users only: it is sparse and may seem to
/// be larger than the disk.
pub fn last_logins<'a>(root: &Root, users: impl IntoIterator<Item = &'a User>) -> Reading<LastLogin> {
    let users: Vec<&User> = users.into_iter().collect();
    let (by_name, wtmp_gaps) = wtmp::read(root, users.iter().map(|user| user.name.as_str()));
    let (by_uid, lastlog_gaps) = lastlog::read(root, users.iter().map(|user| user.uid));
    let items = users.iter().filter_map(|user| last_login(user, &by_name, &by_uid)).collect();
    let mut reading = Reading::whole(items);
    reading.note(wtmp_gaps);
    reading.note(lastlog_gaps);
    reading
}

fn last_login(user: &User, by_name: &HashMap<&str, i64>, by_uid: &HashMap<u32, i64>) -> Option<LastLogin> {
    let wtmp = by_name.get(user.name.as_str()).map(|&at| (at, WTMP));
    let lastlog = by_uid.get(&user.uid).map(|&at| (at, LASTLOG));
    let (at, source) = wtmp.max(lastlog)?;
    Some(LastLogin { account: user.name.clone(), at, source })
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
