//! Generates load with wrk: 16 connections, with a different request each time.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::server::Server;

/// Results from wrk.
pub(super) struct Load {
    /// Requests per second.
    pub(super) rate: f64,
    /// 99th percentile of the latency, in milliseconds.
    pub(super) p99: f64,
}

/// Whether wrk is installed.
pub(super) fn is_installed() -> bool {
    Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Requests accounts from `server` for this many seconds, cycling through `bodies`. Any response other than 200, a lost
/// connection or a timeout is an error.
pub(super) fn run(server: &Server, seconds: u32, bodies: &[String]) -> Result<Load> {
    let script = std::env::temp_dir().join("bench-load.lua");
    std::fs::write(&script, lua(bodies))?;
    let output = Command::new("wrk")
        .args(["-t1", "-c16", "--latency", "-d", &seconds.to_string(), "-s"])
        .arg(&script)
        .arg(format!("http://{}", server.address))
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{text}");
    let figure = |label: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim).with_context(|| {
            let errors = String::from_utf8_lossy(&output.stderr);
            format!("wrk does not report {label} {text}{errors}")
        })
    };
    Ok(Load { rate: figure("Requests/sec:")?.parse()?, p99: milliseconds(figure("99%")?)? })
}

/// A script that creates the requests before the load starts, so that wrk has less to do.
fn lua(bodies: &[String]) -> String {
    let bodies: Vec<String> = bodies.iter().map(|body| format!("[==[{body}]==]")).collect();
    format!(
        "bodies = {{{}}}
requests = {{}}
init = function()
  for at, body in ipairs(bodies) do
    requests[at] = wrk.format('POST', '/list_accounts', {{['Content-Type'] = 'application/json'}}, body)
  end
end
at = 0
request = function()
  at = at % #requests + 1
  return requests[at]
end
",
        bodies.join(",\n")
    )
}

/// Parses a time from wrk: `980.00us`, `2.05ms`, `1.10s`.
fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = match text {
        _ if text.ends_with("us") => (text.trim_end_matches("us"), 1e-3),
        _ if text.ends_with("ms") => (text.trim_end_matches("ms"), 1.0),
        _ => (text.trim_end_matches('s'), 1e3),
    };
    Ok(number.parse::<f64>()? * factor)
}
