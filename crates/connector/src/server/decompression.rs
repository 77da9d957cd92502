//! Request bodies that arrive compressed.

use std::io::{self, Read};
use std::time::Instant;

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
/// How large the window of Zstandard may be, as a power of two: 8 MiB, as RFC 9659 has it for HTTP.
#[cfg(feature = "zstd")]
const WINDOW: u32 = 23;
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

/// How far a body is decompressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many bytes it may become.
    pub(super) bytes: usize,
    /// When it is given up.
    pub(super) until: Instant,
}

/// Why a body could not be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Undecoded {
    TooLarge,
    /// All bodies together would take more memory than they may.
    NoRoom,
    Late,
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

    /// `body` as it was before it was compressed, within `limits`, charged to `reservation`.
    pub(super) fn decompress(
        self,
        body: &[u8],
        limits: Limits,
        reservation: &mut Reservation,
    ) -> Result<Bytes, Undecoded> {
        let body = Timed { body, until: limits.until };
        match self {
            Self::Gzip => read(flate2::read::MultiGzDecoder::new(body), limits, reservation),
            #[cfg(feature = "brotli")]
            Self::Brotli => {
                let mut body = body;
                let read = read(brotli::Decompressor::new(&mut body, BUFFER), limits, reservation)?;
                // The decoder stops at the end of its stream; what follows would be lost in silence.
                if body.body.is_empty() { Ok(read) } else { Err(Undecoded::Broken) }
            }
            #[cfg(feature = "zstd")]
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(body).map_err(|_| Undecoded::Broken)?;
                decoder.window_log_max(WINDOW).map_err(|_| Undecoded::Broken)?;
                read(decoder, limits, reservation)
            }
        }
    }
}

/// A compressed body that can be read until its time is over, even if nothing comes of it.
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

fn read(mut decoder: impl Read, limits: Limits, reservation: &mut Reservation) -> Result<Bytes, Undecoded> {
    let mut all = Vec::new();
    loop {
        let before = all.len();
        let step = decoder.by_ref().take(STEP).read_to_end(&mut all);
        step.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => Undecoded::Late,
            _ => Undecoded::Broken,
        })?;
        let more = all.len() - before;
        if more == 0 {
            return Ok(all.into());
        }
        if all.len() > limits.bytes {
            return Err(Undecoded::TooLarge);
        }
        if Instant::now() >= limits.until {
            return Err(Undecoded::Late);
        }
        reservation.grow(more).map_err(|_| Undecoded::NoRoom)?;
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

    fn decompress(body: &[u8], bytes: usize, budget: usize) -> Result<Bytes, Undecoded> {
        let until = Instant::now() + Duration::from_secs(600);
        Coding::Gzip.decompress(body, Limits { bytes, until }, &mut Budget::new(budget).open())
    }

    #[test]
    fn a_body_that_becomes_nothing_is_given_up_when_its_time_is_over() {
        let empty = gzip(b"").repeat(10_000);
        assert_eq!(decompress(&empty, 100, 100).unwrap(), "");
        let limits = Limits { bytes: 100, until: Instant::now() };
        let late = Coding::Gzip.decompress(&empty, limits, &mut Budget::new(100).open());
        assert_eq!(late, Err(Undecoded::Late));
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
