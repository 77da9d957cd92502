//! Behind reverse proxies of others.

mod calls;
mod configurations;
mod stops;

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Reply, Running};

/// The lines of the guide, which the tests run.
const GUIDE: &str = include_str!("../../../../docs/guide/serving.md");

/// What the guide calls the server.
const SERVER_OF_THE_GUIDE: &str = "127.0.0.1:8000";

/// A proxy that runs until it is dropped. It listens on a socket in a folder, so that no port is taken.
struct Proxy {
    process: Child,
    folder: PathBuf,
}

impl Proxy {
    /// nginx, with these lines in its block `http`, of which `{socket}` is where to listen.
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

    /// nginx before `server`, with these lines in its block `location`.
    fn nginx_before(server: &Running, location: &str) -> Self {
        let pass = format!("proxy_pass http://{};", server.address);
        Self::nginx(&format!("server {{ listen {{socket}}; location / {{ {pass}\n{location}\n}} }}"))
    }

    /// haproxy, with this configuration, of which `{socket}` is where to listen.
    fn haproxy(lines: &str) -> Self {
        let run = |folder: &str| {
            let lines = lines.replace("{socket}", &format!("unix@{folder}/socket"));
            ("haproxy", vec!["-q".to_owned(), "-db".to_owned(), "-f".to_owned()], format!("{lines}\n"))
        };
        Self::start(run)
    }

    /// haproxy before `server`, with these lines more.
    fn haproxy_before(server: &Running, more: &str) -> Self {
        let times = "timeout connect 5s\ntimeout client 60s\ntimeout server 60s";
        let address = server.address;
        Self::haproxy(&format!(
            "listen connector\nbind {{socket}}\nmode http\n{times}\nserver connector {address}\n{more}"
        ))
    }

    /// Starts what `command` makes of the name of a folder: a program, its arguments before the name of a file, and what
    /// is in that file.
    fn start(command: impl FnOnce(&str) -> (&'static str, Vec<String>, String)) -> Self {
        static STARTED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = STARTED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("proxy-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (program, args, lines) = command(folder.to_str().expect("a path in UTF-8"));
        let file = folder.join("configuration");
        std::fs::write(&file, lines).expect("a file");
        let process = Command::new(program).args(args).arg(file).stdin(Stdio::null()).spawn();
        let proxy = Self { process: process.expect("the proxy is installed"), folder };
        for _ in 0..1000 {
            if UnixStream::connect(proxy.folder.join("socket")).is_ok() {
                return proxy;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{program} does not listen");
    }

    /// What nginx complains of.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).expect("a log")
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.folder.join("socket")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        stream
    }

    /// Sends `head` (without `Host`, length and the last empty line) and `body`.
    fn send(&self, head: &str, body: &[u8]) -> Reply {
        let frame = format!("Host: connectors.example\r\nContent-Length: {}", body.len());
        self.send_framed(&format!("{head}\r\n{frame}"), body)
    }

    /// Sends `head` (without the last empty line) and what follows.
    fn send_framed(&self, head: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect();
        write!(stream, "{head}\r\nConnection: close\r\n\r\n").expect("the head is sent");
        let mut reader = stream.try_clone().expect("another handle");
        let answer = std::thread::spawn(move || Reply::read(&mut reader));
        // A body that is refused may not be read to its end.
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
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The lines of the guide in `language`, before `server`.
fn of_the_guide(language: &str, server: &Running) -> String {
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
            _ => line.replace(SERVER_OF_THE_GUIDE, &server.address.to_string()),
        })
        .collect();
    lines.join("\n")
}
