//! Compressed bodies.

use async_compression::tokio::bufread::{
    BrotliDecoder, BrotliEncoder, GzipDecoder, GzipEncoder, ZstdDecoder, ZstdEncoder,
};
use connector::server::Server;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::support::{REQUEST, Reply, Running, integration, with_id};

/// The codings, and whether they are enabled.
const CODINGS: [(&str, bool); 3] =
    [("gzip", true), ("br", cfg!(feature = "brotli")), ("zstd", cfg!(feature = "zstd"))];

/// The codings that are enabled.
fn codings() -> impl Iterator<Item = &'static str> {
    CODINGS.into_iter().filter_map(|(coding, is_enabled)| is_enabled.then_some(coding))
}

fn all_of(mut reader: impl AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(reader.read_to_end(&mut bytes)).map(|_| bytes)
}

pub(crate) fn compress(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let compressed = match coding {
        "gzip" => all_of(GzipEncoder::new(bytes)),
        "br" => all_of(BrotliEncoder::new(bytes)),
        _ => all_of(ZstdEncoder::new(bytes)),
    };
    compressed.expect("it is compressed")
}

pub(crate) fn decompress(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let decompressed = match coding {
        "gzip" => all_of(GzipDecoder::new(bytes)),
        "br" => all_of(BrotliDecoder::new(bytes)),
        _ => all_of(ZstdDecoder::new(bytes)),
    };
    decompressed.expect("it is whole")
}

/// Requests a response of many kilobytes.
fn long_response(server: &Running, accept_encoding: &str) -> Reply {
    let head = format!("POST /list_accounts HTTP/1.1\r\nAccept-Encoding: {accept_encoding}");
    server.send(&head, with_id(&"long".repeat(5000)).as_bytes())
}

fn post(server: &Running, coding: &str, body: &[u8]) -> Reply {
    server.send(&format!("POST /list_accounts HTTP/1.1\r\nContent-Encoding: {coding}"), body)
}

#[test]
fn responses_are_encoded_as_requested() {
    let server = Running::start(Server::new(integration("app")));
    let plain = server.post("/list_accounts", &with_id(&"long".repeat(5000)));
    assert!(plain.body.len() > 20_000);
    for coding in codings() {
        let reply = long_response(&server, coding);
        assert_eq!(reply.header("content-encoding"), Some(coding));
        assert_eq!(reply.header("vary"), Some("accept-encoding"));
        assert!(reply.bytes.len() < 2000, "{coding}: {}", reply.bytes.len());
        assert_eq!(decompress(coding, &reply.bytes), plain.bytes, "{coding}");
    }
}

#[test]
fn quality_values_select_the_coding() {
    let server = Running::start(Server::new(integration("app")));
    for (accepted, coding) in [
        ("gzip;q=0.9, zstd;q=0.1", Some("gzip")),
        ("br, gzip;q=0.1", Some(if cfg!(feature = "brotli") { "br" } else { "gzip" })),
        ("gzip, br, zstd", codings().last()),
        ("GZIP;q=0.001", Some("gzip")),
        ("gzip;q=0, br;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("deflate, compress", None),
        ("", None),
        (";;q=,,", None),
    ] {
        let reply = long_response(&server, accepted);
        assert_eq!((reply.status, reply.header("content-encoding")), (200, coding), "{accepted}");
    }
}

#[test]
fn small_responses_are_not_compressed_and_others_only_on_request() {
    let server = Running::start(Server::new(integration("app")));
    let plain = server.post("/list_accounts", &with_id(&"long".repeat(5000)));
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    let small = server.send("POST /list_accounts HTTP/1.1\r\nAccept-Encoding: gzip", REQUEST.as_bytes());
    assert_eq!((small.header("content-encoding"), small.header("vary")), (None, None));
    assert!(small.body.len() < 1024 && small.header("content-length").is_some());
}

#[test]
fn compressed_requests_are_decoded() {
    let server = Running::start(Server::new(integration("app")));
    let expected = server.post("/list_accounts", REQUEST).body;
    for coding in codings().chain(["GZIP", "x-gzip", "identity"]) {
        let body = match coding {
            "identity" => REQUEST.as_bytes().to_owned(),
            "br" | "zstd" => compress(coding, REQUEST.as_bytes()),
            _ => compress("gzip", REQUEST.as_bytes()),
        };
        assert_eq!(post(&server, coding, &body).body, expected, "{coding}");
    }
}

#[test]
fn a_decompressed_body_over_the_limit_is_413() {
    let server = Running::start(Server::new(integration("app")).body_limit(1 << 20));
    let bomb = with_id(&"x".repeat(10 << 20));
    for coding in codings() {
        let reply = post(&server, coding, &compress(coding, bomb.as_bytes()));
        assert_eq!((reply.status, reply.error_code().as_str()), (413, "app.bad_request"), "{coding}");
    }
    let just_fits = with_id(&"x".repeat((1 << 20) - with_id("").len()));
    assert_eq!(post(&server, "gzip", &compress("gzip", just_fits.as_bytes())).status, 200);
}

#[test]
fn a_corrupt_body_is_400_and_an_unknown_coding_415() {
    let server = Running::start(Server::new(integration("app")));
    for coding in codings() {
        let whole = compress(coding, with_id(&"x".repeat(9000)).as_bytes());
        let half = &whole[..whole.len() / 2];
        for corrupt in [half, REQUEST.as_bytes(), b"\0\0\0\0"] {
            let reply = post(&server, coding, corrupt);
            assert_eq!((reply.status, reply.error_code().as_str()), (400, "app.bad_request"), "{coding}");
        }
    }
    let known = codings().collect::<Vec<_>>().join(", ");
    let disabled = CODINGS.into_iter().filter_map(|(coding, is_enabled)| (!is_enabled).then_some(coding));
    for coding in
        ["deflate", "gzip, br", "gzip\r\nContent-Encoding: br", "\u{e4}", ""].into_iter().chain(disabled)
    {
        let reply = post(&server, coding, REQUEST.as_bytes());
        assert_eq!((reply.status, reply.error_code().as_str()), (415, "app.bad_request"), "{coding}");
        assert_eq!(reply.header("accept-encoding"), Some(known.as_str()), "{coding}");
    }
}
