//! [`Server`]: a connector as an HTTP server.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use connector::Secret;
use connector::testing::contract::{Came, Transport};
use rustls::CertificateError;
use rustls::crypto::ring;
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, RequestBuilder};

use super::address::Address;
use super::proxy::Proxy;

/// The most bytes of an answer that are read.
const MOST: u64 = 1 << 30;

/// What to do about a certificate of an unknown issuer. Elsewhere the system itself verifies, and reads no variables.
const TRUST: &str = if cfg!(all(unix, not(target_vendor = "apple"))) {
    "set SSL_CERT_FILE to a PEM file with the issuer's certificate"
} else {
    "add the issuer's certificate to those that the system trusts"
};

/// A connector as an HTTP server: `POST <base>/list-accounts`, `GET <base>/info`.
pub(super) struct Server {
    address: Address,
    token: Option<Secret>,
    proxy: Option<Proxy>,
    agent: Agent,
    timeout: Duration,
}

impl Server {
    pub(super) fn new(
        address: Address,
        token: Option<Secret>,
        proxy: Option<Proxy>,
        timeout: Duration,
    ) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // A status says less than the answer, which is there in any case.
            .http_status_as_error(false)
            .proxy(proxy.as_ref().map(Proxy::for_agent))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .build();
        Self { address, token, proxy, agent: config.into(), timeout }
    }

    fn authorized<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {}", token.expose())),
            None => request,
        }
    }

    fn unreached(&self, error: &ureq::Error) -> io::Error {
        let address = self.address.shown();
        let way = self.proxy.as_ref().map(|proxy| format!(" through the proxy {}", proxy.shown()));
        let way = way.unwrap_or_default();
        let tls = match error {
            ureq::Error::Io(error) => error.get_ref().and_then(|error| error.downcast_ref()),
            ureq::Error::Rustls(error) => Some(error),
            _ => None,
        };
        let why = match tls {
            // A signature is bad if an issuer of this name is known, but has another key.
            Some(rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            )) => {
                format!("its issuer is unknown; {TRUST}")
            }
            Some(rustls::Error::InvalidCertificate(CertificateError::Other(why))) => why.0.to_string(),
            Some(rustls::Error::InvalidCertificate(why)) => why.to_string(),
            // There is nothing to verify with.
            Some(rustls::Error::General(why)) => format!("{why}; {TRUST}"),
            Some(error) => {
                return io::Error::other(format!("{address} cannot be reached by TLS{way}: {error}"));
            }
            None if way.is_empty() => {
                return io::Error::other(format!("{address} cannot be reached: {error}"));
            }
            None => {
                return io::Error::other(format!(
                    "{address} cannot be reached{way}: {error}; NO_PROXY lists hosts to reach without one"
                ));
            }
        };
        io::Error::other(format!("the certificate of {address} is not trusted{way}: {why}"))
    }

    fn late(&self) -> Came {
        Came::default().ended(format!("no answer within {:?}", self.timeout))
    }
}

impl Transport for Server {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<Came> {
        let url = self.address.join(capability);
        let sent = if request.is_empty() {
            self.authorized(self.agent.get(&url)).call()
        } else {
            let post = self.agent.post(&url).header("Content-Type", "application/json");
            self.authorized(post).send(request)
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(ureq::Error::Timeout(_)) => return Ok(self.late()),
            // It is there, and breaks down.
            Err(ureq::Error::Protocol(_)) => return Ok(Came::default().ended("what is no HTTP")),
            Err(ureq::Error::Io(error))
                if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) =>
            {
                return Ok(Came::default().ended("the connection broke off"));
            }
            Err(error) => return Err(self.unreached(&error)),
        };
        let status = response.status();
        // A connector's own `unauthorized` does not come with this head.
        if status.as_u16() == 401 && response.headers().contains_key("www-authenticate") {
            let what = match &self.token {
                Some(_) => "does not take the token",
                None if self.address.has_user() => "does not take the user and password",
                None => "asks for a token: name the variable that holds it with --token-env",
            };
            return Err(io::Error::other(format!("{} {what}", self.address.shown())));
        }
        let headers = headers(&response);
        let body = match response.body_mut().with_config().limit(MOST).read_to_vec() {
            Ok(body) => body,
            Err(ureq::Error::Timeout(_)) => return Ok(self.late()),
            Err(_) => return Ok(Came::default().besides(headers).ended("an answer that breaks off")),
        };
        let came = Came::new(body).besides(headers);
        Ok(if status.is_success() { came } else { came.ended(format!("HTTP status {}", status.as_u16())) })
    }
}

fn headers(response: &Response<Body>) -> String {
    let mut headers = String::new();
    for (name, value) in response.headers() {
        // Writing to a string cannot fail.
        let _ = writeln!(headers, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    headers
}
