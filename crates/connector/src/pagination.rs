//! Page tokens: a connector's own pagination structs as one opaque string.
//!
//! A token is the hexadecimal form of a MessagePack array of maps, one map per endpoint that the listing is read
//! from. `connector-py` reads and writes the same bytes, so that a listing can be begun by one and ended by the other.

use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize};

use crate::error::{ConnectorError, ErrorCode};

/// The longest token that is decoded, in characters.
const MAX_TOKEN: usize = 64 * 1024;

/// The token of `pages`, or `None` if there are none.
///
/// # Errors
/// If a page cannot be written as a MessagePack map.
pub fn encode<T: Serialize>(pages: &[T]) -> Result<Option<String>, rmp_serde::encode::Error> {
    if pages.is_empty() {
        return Ok(None);
    }
    Ok(Some(hex::encode(rmp_serde::to_vec_named(pages)?)))
}

/// The pages that `token` was made of.
///
/// # Errors
/// `bad_request` if it was made of something else.
pub fn decode<T: DeserializeOwned>(token: &str) -> Result<Vec<T>, ConnectorError> {
    let invalid = || ConnectorError::new("page.token: not a token of this connector", ErrorCode::BadRequest);
    if token.len() > MAX_TOKEN {
        return Err(invalid());
    }
    let bytes = hex::decode(token).map_err(|_| invalid())?;
    let mut reader = rmp_serde::Deserializer::new(bytes.as_slice());
    let pages = Vec::<T>::deserialize(&mut reader).map_err(|_| invalid())?;
    if reader.get_ref().is_empty() { Ok(pages) } else { Err(invalid()) }
}

/// The one page that `token` was made of.
pub(crate) fn decode_one<T: DeserializeOwned>(token: &str) -> Result<T, ConnectorError> {
    let mut pages = decode(token)?;
    match (pages.pop(), pages.is_empty()) {
        (Some(page), true) => Ok(page),
        _ => Err(ConnectorError::new("page.token: not a token of one endpoint", ErrorCode::BadRequest)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Offset {
        endpoint: Option<String>,
        offset: u64,
    }

    /// Written by connector-py 3.2.0 for `[{endpoint: "/users", offset: 300}, {endpoint: None, offset: 0}]`.
    const PYTHON: &str =
        "9282a8656e64706f696e74a62f7573657273a66f6666736574cd012c82a8656e64706f696e74c0a66f666673657400";

    #[test]
    fn the_bytes_are_those_of_python() {
        let pages = [
            Offset { endpoint: Some("/users".to_owned()), offset: 300 },
            Offset { endpoint: None, offset: 0 },
        ];
        assert_eq!(encode(&pages).unwrap().as_deref(), Some(PYTHON));
        assert_eq!(decode::<Offset>(PYTHON).unwrap(), pages);
    }

    #[test]
    fn no_page_is_no_token() {
        assert_eq!(encode::<Offset>(&[]).unwrap(), None);
    }

    #[test]
    fn a_token_of_two_endpoints_is_not_a_token_of_one() {
        assert!(decode_one::<Offset>(PYTHON).is_err());
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        assert!(decode::<Offset>(&format!("{PYTHON}00")).is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            pages in prop::collection::vec((prop::option::of(".*"), any::<u64>()), 1..5),
        ) {
            let pages: Vec<Offset> =
                pages.into_iter().map(|(endpoint, offset)| Offset { endpoint, offset }).collect();
            let token = encode(&pages).unwrap().unwrap();
            prop_assert_eq!(decode::<Offset>(&token).unwrap(), pages);
        }

        #[test]
        fn no_text_makes_decoding_panic(token in "([0-9a-f]{2}){0,40}|.{0,40}") {
            if let Err(error) = decode::<Offset>(&token) {
                prop_assert_eq!(error.code(), "bad_request");
            }
        }
    }
}
