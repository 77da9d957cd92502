//! Request bodies that arrive compressed.

use std::io::{self, Read};

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

use super::budget::Reservation;

/// The codings that a request's body may have.
pub(super) const CODINGS: &str = match (cfg!(feature = "brotli"), cfg!(feature = "zstd")) {
    (false, false) => "gzip",
    (true, false) => "gzip, br",
    (false, true) => "gzip, zstd",
    (true, true) => "gzip, br, zstd",
};

/// How much is decompressed between two looks at the limits.
const STEP: u64 = 64 << 10;
#[cfg(feature = "brotli")]
const BUFFER: usize = 4 << 10;

/// How the body of a request is compressed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Coding {
    /// RFC 1952: one or more members.
    Gzip,
    /// RFC 7932.
    #[cfg(feature = "brotli")]
    Brotli,
    /// RFC 8878: one or more frames.
    #[cfg(feature = "zstd")]
    Zstd,
}

/// A coding that is not known, or more than one.
#[derive(Debug)]
pub(super) struct UnknownCoding;

/// Why a body could not be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Undecoded {
    TooLarge,
    /// All bodies together would take more memory than they may.
    NoRoom,
    Broken,
}

impl Coding {
    /// What a request's `Content-Encoding` says, if it says anything.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, UnknownCoding> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(UnknownCoding);
        }
        match value.as_bytes().to_ascii_lowercase().as_slice() {
            b"identity" => Ok(None),
            b"gzip" | b"x-gzip" => Ok(Some(Self::Gzip)),
            #[cfg(feature = "brotli")]
            b"br" => Ok(Some(Self::Brotli)),
            #[cfg(feature = "zstd")]
            b"zstd" => Ok(Some(Self::Zstd)),
            _ => Err(UnknownCoding),
        }
    }

    /// `body` as it was before it was compressed, at most `limit` bytes of it, charged to `reservation`.
    pub(super) fn decompress(
        self,
        body: &[u8],
        limit: usize,
        reservation: &mut Reservation,
    ) -> Result<Bytes, Undecoded> {
        match self {
            Self::Gzip => read(flate2::read::MultiGzDecoder::new(body), limit, reservation),
            #[cfg(feature = "brotli")]
            Self::Brotli => {
                let mut rest = body;
                let read = read(brotli::Decompressor::new(&mut rest, BUFFER), limit, reservation)?;
                // The decoder stops at the end of its stream; what follows would be lost in silence.
                if rest.is_empty() { Ok(read) } else { Err(Undecoded::Broken) }
            }
            #[cfg(feature = "zstd")]
            Self::Zstd => {
                let decoder =
                    zstd::stream::read::Decoder::with_buffer(body).map_err(|_| Undecoded::Broken)?;
                read(decoder, limit, reservation)
            }
        }
    }
}

fn read(mut decoder: impl Read, limit: usize, reservation: &mut Reservation) -> Result<Bytes, Undecoded> {
    let mut all = Vec::new();
    loop {
        let before = all.len();
        decoder.by_ref().take(STEP).read_to_end(&mut all).map_err(|_: io::Error| Undecoded::Broken)?;
        let more = all.len() - before;
        if more == 0 {
            return Ok(all.into());
        }
        if all.len() > limit {
            return Err(Undecoded::TooLarge);
        }
        reservation.grow(more).map_err(|_| Undecoded::NoRoom)?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::budget::Budget;
    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decompress(body: &[u8], limit: usize, budget: usize) -> Result<Bytes, Undecoded> {
        Coding::Gzip.decompress(body, limit, &mut Budget::new(budget).open())
    }

    #[test]
    fn all_members_of_a_gzip_body_are_read() {
        let members = [gzip(b"one, "), gzip(b"two")].concat();
        assert_eq!(decompress(&members, 100, 100).unwrap(), "one, two");
    }

    #[test]
    fn data_after_the_last_member_is_refused() {
        let trailing = [gzip(b"one"), b"not gzip".to_vec()].concat();
        assert_eq!(decompress(&trailing, 100, 100), Err(Undecoded::Broken));
    }

    #[test]
    fn a_body_that_swells_is_cut_off_at_the_limit_and_at_the_budget() {
        let bomb = gzip(&vec![b' '; 10 << 20]);
        assert_eq!(decompress(&bomb, 1 << 20, usize::MAX), Err(Undecoded::TooLarge));
        assert_eq!(decompress(&bomb, usize::MAX, 1 << 20), Err(Undecoded::NoRoom));
        assert_eq!(decompress(&bomb[..bomb.len() / 2], usize::MAX, usize::MAX), Err(Undecoded::Broken));
    }
}
