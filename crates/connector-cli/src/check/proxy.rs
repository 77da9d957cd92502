//! [`Proxy`]: the HTTP proxy that the environment variables select for a server.

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
    /// Finds the proxy for the server at `address`. The rules are curl's, with one exception: curl ignores uppercase
    /// `HTTP_PROXY`, because a CGI server sets it from a request header. This program doesn't serve requests, so it
    /// reads both.
    ///
    /// # Errors
    /// If the variable isn't the address of a proxy, or names an unsupported kind of proxy.
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
        let excluded = first(&["no_proxy", "NO_PROXY"]).map(|(_, list)| list).unwrap_or_default();
        if is_excluded(&excluded, address.host().unwrap_or_default(), port) {
            return Ok(None);
        }
        // The value may contain a password, so don't repeat it.
        let invalid =
            |why: &str| Stop::usage(format!("{name}: {why}; expected a URL such as http://proxy:3128"));
        let proxy = ureq::Proxy::new(value.trim()).map_err(|_| invalid("not a proxy URL"))?;
        match proxy.protocol() {
            ProxyProtocol::Http | ProxyProtocol::Https => Ok(Some(Self { variable: name, proxy })),
            _ => Err(invalid("SOCKS proxies are not supported")),
        }
    }

    pub(super) fn for_agent(&self) -> ureq::Proxy {
        self.proxy.clone()
    }

    /// The proxy for messages, without user and password.
    pub(super) fn redacted(&self) -> String {
        let scheme = if self.proxy.protocol() == ProxyProtocol::Https { "https" } else { "http" };
        format!("{scheme}://{}:{} ({})", self.proxy.host(), self.proxy.port(), self.variable)
    }
}

/// Whether `NO_PROXY` lists the host.
fn is_excluded(list: &str, host: &str, port: u16) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    let mut entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
    entries.any(|entry| {
        // The last colon of an IPv6 address doesn't separate a port.
        let (name, entry_port) = match entry.rsplit_once(':') {
            Some((name, entry_port))
                if !entry.ends_with(']')
                    && entry.parse::<IpAddr>().is_err()
                    && entry.parse::<IpNet>().is_err() =>
            {
                (name, Some(entry_port))
            }
            _ => (entry, None),
        };
        entry_port.is_none_or(|entry_port| entry_port.parse() == Ok(port)) && matches_entry(name, &host)
    })
}

/// Whether an entry of `NO_PROXY`, without its port, matches the host.
fn matches_entry(entry: &str, host: &str) -> bool {
    if entry == "*" {
        return true;
    }
    let entry = entry.trim_matches(['[', ']']);
    if let Ok(address) = host.parse::<IpAddr>() {
        let is_network = entry.parse::<IpNet>().is_ok_and(|network| network.contains(&address));
        return is_network || entry.parse() == Ok(address);
    }
    // A name matches itself and its subdomains, with or without a leading dot.
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
        Ok(proxy.map(|proxy| proxy.redacted()))
    }

    #[test]
    fn proxy_is_chosen_by_scheme_then_all_proxy() {
        let all =
            [("HTTP_PROXY", "http://a:1"), ("https_proxy", "u:canary@b:2"), ("ALL_PROXY", "http://c:3")];
        for (address, variables, expected) in [
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
            assert_eq!(found(address, variables).unwrap().as_deref(), expected, "{address} {variables:?}");
        }
    }

    #[test]
    fn unusable_proxy_errors_name_the_variable() {
        for value in ["socks5://u:canary@h:1", "http://", "ftp://canary", "can ary"] {
            let message = found("http://h", &[("http_proxy", value)]).unwrap_err();
            assert!(
                message.starts_with("http_proxy: ")
                    && !message.contains("ary@")
                    && !message.contains("canary"),
                "{message}"
            );
        }
    }

    #[test]
    fn no_proxy_matches_names_addresses_networks_and_ports() {
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
            assert_eq!(is_excluded(list, host, port), expected, "{list:?} {host} {port}");
        }
    }
}
