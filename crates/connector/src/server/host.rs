//! The host that a request names.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::request::Parts;
use axum::http::{StatusCode, Version, header};

use super::head::Rejection;

const INVALID: Rejection =
    (StatusCode::BAD_REQUEST, "a request must name its host once, in one valid header `Host`");
const ELSEWHERE: Rejection = (
    StatusCode::MISDIRECTED_REQUEST,
    "the host must be localhost, a loopback address, or one that this server allows",
);

/// A host that a [`Server`](super::Server) answers to: a name such as `connectors.example`, or an IP address. It has no
/// port, because it stands for all ports of the host.
///
/// ```
/// use connector::server::HostName;
///
/// let host: HostName = "Connectors.Example".parse()?;
/// assert_eq!(host.to_string(), "connectors.example");
/// assert!("https://connectors.example".parse::<HostName>().is_err());
/// # Ok::<(), connector::server::InvalidHostName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(Host);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    /// In lowercase.
    Name(String),
}

/// The error for a string that isn't a [`HostName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a host: expected a name or an address without scheme and port, such as connectors.example")]
#[non_exhaustive]
pub struct InvalidHostName;

impl FromStr for HostName {
    type Err = InvalidHostName;

    /// Parses an ASCII name or an address. An IPv6 address may be in brackets, as in a URL.
    fn from_str(text: &str) -> Result<Self, InvalidHostName> {
        let literal = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Some(literal) = literal {
            let address: Ipv6Addr = literal.parse().map_err(|_| InvalidHostName)?;
            return Ok(Self(Host::Address(address.into())));
        }
        if let Ok(address) = text.parse() {
            return Ok(Self(Host::Address(address)));
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if text.is_empty() || !text.bytes().all(is_name) {
            return Err(InvalidHostName);
        }
        Ok(Self(Host::Name(text.to_ascii_lowercase())))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Host::Address(address) => address.fmt(f),
            Host::Name(name) => f.write_str(name),
        }
    }
}

impl HostName {
    /// Whether the host `name` of a request is this host.
    fn is(&self, name: &str) -> bool {
        match &self.0 {
            Host::Address(address) => name.parse() == Ok(*address),
            Host::Name(own) => own.eq_ignore_ascii_case(name),
        }
    }
}

/// Checks that a request names one host (RFC 9112, section 3.2; RFC 9113, section 8.3.1). If there are `allowed` hosts,
/// it must be one of them or this machine. A server on a loopback address needs this check: a website can resolve its own
/// name to 127.0.0.1, and its pages can then call this server as if it were theirs (DNS rebinding).
///
/// HTTP/1.0 allows requests without a host. With `allowed` hosts, these are rejected too: a proxy may have removed the name.
pub(super) fn check(head: &Parts, allowed: Option<&[HostName]>) -> Result<(), Rejection> {
    let mut hosts = head.headers.get_all(header::HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    let host = match host.map(|host| host.to_str()).transpose() {
        Ok(host) if second.is_none() && host.is_none_or(is_valid) => host,
        _ => return Err(INVALID),
    };
    let authority = head.uri.authority();
    let names_host = match head.version {
        Version::HTTP_2 => match (host, authority) {
            (Some(host), Some(authority)) => is_same(host, authority.as_str()),
            (host, authority) => host.is_some() || authority.is_some(),
        },
        Version::HTTP_11 => host.is_some(),
        _ => true,
    };
    if !names_host {
        return Err(INVALID);
    }
    let Some(allowed) = allowed else { return Ok(()) };
    let name = authority.map(|authority| authority.host()).or(host).map(name_of);
    if name.is_some_and(|name| is_this_machine(name) || allowed.iter().any(|host| host.is(name))) {
        return Ok(());
    }
    Err(ELSEWHERE)
}

/// Whether two hosts are equal. The default port is optional (RFC 9110, section 4.2.3).
fn is_same(one: &str, other: &str) -> bool {
    fn bare(host: &str) -> &str {
        host.strip_suffix(":80").or_else(|| host.strip_suffix(':')).unwrap_or(host)
    }
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// Whether this is a host with an optional port (RFC 3986, section 3.2), which may be empty.
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

/// Whether this is a `reg-name`. IPv4 addresses are too.
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

/// The name or address of a valid host, without port and brackets.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn is_this_machine(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_and_loopback_addresses_are_this_machine() {
        for host in ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "127.8.8.8", "[::1]:8000", "[::1]"] {
            assert!(is_this_machine(name_of(host)), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]"]
        {
            assert!(!is_this_machine(name_of(host)), "{host}");
        }
    }

    #[test]
    fn hosts_match_with_any_port_and_any_notation() {
        for (text, hosts) in [
            ("Connectors.Example", &["connectors.example", "CONNECTORS.example:8443"][..]),
            ("10.0.0.1", &["10.0.0.1", "10.0.0.1:80"]),
            ("[2001:db8::1]", &["[2001:DB8:0::1]:80", "[2001:db8::1]"]),
            ("2001:db8::1", &["[2001:db8::1]"]),
        ] {
            let allowed: HostName = text.parse().unwrap();
            assert!(hosts.iter().all(|host| allowed.is(name_of(host))), "{text}");
            for other in
                ["example", "evil.connectors.example", "connectors.example.evil.example", "10.0.0.10"]
            {
                assert!(!allowed.is(name_of(other)), "{text}: {other}");
            }
        }
    }

    #[test]
    fn only_single_hosts_can_be_parsed() {
        for text in [
            "",
            "*",
            "*.example",
            "a.example:80",
            "https://a.example",
            "a.example/path",
            "ada@a.example",
            "a.example, b.example",
            "[a.example]",
            "[10.0.0.1]",
            "[::1",
            "[::1]:80",
            "b\u{fc}ro.example",
        ] {
            assert_eq!(text.parse::<HostName>(), Err(InvalidHostName), "{text}");
        }
    }

    #[test]
    fn the_default_port_is_optional() {
        assert!(is_same("Localhost:80", "localhost") && is_same("localhost:", "localhost:80"));
        assert!(!is_same("localhost:8080", "localhost") && !is_same("localhost:80", "localhost:8080"));
    }
}
