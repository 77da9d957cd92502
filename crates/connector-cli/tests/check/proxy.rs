//! Servers behind a proxy that the environment names.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use crate::support::{check, ended};

/// A proxy that refuses its first client: its address, and what it was asked for.
fn proxy() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = thread::spawn(move || {
        let mut client = listener.accept().unwrap().0;
        let lines = BufReader::new(client.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").unwrap();
        head[0].clone()
    });
    (address, asked)
}

#[test]
fn the_proxy_of_the_scheme_is_asked_and_named_without_its_credentials() {
    for (variable, scheme, port) in [("http_proxy", "http", 80), ("HTTPS_PROXY", "https", 443)] {
        let (address, asked) = proxy();
        let mut command = check();
        command.env(variable, format!("http://user:canary@{address}"));
        let (status, stdout, stderr) = ended(command.arg(format!("{scheme}://connector.example")));
        assert_eq!((status, stdout.as_str()), (3, ""), "{stderr}");
        assert_eq!(asked.join().unwrap(), format!("CONNECT connector.example:{port} HTTP/1.1"));
        let told = format!(
            "{scheme}://connector.example cannot be reached through the proxy http://{address} ({variable}): "
        );
        assert!(stderr.contains(&told) && !stderr.contains("canary"), "{stderr}");
        assert!(stderr.contains("NO_PROXY"), "{stderr}");
    }
}

#[test]
fn the_proxy_of_another_scheme_and_of_a_host_in_no_proxy_is_not_asked() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}");
    for variables in [
        &[("HTTPS_PROXY", "http://proxy.invalid")][..],
        &[("http_proxy", "http://proxy.invalid"), ("NO_PROXY", "127.0.0.0/8")],
    ] {
        let (status, _, stderr) = ended(check().envs(variables.iter().copied()).arg(&nobody));
        assert_eq!(status, 3);
        assert!(stderr.contains(&format!("{nobody} cannot be reached: ")), "{stderr}");
        assert!(!stderr.contains("proxy"), "{stderr}");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_a_mistake() {
    let (status, _, stderr) =
        ended(check().env("ALL_PROXY", "socks5://user:canary@h:1").arg("http://connector.example"));
    assert_eq!(status, 2);
    assert!(stderr.contains("ALL_PROXY: a SOCKS proxy cannot be used"), "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
}
