//! Tokens that follow from what they were given for.

use connector::Secret;

/// The 128-bit FNV-1a hash: no secret rests on it, it only has to tell one token from another.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The token of this `kind` that a client gets for `grant`, a code or a refresh token: always the same.
pub(super) fn derived(kind: &str, client_id: &str, grant: &str) -> Secret {
    let mut hash = OFFSET;
    for part in [kind, client_id, grant] {
        // No text contains this byte, so that it is clear where one part ends.
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    Secret::new(format!("mock-{kind}-{hash:032x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_makes_another_token() {
        let tokens = [
            derived("access", "ab", "c"),
            derived("refresh", "ab", "c"),
            derived("access", "a", "bc"),
            derived("access", "ab", "d"),
        ];
        for (at, token) in tokens.iter().enumerate() {
            let same = tokens.iter().filter(|other| other.expose() == token.expose()).count();
            assert_eq!(same, 1, "{at}");
        }
        assert_eq!(tokens[0].expose(), derived("access", "ab", "c").expose());
    }
}
