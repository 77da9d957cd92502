//! Servers behind TLS must have a trusted certificate.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::{check, mock_fixture, run, serving};

/// A certificate authority: its certificate in PEM, and the issuer that signs with its key.
fn authority(name: &str) -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), Issuer::new(params, key))
}

/// TLS configuration of a server with a certificate for `host`.
fn config(host: &str, issuer: &Issuer<'_, KeyPair>) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([host.to_owned()]).unwrap().signed_by(&key, issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        );
    Arc::new(config.unwrap())
}

/// Starts a TLS proxy in front of `address` that runs until the tests end, and returns its URL.
fn in_front_of(address: &str, config: Arc<ServerConfig>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let address = address.to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (config, address) = (Arc::clone(&config), address.clone());
            // A client that doesn't trust the certificate disconnects.
            thread::spawn(move || client.and_then(|client| forward(client, config, &address)));
        }
    });
    url
}

/// Forwards one request and its response. The server is told to close the connection.
fn forward(client: TcpStream, config: Arc<ServerConfig>, address: &str) -> io::Result<()> {
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut client = BufReader::new(StreamOwned::new(connection, client));
    let (mut request, mut length) = (String::new(), 0);
    client.read_line(&mut request)?;
    request.push_str("connection: close\r\n");
    loop {
        let mut line = String::new();
        client.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        request.push_str(&line);
        if line.trim().is_empty() {
            break;
        }
    }
    let mut request = request.into_bytes();
    client.by_ref().take(length).read_to_end(&mut request)?;
    let mut server = TcpStream::connect(address)?;
    server.write_all(&request)?;
    let mut response = Vec::new();
    server.read_to_end(&mut response)?;
    let mut client = client.into_inner();
    client.write_all(&response)?;
    client.conn.send_close_notify();
    client.flush()
}

#[test]
fn authority_in_ssl_cert_file_is_trusted() {
    let server = serving();
    let (trusted, issuer) = authority("the right one");
    let url = in_front_of(server.url().trim_start_matches("http://"), config("127.0.0.1", &issuer));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    fs::write(&file, trusted).unwrap();
    let mut command = check();
    command.args([&url, "--fixture"]).arg(mock_fixture()).env("SSL_CERT_FILE", &file);
    let (status, stdout, stderr) = run(&mut command);
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert!(stdout.contains(" 0 failed, 7 not run\n"), "{stdout}");
}

#[test]
fn unknown_authority_exits_with_3_and_a_hint() {
    let (_, issuer) = authority("the right one");
    let (other, _) = authority("another one");
    let (namesake, _) = authority("the right one");
    let url = in_front_of("127.0.0.1:1", config("127.0.0.1", &issuer));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("other.pem"), other).unwrap();
    fs::write(path("namesake.pem"), namesake).unwrap();
    for name in [None, Some("other.pem"), Some("namesake.pem"), Some("missing.pem")] {
        let mut command = check();
        let (status, stdout, stderr) =
            run(command.arg(&url).envs(name.map(|name| ("SSL_CERT_FILE", path(name)))));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert!(stderr.starts_with(&format!("error: the certificate of {url} is not trusted: ")), "{stderr}");
        let hint = "; set SSL_CERT_FILE to a PEM file with the issuer's certificate\n";
        assert!(stderr.ends_with(hint), "{name:?} {stderr}");
    }
}

#[test]
fn certificate_for_another_name_exits_with_3_and_shows_the_name() {
    let (trusted, issuer) = authority("the right one");
    let url = in_front_of("127.0.0.1:1", config("elsewhere.example", &issuer));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    fs::write(&file, trusted).unwrap();
    let (status, stdout, stderr) = run(check().arg(&url).env("SSL_CERT_FILE", &file));
    assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
    assert!(stderr.contains(&format!("the certificate of {url} is not trusted: ")), "{stderr}");
    assert!(stderr.contains("elsewhere.example") && !stderr.contains("SSL_CERT_FILE"), "{stderr}");
}

#[test]
fn server_without_tls_exits_with_3() {
    let server = serving();
    let url = server.url().replace("http://", "https://");
    let (status, stdout, stderr) = run(check().arg(&url));
    assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
    assert!(stderr.contains(&format!("cannot connect to {url}")), "{stderr}");
}
