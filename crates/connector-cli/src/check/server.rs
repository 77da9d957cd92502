//! [`Server`]: a connector that runs as an HTTP server.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use connector::Secret;
use connector::testing::contract::{CallOutput, Transport};
use rustls::CertificateError;
use rustls::crypto::ring;
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, RequestBuilder};

use super::address::Address;
use super::proxy::Proxy;

/// Maximum size of a response body, in bytes.
const MAX_BODY_BYTES: u64 = 1 << 30;

/// How to trust an unknown issuer. On other systems the operating system verifies certificates and ignores variables.
const TRUST_HINT: &str = if cfg!(all(unix, not(target_vendor = "apple"))) {
    "set SSL_CERT_FILE to a PEM file with the issuer's certificate"
} else {
    "add the issuer's certificate to the system's trust store"
};

/// A connector that runs as an HTTP server: `POST <base>/list-accounts`, `GET <base>/info`.
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
            // Error statuses come with a response body too, and it says more.
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

    fn connection_error(&self, error: &ureq::Error) -> io::Error {
        let address = self.address.redacted();
        let via = self.proxy.as_ref().map(|proxy| format!(" through the proxy {}", proxy.redacted()));
        let via = via.unwrap_or_default();
        let tls = match error {
            ureq::Error::Io(error) => error.get_ref().and_then(|error| error.downcast_ref()),
            ureq::Error::Rustls(error) => Some(error),
            _ => None,
        };
        let why = match tls {
            // `BadSignature` means that an issuer of this name is known, but with a different key.
            Some(rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            )) => {
                format!("its issuer is unknown; {TRUST_HINT}")
            }
            Some(rustls::Error::InvalidCertificate(CertificateError::Other(why))) => why.0.to_string(),
            Some(rustls::Error::InvalidCertificate(why)) => why.to_string(),
            // No root certificates could be loaded.
            Some(rustls::Error::General(why)) => format!("{why}; {TRUST_HINT}"),
            Some(error) => {
                return io::Error::other(format!("cannot connect to {address} with TLS{via}: {error}"));
            }
            None if via.is_empty() => {
                return io::Error::other(format!("cannot connect to {address}: {error}"));
            }
            None => {
                return io::Error::other(format!(
                    "cannot connect to {address}{via}: {error}; to bypass the proxy for this host, add it to NO_PROXY"
                ));
            }
        };
        io::Error::other(format!("the certificate of {address} is not trusted{via}: {why}"))
    }

    fn timed_out(&self) -> CallOutput {
        CallOutput::default().ended(format!("no response within {:?}", self.timeout))
    }
}

impl Transport for Server {
    fn call(&self, capability: &str, request: &[u8]) -> io::Result<CallOutput> {
        let url = self.address.join(capability);
        let sent = if request.is_empty() {
            self.authorized(self.agent.get(&url)).call()
        } else {
            let post = self.agent.post(&url).header("Content-Type", "application/json");
            self.authorized(post).send(request)
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(ureq::Error::Timeout(_)) => return Ok(self.timed_out()),
            // The server is reachable, but its response is malformed.
            Err(ureq::Error::Protocol(_)) => return Ok(CallOutput::default().ended("malformed HTTP")),
            Err(ureq::Error::Io(error))
                if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) =>
            {
                return Ok(CallOutput::default().ended("the connection was closed"));
            }
            Err(error) => return Err(self.connection_error(&error)),
        };
        let status = response.status();
        // A connector's own `unauthorized` error doesn't have this header.
        if status.as_u16() == 401 && response.headers().contains_key("www-authenticate") {
            let problem = match &self.token {
                Some(_) => "rejects the token",
                None if self.address.has_user() => "rejects the user and password",
                None => "requires a token: pass the name of the variable that holds it with --token-env",
            };
            return Err(io::Error::other(format!("{} {problem}", self.address.redacted())));
        }
        let headers = headers(&response);
        let body = match response.body_mut().with_config().limit(MAX_BODY_BYTES).read_to_vec() {
            Ok(body) => body,
            Err(ureq::Error::Timeout(_)) => return Ok(self.timed_out()),
            Err(_) => return Ok(CallOutput::default().other_output(headers).ended("an incomplete response")),
        };
        let output = CallOutput::new(body).other_output(headers);
        Ok(if status.is_success() {
            output
        } else {
            output.ended(format!("HTTP status {}", status.as_u16()))
        })
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
