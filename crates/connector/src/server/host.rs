//! The machine that a request names.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::request::Parts;
use axum::http::{StatusCode, Version, header};

use super::head::Rejection;

const INVALID: Rejection =
    (StatusCode::BAD_REQUEST, "a request must name its host once, in one valid header `Host`");
const ELSEWHERE: Rejection =
    (StatusCode::MISDIRECTED_REQUEST, "this server answers only to localhost and its addresses");

/// Checks that a request names one host (RFC 9112, section 3.2; RFC 9113, section 8.3.1), and if it `is_local`, that this
/// is a name of this machine. What comes to a loopback address must be: a page on the internet may have its name
/// resolved to 127.0.0.1 and then speak to this server as if it were its own (DNS rebinding).
pub(super) fn check(head: &Parts, is_local: bool) -> Result<(), Rejection> {
    let mut given = head.headers.get_all(header::HOST).iter();
    let (host, second) = (given.next(), given.next());
    let host = match host.map(|host| host.to_str()).transpose() {
        Ok(host) if second.is_none() && host.is_none_or(is_valid) => host,
        _ => return Err(INVALID),
    };
    let authority = head.uri.authority();
    let is_told = match head.version {
        Version::HTTP_2 => match (host, authority) {
            (Some(host), Some(authority)) => is_same(host, authority.as_str()),
            (host, authority) => host.is_some() || authority.is_some(),
        },
        Version::HTTP_11 => host.is_some(),
        _ => true,
    };
    if !is_told {
        return Err(INVALID);
    }
    if is_local && !authority.map(|authority| authority.host()).or(host).is_some_and(is_this_machine) {
        return Err(ELSEWHERE);
    }
    Ok(())
}

/// Whether two hosts are one: the port of HTTP may be left out (RFC 9110, section 4.2.3).
fn is_same(one: &str, other: &str) -> bool {
    fn bare(host: &str) -> &str {
        host.strip_suffix(":80").or_else(|| host.strip_suffix(':')).unwrap_or(host)
    }
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// Whether this is a host with or without a port (RFC 3986, section 3.2), which may be empty.
fn is_valid(host: &str) -> bool {
    let (is_name_valid, port) = match host.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((address, port)) => (address.parse::<Ipv6Addr>().is_ok(), port),
            None => return false,
        },
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            (is_name(name.as_bytes()), port)
        }
    };
    let digits = if port.is_empty() { Some("") } else { port.strip_prefix(':') };
    is_name_valid && digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Whether this is a `reg-name`, of which an IPv4 address is one.
fn is_name(mut name: &[u8]) -> bool {
    while let [first, rest @ ..] = name {
        name = match (first, rest) {
            (b'%', [high, low, rest @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            (byte, rest) if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte) => rest,
            _ => return false,
        };
    }
    true
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_and_their_name_are_this_machine() {
        for host in ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "127.8.8.8", "[::1]:8000", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]"]
        {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn the_port_of_http_may_be_left_out() {
        assert!(is_same("Localhost:80", "localhost") && is_same("localhost:", "localhost:80"));
        assert!(!is_same("localhost:8080", "localhost") && !is_same("localhost:80", "localhost:8080"));
    }
}
