//! Page tokens, which encode a connector's pagination structs as one opaque string; and [`next_link`], which finds the
//! next page in the `Link` headers of an upstream.
//!
//! A token is a MessagePack array of maps in hexadecimal, with one map per endpoint of the listing. `connector-py` uses
//! the same format, so either can continue a listing that the other has started.

mod link;

use serde::de::DeserializeOwned;
use serde::ser::SerializeSeq;
use serde::{Deserialize as _, Serialize, Serializer as _};

pub use self::link::next_link;
use crate::error::{ConnectorError, ErrorCode};

/// The maximum length of a token, in characters.
const MAX_TOKEN: usize = 64 * 1024;

/// Encodes `pages` as a token. Returns `None` if there are no pages.
///
/// # Errors
/// `internal_error`, which is also logged, if a page isn't serialized as a map (for example, a tuple or a unit struct), or
/// if the token would exceed the 64 KiB that [`decode`] accepts.
pub fn encode<T: Serialize>(pages: &[T]) -> Result<Option<String>, ConnectorError> {
    if pages.is_empty() {
        return Ok(None);
    }
    let bytes = write(pages).map_err(|why| {
        let page = std::any::type_name::<T>();
        tracing::error!(page, "cannot create a page token: {why}");
        let message = format!("cannot create a page token: {why}");
        // A retry would fail with the same page.
        ConnectorError::new(message, ErrorCode::InternalError).with_retryable(false)
    })?;
    Ok(Some(base16ct::lower::encode_string(&bytes)))
}

fn write<T: Serialize>(pages: &[T]) -> Result<Vec<u8>, String> {
    let mut writer = rmp_serde::Serializer::new(Vec::with_capacity(64)).with_struct_map();
    let list = writer.serialize_seq(Some(pages.len())).map_err(|error| error.to_string())?;
    SerializeSeq::end(list).map_err(|error| error.to_string())?;
    for page in pages {
        let start = writer.get_ref().len();
        page.serialize(&mut writer).map_err(|error| error.to_string())?;
        // The first byte of a map with up to 15 fields, with up to 2¹⁶, or with more.
        if !matches!(writer.get_ref().get(start), Some(0x80..=0x8f | 0xde | 0xdf)) {
            return Err("a page must be a struct with named fields, or a map".to_owned());
        }
        if writer.get_ref().len() > MAX_TOKEN / 2 {
            return Err(format!("it would exceed {MAX_TOKEN} characters"));
        }
    }
    Ok(writer.into_inner())
}

/// An error for a page token that can't continue this listing, for example because it is from another one.
///
/// Its code is `bad_request` in classic and `invalid_page_token` in openapi. Start the message with `page.token`, so that
/// callers know which part of the request it is about.
///
/// ```
/// use connector::pagination::invalid_token;
///
/// let error = invalid_token("page.token: a token of another listing");
/// assert_eq!(error.code(), "bad_request");
/// ```
#[must_use]
pub fn invalid_token(message: impl Into<String>) -> ConnectorError {
    ConnectorError::new(message, ErrorCode::BadRequest).with_openapi_code(ErrorCode::InvalidPageToken)
}

/// Decodes the pages in `token`.
///
/// # Errors
/// [`invalid_token`] if it isn't a token of such pages.
pub fn decode<T: DeserializeOwned>(token: &str) -> Result<Vec<T>, ConnectorError> {
    let invalid = || invalid_token("page.token: not a token of this connector");
    if token.len() > MAX_TOKEN {
        return Err(invalid());
    }
    let bytes = base16ct::mixed::decode_vec(token.as_bytes()).map_err(|_| invalid())?;
    let mut reader = rmp_serde::Deserializer::new(bytes.as_slice());
    let pages = Vec::<T>::deserialize(&mut reader).map_err(|_| invalid())?;
    if reader.get_ref().is_empty() { Ok(pages) } else { Err(invalid()) }
}

/// Decodes the only page in `token`.
pub(crate) fn decode_one<T: DeserializeOwned>(token: &str) -> Result<T, ConnectorError> {
    let mut pages = decode(token)?;
    match (pages.pop(), pages.is_empty()) {
        (Some(page), true) => Ok(page),
        _ => Err(invalid_token("page.token: not a token of one endpoint")),
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
    fn tokens_equal_those_of_python() {
        let pages = [
            Offset { endpoint: Some("/users".to_owned()), offset: 300 },
            Offset { endpoint: None, offset: 0 },
        ];
        assert_eq!(encode(&pages).unwrap().as_deref(), Some(PYTHON));
        assert_eq!(decode::<Offset>(PYTHON).unwrap(), pages);
    }

    #[test]
    fn no_pages_have_no_token() {
        assert_eq!(encode::<Offset>(&[]).unwrap(), None);
    }

    #[test]
    fn a_token_of_two_endpoints_is_not_a_token_of_one() {
        assert!(decode_one::<Offset>(PYTHON).is_err());
    }

    #[test]
    fn trailing_bytes_are_rejected() {
        assert!(decode::<Offset>(&format!("{PYTHON}00")).is_err());
    }

    #[test]
    fn pages_that_are_not_maps_are_rejected() {
        #[derive(Serialize)]
        struct Unit;
        #[derive(Serialize)]
        struct Tuple(u8, u8);
        #[derive(Serialize)]
        enum Either {
            Begin,
            At { offset: u8 },
        }
        let describe = |error: ConnectorError| format!("{}: {error}", error.code());
        let not_a_map =
            "internal_error: cannot create a page token: a page must be a struct with named fields, or a map";
        assert_eq!(describe(encode(&[Unit]).unwrap_err()), not_a_map);
        assert_eq!(describe(encode(&[Tuple(0x80, 1)]).unwrap_err()), not_a_map);
        assert_eq!(describe(encode(&[1]).unwrap_err()), not_a_map);
        assert_eq!(describe(encode(&[Either::At { offset: 1 }, Either::Begin]).unwrap_err()), not_a_map);
        assert!(encode(&[Either::At { offset: 1 }]).is_ok());
        let many: std::collections::BTreeMap<String, u8> = (0..20).map(|n| (n.to_string(), n)).collect();
        assert!(encode(&[many]).is_ok());
    }

    #[test]
    fn encoded_tokens_can_be_decoded() {
        let page = |len: usize| [Offset { endpoint: Some("e".repeat(len)), offset: 0 }];
        let most = MAX_TOKEN / 2 - 22;
        let token = encode(&page(most)).unwrap().unwrap();
        assert_eq!(token.len(), MAX_TOKEN);
        assert_eq!(decode::<Offset>(&token).unwrap(), page(most));
        assert_eq!(
            encode(&page(most + 1)).unwrap_err().to_string(),
            "cannot create a page token: it would exceed 65536 characters"
        );
    }

    #[test]
    fn long_lists_are_encoded() {
        let pages: Vec<Offset> = (0..300).map(|offset| Offset { endpoint: None, offset }).collect();
        let token = encode(&pages).unwrap().unwrap();
        assert_eq!(token, base16ct::lower::encode_string(&rmp_serde::to_vec_named(&pages).unwrap()));
    }

    proptest! {
        #[test]
        fn decoding_reverses_encoding(
            pages in prop::collection::vec((prop::option::of(".*"), any::<u64>()), 1..5),
        ) {
            let pages: Vec<Offset> =
                pages.into_iter().map(|(endpoint, offset)| Offset { endpoint, offset }).collect();
            let token = encode(&pages).unwrap().unwrap();
            prop_assert_eq!(decode::<Offset>(&token).unwrap(), pages);
        }

        #[test]
        fn decoding_never_panics(token in "([0-9a-f]{2}){0,40}|.{0,40}") {
            if let Err(error) = decode::<Offset>(&token) {
                prop_assert_eq!(error.code(), "bad_request");
            }
        }
    }
}
