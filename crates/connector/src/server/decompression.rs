//! Decompression of request bodies.

use std::io::{self, Read};
use std::time::Instant;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

use super::budget::Reservation;

/// The supported codings of a request body.
pub(super) const CODINGS: &str = match (cfg!(feature = "brotli"), cfg!(feature = "zstd")) {
    (false, false) => "gzip",
    (true, false) => "gzip, br",
    (false, true) => "gzip, zstd",
    (true, true) => "gzip, br, zstd",
};

/// How much is decompressed between checks of the limits.
const STEP: u64 = 64 << 10;
/// The maximum window size of Zstandard, as a power of two: 8 MiB, as in RFC 9659.
#[cfg(feature = "zstd")]
const WINDOW: u32 = 23;
#[cfg(feature = "brotli")]
const BUFFER: usize = 4 << 10;

/// The compression of a request body.
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

/// The coding is unknown, or there are several.
#[derive(Debug)]
pub(super) struct UnknownCoding;

/// The limits of decompression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The maximum decompressed size, in bytes.
    pub(super) bytes: usize,
    /// When to abort.
    pub(super) until: Instant,
}

/// Why a body could not be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum DecompressionError {
    TooLarge,
    /// All bodies together would exceed the memory limit.
    NoRoom,
    TimedOut,
    Malformed,
}

impl Coding {
    /// Returns the coding in a request's `Content-Encoding`, if any.
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

    /// Decompresses `body` within `limits`, charging the result to `reservation`.
    pub(super) fn decompress(
        self,
        body: &[u8],
        limits: Limits,
        reservation: &mut Reservation,
    ) -> Result<Bytes, DecompressionError> {
        let body = Timed { body, until: limits.until };
        match self {
            Self::Gzip => read(flate2::read::MultiGzDecoder::new(body), limits, reservation),
            #[cfg(feature = "brotli")]
            Self::Brotli => {
                let mut body = body;
                let read = read(brotli::Decompressor::new(&mut body, BUFFER), limits, reservation)?;
                // The decoder stops at the end of its stream and would ignore any data after it.
                if body.body.is_empty() { Ok(read) } else { Err(DecompressionError::Malformed) }
            }
            #[cfg(feature = "zstd")]
            Self::Zstd => {
                let mut decoder =
                    zstd::stream::read::Decoder::new(body).map_err(|_| DecompressionError::Malformed)?;
                decoder.window_log_max(WINDOW).map_err(|_| DecompressionError::Malformed)?;
                read(decoder, limits, reservation)
            }
        }
    }
}

/// A compressed body that fails to be read after its time limit, even if it decompresses to nothing.
struct Timed<'b> {
    body: &'b [u8],
    until: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.body.read(buffer)
    }
}

fn read(
    mut decoder: impl Read,
    limits: Limits,
    reservation: &mut Reservation,
) -> Result<Bytes, DecompressionError> {
    let mut all = Vec::new();
    loop {
        let before = all.len();
        let step = decoder.by_ref().take(STEP).read_to_end(&mut all);
        step.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => DecompressionError::TimedOut,
            _ => DecompressionError::Malformed,
        })?;
        let more = all.len() - before;
        if more == 0 {
            return Ok(all.into());
        }
        if all.len() > limits.bytes {
            return Err(DecompressionError::TooLarge);
        }
        if Instant::now() >= limits.until {
            return Err(DecompressionError::TimedOut);
        }
        reservation.grow(more).map_err(|_| DecompressionError::NoRoom)?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::Duration;

    use super::super::budget::Budget;
    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decompress(body: &[u8], bytes: usize, budget: usize) -> Result<Bytes, DecompressionError> {
        let until = Instant::now() + Duration::from_secs(600);
        Coding::Gzip.decompress(body, Limits { bytes, until }, &mut Budget::new(budget).open())
    }

    #[test]
    fn an_empty_body_times_out() {
        let empty = gzip(b"").repeat(10_000);
        assert_eq!(decompress(&empty, 100, 100).unwrap(), "");
        let limits = Limits { bytes: 100, until: Instant::now() };
        let late = Coding::Gzip.decompress(&empty, limits, &mut Budget::new(100).open());
        assert_eq!(late, Err(DecompressionError::TimedOut));
    }

    #[test]
    fn all_members_of_a_gzip_body_are_read() {
        let members = [gzip(b"one, "), gzip(b"two")].concat();
        assert_eq!(decompress(&members, 100, 100).unwrap(), "one, two");
    }

    #[test]
    fn data_after_the_last_member_is_rejected() {
        let trailing = [gzip(b"one"), b"not gzip".to_vec()].concat();
        assert_eq!(decompress(&trailing, 100, 100), Err(DecompressionError::Malformed));
    }

    #[test]
    fn decompression_stops_at_the_limit_and_at_the_budget() {
        let bomb = gzip(&vec![b' '; 10 << 20]);
        assert_eq!(decompress(&bomb, 1 << 20, usize::MAX), Err(DecompressionError::TooLarge));
        assert_eq!(decompress(&bomb, usize::MAX, 1 << 20), Err(DecompressionError::NoRoom));
        assert_eq!(
            decompress(&bomb[..bomb.len() / 2], usize::MAX, usize::MAX),
            Err(DecompressionError::Malformed)
        );
    }
}
