//! Servers behind a proxy that is set in the environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use crate::support::{check, run};

/// A proxy that rejects its first client. Returns its address and the request line that it receives.
fn proxy() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let request = thread::spawn(move || {
        let mut client = listener.accept().unwrap().0;
        let lines = BufReader::new(client.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").unwrap();
        head[0].clone()
    });
    (address, request)
}

#[test]
fn proxy_of_the_scheme_is_used_and_named_without_credentials() {
    for (variable, scheme, port) in [("http_proxy", "http", 80), ("HTTPS_PROXY", "https", 443)] {
        let (address, request) = proxy();
        let mut command = check();
        command.env(variable, format!("http://user:canary@{address}"));
        let (status, stdout, stderr) = run(command.arg(format!("{scheme}://connector.example")));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert_eq!(request.join().unwrap(), format!("CONNECT connector.example:{port} HTTP/1.1"));
        let expected = format!(
            "cannot connect to {scheme}://connector.example through the proxy http://{address} ({variable}): "
        );
        assert!(stderr.contains(&expected) && !stderr.contains("canary"), "{stderr}");
        assert!(stderr.contains("NO_PROXY"), "{stderr}");
    }
}

#[test]
fn proxy_is_not_used_for_other_schemes_and_excluded_hosts() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let unused_url = format!("http://127.0.0.1:{port}");
    for variables in [
        &[("HTTPS_PROXY", "http://proxy.invalid")][..],
        &[("http_proxy", "http://proxy.invalid"), ("NO_PROXY", "127.0.0.0/8")],
    ] {
        let (status, _, stderr) = run(check().envs(variables.iter().copied()).arg(&unused_url));
        assert_eq!(status, 3);
        assert!(stderr.contains(&format!("cannot connect to {unused_url}: ")), "{stderr}");
        assert!(!stderr.contains("proxy"), "{stderr}");
    }
}

#[test]
fn unsupported_proxy_is_a_usage_error() {
    let (status, _, stderr) =
        run(check().env("ALL_PROXY", "socks5://user:canary@h:1").arg("http://connector.example"));
    assert_eq!(status, 2);
    assert!(stderr.contains("ALL_PROXY: SOCKS proxies are not supported"), "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
}
