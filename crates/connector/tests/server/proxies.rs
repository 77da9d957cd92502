//! Behind reverse proxies.

mod calls;
mod configurations;
mod stops;

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::{Reply, Running};

/// The guide, whose configurations the tests run.
const GUIDE: &str = include_str!("../../../../docs/guide/serving.md");

/// The server's address in the guide.
const GUIDE_ADDRESS: &str = "127.0.0.1:8000";

/// A proxy that runs until it is dropped. It listens on a Unix socket, which needs no free port.
struct Proxy {
    process: Child,
    folder: TempDir,
}

impl Proxy {
    /// nginx, with these lines in its `http` block, where `{socket}` stands for its own socket.
    fn nginx(http: &str) -> Self {
        let run = |folder: &str| {
            let head =
                format!("user root; daemon off; master_process off; error_log {folder}/log; events {{}}");
            let files = format!(
                "access_log off; client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/answers;"
            );
            let http = http.replace("{socket}", &format!("unix:{folder}/socket"));
            let lines = format!("{head} pid {folder}/pid; http {{ {files}\n{http}\n}}\n");
            let args = vec![
                "-p".to_owned(),
                folder.to_owned(),
                "-e".to_owned(),
                format!("{folder}/log"),
                "-c".to_owned(),
            ];
            ("nginx", args, lines)
        };
        Self::start(run)
    }

    /// nginx in front of `server`, with these lines in its `location` block.
    fn nginx_before(server: &Running, location: &str) -> Self {
        let pass = format!("proxy_pass http://{};", server.address);
        Self::nginx(&format!("server {{ listen {{socket}}; location / {{ {pass}\n{location}\n}} }}"))
    }

    /// haproxy, with this configuration, where `{socket}` stands for its own socket.
    fn haproxy(lines: &str) -> Self {
        let run = |folder: &str| {
            let lines = lines.replace("{socket}", &format!("unix@{folder}/socket"));
            ("haproxy", vec!["-q".to_owned(), "-db".to_owned(), "-f".to_owned()], format!("{lines}\n"))
        };
        Self::start(run)
    }

    /// haproxy in front of `server`, with these additional lines.
    fn haproxy_before(server: &Running, more: &str) -> Self {
        let times = "timeout connect 5s\ntimeout client 60s\ntimeout server 60s";
        let address = server.address;
        Self::haproxy(&format!(
            "listen connector\nbind {{socket}}\nmode http\n{times}\nserver connector {address}\n{more}"
        ))
    }

    /// Starts a proxy. `command` gets a folder, and returns the program, its arguments before the name of the configuration
    /// file, and that file's contents.
    fn start(command: impl FnOnce(&str) -> (&'static str, Vec<String>, String)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, args, lines) = command(folder.path().to_str().expect("a path in UTF-8"));
        let file = folder.path().join("configuration");
        std::fs::write(&file, lines).expect("a file");
        let process = Command::new(program).args(args).arg(file).stdin(Stdio::null()).spawn();
        let proxy = Self { process: process.expect("the proxy is installed"), folder };
        for _ in 0..1000 {
            if UnixStream::connect(proxy.folder.path().join("socket")).is_ok() {
                return proxy;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{program} does not listen");
    }

    /// The error log of nginx.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("a log")
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.folder.path().join("socket")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        stream
    }

    /// Sends `head` (without `Host`, length and the final empty line) and `body`.
    fn send(&self, head: &str, body: &[u8]) -> Reply {
        let frame = format!("Host: connectors.example\r\nContent-Length: {}", body.len());
        self.send_framed(&format!("{head}\r\n{frame}"), body)
    }

    /// Sends `head` (without the final empty line) and a body.
    fn send_framed(&self, head: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect();
        write!(stream, "{head}\r\nConnection: close\r\n\r\n").expect("the head is sent");
        let mut reader = stream.try_clone().expect("another handle");
        let answer = std::thread::spawn(move || Reply::read(&mut reader));
        // A body that is rejected may not be read to its end.
        let _ = stream.write_all(body);
        answer.join().expect("an answer")
    }

    fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
    }

    fn post(&self, path: &str, body: &str) -> Reply {
        self.send(&format!("POST {path} HTTP/1.1\r\nContent-Type: application/json"), body.as_bytes())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The guide's configuration in `language`, in front of `server`.
fn from_guide(language: &str, server: &Running) -> String {
    let (_, rest) = GUIDE.split_once(&format!("\n```{language}\n")).expect("such lines");
    let (lines, _) = rest.split_once("\n```\n").expect("their end");
    let lines: Vec<String> = lines
        .lines()
        .filter(|line| !line.contains("ssl_certificate"))
        .map(|line| match line.trim_start().split_once(' ') {
            Some((listen @ ("listen" | "bind"), address))
                if address.contains(":443") || address.contains("443 ssl") =>
            {
                let end = if listen == "listen" { ";" } else { "" };
                format!("{listen} {{socket}}{end}")
            }
            _ => line.replace(GUIDE_ADDRESS, &server.address.to_string()),
        })
        .collect();
    lines.join("\n")
}
