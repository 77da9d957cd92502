//! [`Proxy`]: what stands between this program and a server, as the environment says.

use std::net::IpAddr;

use ipnet::IpNet;
use ureq::ProxyProtocol;
use ureq::http::Uri;

use crate::stop::Stop;

/// The proxy for a server, and the variable that names it.
#[derive(Debug)]
pub(super) struct Proxy {
    variable: &'static str,
    proxy: ureq::Proxy,
}

impl Proxy {
    /// The proxy for the server at `address`, by curl's rules but for one. curl ignores `HTTP_PROXY` in capitals, since
    /// a CGI server sets it from a header of the request. This program answers no requests, so it reads both.
    ///
    /// # Errors
    /// If the variable that counts names no proxy, or one of a kind that cannot be used.
    pub(super) fn find(
        address: &Uri,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Option<Self>, Stop> {
        let is_https = address.scheme_str() == Some("https");
        let names = if is_https { ["https_proxy", "HTTPS_PROXY"] } else { ["http_proxy", "HTTP_PROXY"] };
        let first = |names: &[&'static str]| {
            names
                .iter()
                .find_map(|name| Some((*name, variable(name).filter(|value| !value.trim().is_empty())?)))
        };
        let named = first(&names).or_else(|| first(&["all_proxy", "ALL_PROXY"]));
        let Some((name, value)) = named else { return Ok(None) };
        let port = address.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let direct = first(&["no_proxy", "NO_PROXY"]).map(|(_, list)| list).unwrap_or_default();
        if is_direct(&direct, address.host().unwrap_or_default(), port) {
            return Ok(None);
        }
        // It may hold a password, so it is not repeated.
        let wrong =
            |why: &str| Stop::usage(format!("{name}: {why}; expected an address such as http://proxy:3128"));
        let proxy = ureq::Proxy::new(value.trim()).map_err(|_| wrong("not the address of a proxy"))?;
        match proxy.protocol() {
            ProxyProtocol::Http | ProxyProtocol::Https => Ok(Some(Self { variable: name, proxy })),
            _ => Err(wrong("a SOCKS proxy cannot be used")),
        }
    }

    pub(super) fn for_agent(&self) -> ureq::Proxy {
        self.proxy.clone()
    }

    /// For messages: without user and password.
    pub(super) fn shown(&self) -> String {
        let scheme = if self.proxy.protocol() == ProxyProtocol::Https { "https" } else { "http" };
        format!("{scheme}://{}:{} ({})", self.proxy.host(), self.proxy.port(), self.variable)
    }
}

/// Whether `NO_PROXY` lists the host.
fn is_direct(list: &str, host: &str, port: u16) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    let mut entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
    entries.any(|entry| {
        // The colons of an IPv6 address separate no port.
        let (name, only) = match entry.rsplit_once(':') {
            Some((name, only))
                if !entry.ends_with(']')
                    && entry.parse::<IpAddr>().is_err()
                    && entry.parse::<IpNet>().is_err() =>
            {
                (name, Some(only))
            }
            _ => (entry, None),
        };
        only.is_none_or(|only| only.parse() == Ok(port)) && names(name, &host)
    })
}

/// Whether an entry of `NO_PROXY`, without its port, names the host.
fn names(entry: &str, host: &str) -> bool {
    if entry == "*" {
        return true;
    }
    let entry = entry.trim_matches(['[', ']']);
    if let Ok(address) = host.parse::<IpAddr>() {
        let is_network = entry.parse::<IpNet>().is_ok_and(|network| network.contains(&address));
        return is_network || entry.parse() == Ok(address);
    }
    // A name stands for itself and all below it, with a dot before it or without.
    let name = entry.trim_start_matches('*').trim_matches('.').to_ascii_lowercase();
    let above = host.strip_suffix(name.as_str()).filter(|_| !name.is_empty());
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(address: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxy::find(&address.parse().unwrap(), variable).map_err(|stop| stop.message)?;
        Ok(proxy.map(|proxy| proxy.shown()))
    }

    #[test]
    fn the_variable_of_the_scheme_names_the_proxy_and_else_that_for_all() {
        let all =
            [("HTTP_PROXY", "http://a:1"), ("https_proxy", "u:canary@b:2"), ("ALL_PROXY", "http://c:3")];
        for (address, variables, told) in [
            ("http://h", &all[..], Some("http://a:1 (HTTP_PROXY)")),
            ("https://h", &all, Some("http://b:2 (https_proxy)")),
            ("http://h", &all[1..], Some("http://c:3 (ALL_PROXY)")),
            ("http://h", &all[1..2], None),
            ("https://h", &all[..1], None),
            (
                "http://h",
                &[("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://d:4")],
                Some("http://d:4 (http_proxy)"),
            ),
            (
                "http://h",
                &[("http_proxy", ""), ("ALL_PROXY", "https://c")],
                Some("https://c:443 (ALL_PROXY)"),
            ),
        ] {
            assert_eq!(found(address, variables).unwrap().as_deref(), told, "{address} {variables:?}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named_by_its_variable() {
        for value in ["socks5://u:canary@h:1", "http://", "ftp://canary", "can ary"] {
            let told = found("http://h", &[("http_proxy", value)]).unwrap_err();
            assert!(
                told.starts_with("http_proxy: ") && !told.contains("ary@") && !told.contains("canary"),
                "{told}"
            );
        }
    }

    #[test]
    fn no_proxy_lists_names_addresses_and_networks_each_with_a_port_or_without() {
        for (list, host, port, expected) in [
            ("*", "10.1.2.3", 80, true),
            ("example.com", "example.com", 80, true),
            ("example.com", "a.EXAMPLE.com.", 80, true),
            (".example.com", "example.com", 80, true),
            ("*.example.com", "a.example.com", 80, true),
            ("example.com", "notexample.com", 80, false),
            ("a.example.com, other", "other", 80, true),
            ("a b", "b", 80, true),
            ("example.com:8080", "example.com", 8080, true),
            ("example.com:8080", "example.com", 80, false),
            ("*:8080", "x", 8080, true),
            ("10.0.0.0/8", "10.1.2.3", 80, true),
            ("10.0.0.0/8", "11.1.2.3", 80, false),
            ("10.0.0.0/8:8000", "10.1.2.3", 80, false),
            ("127.0.0.1", "127.0.0.1", 80, true),
            ("127.0.0.1:8000", "127.0.0.1", 8000, true),
            ("::1", "[::1]", 80, true),
            ("[::1]", "[::1]", 80, true),
            ("[::1]:8000", "[::1]", 8000, true),
            ("[::1]:8000", "[::1]", 80, false),
            ("fd00::/8", "[fd12::1]", 80, true),
            ("0.0.1", "127.0.0.1", 80, false),
            ("", "x", 80, false),
            (".,:80", "x", 80, false),
        ] {
            assert_eq!(is_direct(list, host, port), expected, "{list:?} {host} {port}");
        }
    }
}
