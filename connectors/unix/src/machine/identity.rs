//! What tells the machine from all others.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::reading::Gap;
use crate::root::Root;
use crate::sudoers;

/// Where machine-id(5) lies below the root.
const PATH: &str = "etc/machine-id";

/// The file has 33 bytes.
const MAX_BYTES: u64 = 1024;

/// This connector, as systemd names applications. With another value every machine would become another tenant.
const APPLICATION: u128 = 0xfeba_dda2_ccb3_40ad_8bb0_43ef_f047_ed54;

/// The machine's id for this connector or, if the machine has no id, its hostname.
///
/// `None` if it has neither. Also `None` if there is an id that cannot be read: for whoever may read it, the same
/// machine would have another identity.
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

/// 32 hexadecimal digits. Images may have an empty file, or `uninitialized` in it, until they are first booted.
fn parse(text: &[u8]) -> Option<u128> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let is_id = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = is_id.then(|| u128::from_str_radix(text, 16).ok()).flatten();
    id.filter(|id| *id != 0)
}

/// What `systemd-id128 machine-id --app-specific=…` prints for [`APPLICATION`]. The machine's id itself is confidential
/// and cannot be computed from it.
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
    fn only_32_digits_other_than_zeros_are_an_id() {
        let zeros = "0".repeat(32);
        for text in ["", "uninitialized\n", "+123456789abcdef0123456789abcdef", "0123", &zeros] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }
}
