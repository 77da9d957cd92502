//! Derives tokens from the input of a grant.

use connector::Secret;

/// The 128-bit FNV-1a hash. It only has to distinguish tokens; it doesn't protect a secret.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The token of this `kind` for a client and its `grant`, which is a code or a refresh token. Always the same.
pub(super) fn derive_token(kind: &str, client_id: &str, grant: &str) -> Secret {
    let mut hash = OFFSET;
    for part in [kind, client_id, grant] {
        // No text contains this byte, so it separates the parts unambiguously.
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
    fn different_parts_derive_different_tokens() {
        let tokens = [
            derive_token("access", "ab", "c"),
            derive_token("refresh", "ab", "c"),
            derive_token("access", "a", "bc"),
            derive_token("access", "ab", "d"),
        ];
        for (at, token) in tokens.iter().enumerate() {
            let same = tokens.iter().filter(|other| other.expose() == token.expose()).count();
            assert_eq!(same, 1, "{at}");
        }
        assert_eq!(tokens[0].expose(), derive_token("access", "ab", "c").expose());
    }
}
