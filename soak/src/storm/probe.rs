//! Kubernetes' probes, more often than it sends them.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

const PAUSE: Duration = Duration::from_millis(50);

/// Probes a path in a thread of its own, so that the clients of this process do not delay it.
pub(super) struct Prober {
    thread: JoinHandle<Result<Probes>>,
    is_over: Arc<AtomicBool>,
}

/// Probes that were all answered in time.
pub(super) struct Probes {
    path: &'static str,
    count: u32,
    longest: Duration,
    limit: Duration,
}

impl Prober {
    pub(super) fn start(address: &str, path: &'static str, limit: Duration) -> Result<Self> {
        let address: SocketAddr = address.parse()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let mut probes = Probes { path, count: 0, longest: Duration::ZERO, limit };
            while !ends.load(Ordering::Relaxed) {
                let begun = Instant::now();
                probe(address, path, limit).with_context(|| {
                    format!(
                        "{path} failed after {:?}, within {limit:?} allowed, after {probes}",
                        begun.elapsed()
                    )
                })?;
                probes.longest = probes.longest.max(begun.elapsed());
                probes.count += 1;
                std::thread::sleep(PAUSE);
            }
            Ok(probes)
        });
        Ok(Self { thread, is_over })
    }

    pub(super) fn has_failed(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends probing.
    ///
    /// # Errors
    /// If a probe failed or took too long.
    pub(super) fn end(self) -> Result<Probes> {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("a prober panicked"))?
    }
}

fn probe(address: SocketAddr, path: &str, limit: Duration) -> Result<()> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    ensure!(begun.elapsed() <= limit, "it took {:?}", begun.elapsed());
    Ok(())
}

impl fmt::Display for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, count, longest, limit } = self;
        write!(f, "{count} of {path}, the longest took {longest:.1?} of {limit:?}")
    }
}
