//! `serve` under load, against a hand-written axum handler that answers the same bytes: 16 connections, the page
//! varied from request to request.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::cold;

const SECONDS: &str = "3s";
const ROUNDS: usize = 5;

pub(crate) fn run() -> Result<()> {
    let folder = cold::build()?;
    if Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("serve under load: not run; install wrk (`apt-get install wrk`)");
        return Ok(());
    }
    let silent = Server::start(&folder.join("mock-connector"), &["serve", "-p", "0", "--no-access-log"])?;
    let logging = Server::start(&folder.join("mock-connector"), &["serve", "-p", "0"])?;
    let by_hand = Server::start(&folder.join("by-hand-server"), &[])?;
    println!(
        "serve under load, requests/s       ours    by hand   ratio   p99 ours    by hand   (medians of {ROUNDS})"
    );
    for size in [1, 100] {
        let body = body(size);
        ensure!(silent.answer(&body)? == by_hand.answer(&body)?, "the answers differ before");
        for (name, ours) in [("no access log", &silent), ("access log", &logging)] {
            let (mut rates, mut theirs, mut ratios, mut tails) = (vec![], vec![], vec![], vec![]);
            for _ in 0..ROUNDS {
                let (one, other) = (ours.load(size)?, by_hand.load(size)?);
                rates.push(one.rate);
                theirs.push(other.rate);
                ratios.push(one.rate / other.rate);
                tails.push((one.p99, other.p99));
            }
            tails.sort_by(|one, other| one.0.total_cmp(&other.0));
            let (tail, other_tail) = tails[ROUNDS / 2];
            println!(
                "{size:>4} accounts, {name:<14} {:>9.0} {:>10.0} {:>7.3} {tail:>8.2}ms {other_tail:>8.2}ms",
                median(rates),
                median(theirs),
                median(ratios),
            );
        }
        ensure!(silent.answer(&body)? == by_hand.answer(&body)?, "the answers differ after");
    }
    println!("peak memory of serve: {} KiB", silent.peak_kib()?);
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// A request for one page from the start. The hand-written server gives no next page, so the size is the tenant's.
fn body(size: usize) -> String {
    format!(
        r#"{{"auth":{{"model":"basic","username":"u","password":"p"}},"request":{{}},"settings":{{"accounts":{size}}},"page":{{"size":{size}}}}}"#
    )
}

struct Load {
    rate: f64,
    /// In milliseconds.
    p99: f64,
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Path, args: &[&str]) -> Result<Self> {
        let mut child = Command::new(program).args(args).stderr(Stdio::piped()).spawn()?;
        let mut log = BufReader::new(child.stderr.take().context("a pipe")?);
        let mut line = String::new();
        log.read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").context("the server does not start")?.to_owned();
        // An access log goes somewhere: into a file, as an operator would have it.
        std::thread::spawn(move || -> std::io::Result<u64> {
            std::io::copy(
                &mut log,
                &mut std::fs::File::create(std::env::temp_dir().join("bench-access.log"))?,
            )
        });
        Ok(Self { child, address })
    }

    fn answer(&self, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        let head = format!("POST /list_accounts HTTP/1.1\r\nHost: {}\r\nConnection: close", self.address);
        write!(
            stream,
            "{head}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let (head, body) = reply.split_once("\r\n\r\n").context("no answer")?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
        Ok(body.to_owned())
    }

    fn load(&self, size: usize) -> Result<Load> {
        let script = std::env::temp_dir().join("bench-load.lua");
        // The user name varies, so that no two requests are the same.
        let body = body(size).replace("\"u\"", "\"' .. n .. '\"");
        std::fs::write(
            &script,
            format!(
                "n = 0\nheaders = {{['Content-Type'] = 'application/json'}}\nrequest = function()\n  n = n + 1\n  \
                 return wrk.format('POST', '/list_accounts', headers, '{body}')\nend\n"
            ),
        )?;
        let output = Command::new("wrk")
            .args(["-t1", "-c16", "--latency", "-d", SECONDS, "-s"])
            .arg(&script)
            .arg(format!("http://{}", self.address))
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(!text.contains("Non-2xx"), "{text}");
        let figure = |label: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(label))
                .map(str::trim)
                .context("wrk's figures")
        };
        Ok(Load { rate: figure("Requests/sec:")?.parse()?, p99: milliseconds(figure("99%")?)? })
    }

    fn peak_kib(&self) -> Result<u64> {
        crate::memory::peak_kib(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// wrk's times: `980.00us`, `2.05ms`, `1.10s`.
fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = match text {
        _ if text.ends_with("us") => (text.trim_end_matches("us"), 1e-3),
        _ if text.ends_with("ms") => (text.trim_end_matches("ms"), 1.0),
        _ => (text.trim_end_matches('s'), 1e3),
    };
    Ok(number.parse::<f64>()? * factor)
}
