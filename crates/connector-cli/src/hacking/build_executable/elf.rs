//! Reads just enough of the ELF format to recognize a static executable.

/// The interpreter (dynamic loader) that an executable requests. A static executable requests none.
///
/// # Errors
/// If the file is not a valid ELF file.
pub(super) fn interpreter(file: &[u8]) -> Result<Option<String>, &'static str> {
    read(file).ok_or("it is not a valid ELF file")
}

fn read(file: &[u8]) -> Option<Option<String>> {
    const PT_INTERP: u64 = 3;
    let is_64 = match file.get(..5)? {
        [0x7f, b'E', b'L', b'F', 1] => false,
        [0x7f, b'E', b'L', b'F', 2] => true,
        _ => return None,
    };
    let is_big_endian = *file.get(5)? == 2;
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = file.get(at..at.checked_add(length)?)?;
        let add = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        let number = if is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) };
        usize::try_from(number).ok()
    };
    // Offsets of e_phoff, e_phentsize and e_phnum, then of p_offset and p_filesz in a program header.
    let word = if is_64 { 8 } else { 4 };
    let (table_at, size_at) = if is_64 { (32, 54) } else { (28, 42) };
    let (offset_at, length_at) = if is_64 { (8, 32) } else { (4, 16) };
    let (table, size, count) = (number(table_at, word)?, number(size_at, 2)?, number(size_at + 2, 2)?);
    for index in 0..count {
        let header = table.checked_add(index.checked_mul(size)?)?;
        if number(header, 4)? as u64 == PT_INTERP {
            let (at, length) = (number(header + offset_at, word)?, number(header + length_at, word)?);
            let path = file.get(at..at.checked_add(length)?)?;
            return Some(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 64-bit file with one program header of this type, which covers the last eight bytes.
    fn file(kind: u8) -> Vec<u8> {
        let mut file = vec![0; 128];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        (file[32], file[54], file[56]) = (64, 56, 1);
        (file[64], file[64 + 8], file[64 + 32]) = (kind, 120, 8);
        file[120..].copy_from_slice(b"/lib/ld\0");
        file
    }

    #[test]
    fn only_dynamic_executables_have_an_interpreter() {
        assert_eq!(interpreter(&file(1)), Ok(None));
        assert_eq!(interpreter(&file(3)).unwrap().as_deref(), Some("/lib/ld"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn reads_an_executable_of_this_system() {
        assert!(interpreter(&std::fs::read("/proc/self/exe").unwrap()).is_ok());
    }

    #[test]
    fn other_and_truncated_files_are_errors() {
        assert!(interpreter(b"#!/bin/sh\n").is_err());
        assert!(interpreter(b"").is_err());
        assert!(interpreter(&file(3)[..100]).is_err());
    }
}
