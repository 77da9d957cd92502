//! As much of the ELF format as tells a static executable from another.

/// The program that an executable asks to be loaded by; a static one asks for none.
///
/// # Errors
/// If it is no ELF file, or a broken one.
pub(super) fn interpreter(file: &[u8]) -> Result<Option<String>, &'static str> {
    read(file).ok_or("it is not an ELF file, or a broken one")
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
    // Where the fields are: e_phoff, e_phentsize, e_phnum; then p_offset and p_filesz of a program header.
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

    /// A file of 64 bits with one program header of this type, which is about the eight bytes at its end.
    fn file(kind: u8) -> Vec<u8> {
        let mut file = vec![0; 128];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        (file[32], file[54], file[56]) = (64, 56, 1);
        (file[64], file[64 + 8], file[64 + 32]) = (kind, 120, 8);
        file[120..].copy_from_slice(b"/lib/ld\0");
        file
    }

    #[test]
    fn a_static_executable_asks_for_no_interpreter() {
        assert_eq!(interpreter(&file(1)), Ok(None));
        assert_eq!(interpreter(&file(3)).unwrap().as_deref(), Some("/lib/ld"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_of_this_system_can_be_read() {
        assert!(interpreter(&std::fs::read("/proc/self/exe").unwrap()).is_ok());
    }

    #[test]
    fn what_is_no_elf_file_or_is_cut_off_is_an_error() {
        assert!(interpreter(b"#!/bin/sh\n").is_err());
        assert!(interpreter(b"").is_err());
        assert!(interpreter(&file(3)[..100]).is_err());
    }
}
