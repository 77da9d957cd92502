//! What identifies a machine.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::reading::Gap;
use crate::root::Root;
use crate::sudoers;

/// The path of machine-id(5) below the root.
const PATH: &str = "etc/machine-id";

/// The file has 33 bytes.
const MAX_BYTES: u64 = 1024;

/// This connector's application ID for systemd. With another value, every machine would become another tenant.
const APPLICATION: u128 = 0xfeba_dda2_ccb3_40ad_8bb0_43ef_f047_ed54;

/// The machine's ID for this connector or, if the machine has no ID, its hostname.
///
/// `None` if it has neither. Also `None` if the ID can't be read: for a user who can read it, the same machine would have
/// another identity.
pub(super) fn of(root: &Root) -> Option<String> {
    match root.read_up_to(PATH, MAX_BYTES) {
        Ok(text) => match parse(&text) {
            Some(machine_id) => derived(machine_id),
            None => sudoers::configured_hostname(root),
        },
        Err(Gap::Missing { .. }) => sudoers::configured_hostname(root),
        Err(_) => None,
    }
}

/// Parses 32 hexadecimal digits. Until an image is first booted, the file can be empty or contain `uninitialized`.
fn parse(text: &[u8]) -> Option<u128> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let is_id = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = is_id.then(|| u128::from_str_radix(text, 16).ok()).flatten();
    id.filter(|id| *id != 0)
}

/// What `systemd-id128 machine-id --app-specific=…` prints for [`APPLICATION`]. The machine's ID itself is confidential
/// and can't be computed from it.
fn derived(machine_id: u128) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&machine_id.to_be_bytes()).ok()?;
    mac.update(&APPLICATION.to_be_bytes());
    let mut id: [u8; 16] = *mac.finalize().into_bytes().first_chunk()?;
    // The version and the variant of a random UUID (RFC 9562, section 5.4).
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    Some(format!("{:032x}", u128::from_be_bytes(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derived_id_is_the_one_that_systemd_computes() {
        let id = parse(b"0123456789abcdef0123456789abcdef\n").and_then(derived);
        assert_eq!(id.as_deref(), Some("93193045904b4db5a6f3dd5f44adc1fa"));
    }

    #[test]
    fn an_id_has_32_digits_and_is_not_zero() {
        let zeros = "0".repeat(32);
        for text in ["", "uninitialized\n", "+123456789abcdef0123456789abcdef", "0123", &zeros] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }
}
