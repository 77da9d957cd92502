//! Kubernetes probes, sent more often than Kubernetes does.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

const PAUSE: Duration = Duration::from_millis(50);

/// Probes a path in a separate thread, so that other clients in this process don't delay it.
pub(super) struct Prober {
    thread: JoinHandle<Result<Probes>>,
    is_stopped: Arc<AtomicBool>,
}

/// Probes that all succeeded in time.
pub(super) struct Probes {
    path: &'static str,
    count: u32,
    longest: Duration,
    limit: Duration,
}

impl Prober {
    pub(super) fn start(address: &str, path: &'static str, limit: Duration) -> Result<Self> {
        let address: SocketAddr = address.parse()?;
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&is_stopped);
        let thread = std::thread::spawn(move || {
            let mut probes = Probes { path, count: 0, longest: Duration::ZERO, limit };
            while !stopped.load(Ordering::Relaxed) {
                let start = Instant::now();
                probe(address, path, limit).with_context(|| {
                    format!("{path} failed after {:?} (limit {limit:?}), after {probes}", start.elapsed())
                })?;
                probes.longest = probes.longest.max(start.elapsed());
                probes.count += 1;
                std::thread::sleep(PAUSE);
            }
            Ok(probes)
        });
        Ok(Self { thread, is_stopped })
    }

    pub(super) fn has_failed(&self) -> bool {
        self.thread.is_finished()
    }

    /// Stops probing.
    ///
    /// # Errors
    /// If a probe failed or took too long.
    pub(super) fn end(self) -> Result<Probes> {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("a prober panicked"))?
    }
}

fn probe(address: SocketAddr, path: &str, limit: Duration) -> Result<()> {
    let start = Instant::now();
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    ensure!(response.starts_with("HTTP/1.1 200 "), "{response}");
    ensure!(start.elapsed() <= limit, "the probe took {:?}", start.elapsed());
    Ok(())
}

impl fmt::Display for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, count, longest, limit } = self;
        write!(f, "{count} of {path}, the slowest took {longest:.1?} (limit {limit:?})")
    }
}
