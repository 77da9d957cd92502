//! `lastlog`, lastlog(8): one record per user, at a position that depends on the UID.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::{LASTLOG, Width};
use crate::reading::{Gap, MalformedCounts};
use crate::root::Root;

const fn size(width: Width) -> usize {
    match width {
        Width::Bits32 => 292,
        Width::Bits64 => 296,
    }
}

/// The last login by UID, of these users.
pub(super) fn read(root: &Root, uids: impl Iterator<Item = u32>) -> (HashMap<u32, i64>, Vec<Gap>) {
    let uids = uids.collect::<BTreeSet<_>>();
    let looked_up = root.open(LASTLOG).and_then(|file| look_up(file, uids, root));
    looked_up.unwrap_or_else(|gap| (HashMap::new(), vec![gap]))
}

fn look_up(mut file: File, uids: BTreeSet<u32>, root: &Root) -> Result<(HashMap<u32, i64>, Vec<Gap>), Gap> {
    let unreadable = |error: std::io::Error| Gap::from_io(LASTLOG, &error);
    let length = file.metadata().map_err(unreadable)?.len();
    if length == 0 {
        return Ok((HashMap::new(), vec![Gap::Empty { path: LASTLOG.to_owned() }]));
    }
    let width = Width::of(length, size);
    let size = size(width) as u64;
    let mut found = HashMap::new();
    let mut malformed = MalformedCounts::default();
    for uid in uids {
        root.check_cancelled(LASTLOG)?;
        let place = u64::from(uid) * size;
        if place + size > length {
            break;
        }
        let mut time = [0; 8];
        file.seek(SeekFrom::Start(place)).map_err(unreadable)?;
        file.read_exact(&mut time).map_err(unreadable)?;
        match width.seconds(&time, 0) {
            Some(at) => {
                found.insert(uid, at);
            }
            None if width == Width::Bits64 && time != [0; 8] => malformed.add("record", u64::from(uid) + 1),
            None => {}
        }
    }
    if !length.is_multiple_of(size) {
        malformed.add("record", length / size + 1);
    }
    Ok((found, malformed.gaps(LASTLOG)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    fn file(width: Width, records: &[(u32, u32)]) -> File {
        let file = tempfile::tempfile().unwrap();
        for &(uid, at) in records {
            let mut record = vec![0; size(width)];
            match width {
                Width::Bits32 => record[..4].copy_from_slice(&at.to_ne_bytes()),
                Width::Bits64 => record[..8].copy_from_slice(&u64::from(at).to_ne_bytes()),
            }
            file.write_all_at(&record, u64::from(uid) * size(width) as u64).unwrap();
        }
        file
    }

    #[test]
    fn each_user_has_a_position() {
        for width in [Width::Bits32, Width::Bits64] {
            let file = file(width, &[(0, 10), (1000, 20), (1002, 30)]);
            let (found, gaps) =
                look_up(file, BTreeSet::from([1002, 1000, 1001, 5000]), &Root::default()).unwrap();
            assert_eq!(found, HashMap::from([(1000, 20), (1002, 30)]));
            assert_eq!(gaps, []);
        }
    }

    #[test]
    fn the_largest_uid_is_found_in_a_huge_file() {
        let file = file(Width::Bits32, &[(u32::MAX - 1, 7)]);
        let (found, _) = look_up(file, BTreeSet::from([0, u32::MAX - 1]), &Root::default()).unwrap();
        assert_eq!(found, HashMap::from([(u32::MAX - 1, 7)]));
    }

    #[test]
    fn a_truncated_end_is_counted() {
        let file = file(Width::Bits32, &[(0, 10), (1, 20)]);
        file.set_len(292 + 100).unwrap();
        let (found, gaps) = look_up(file, BTreeSet::from([0, 1]), &Root::default()).unwrap();
        assert_eq!(found, HashMap::from([(0, 10)]));
        assert_eq!(gaps[0].to_string(), "var/log/lastlog: skipped malformed record 2");
    }

    #[test]
    fn an_impossible_time_is_counted() {
        let file = file(Width::Bits64, &[(0, 10), (1, 20)]);
        file.write_all_at(&i64::MAX.to_ne_bytes(), size(Width::Bits64) as u64).unwrap();
        let (found, gaps) = look_up(file, BTreeSet::from([0, 1]), &Root::default()).unwrap();
        assert_eq!(found, HashMap::from([(0, 10)]));
        assert_eq!(gaps[0].to_string(), "var/log/lastlog: skipped malformed record 2");
    }
}
