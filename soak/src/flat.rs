//! Checks that the server's resource usage doesn't grow during the run.

use std::fmt;

use anyhow::{Result, ensure};

/// The server's resource usage at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Resident memory in KiB.
    pub(crate) rss: u64,
    /// Open file descriptors, including connections.
    pub(crate) fds: u64,
    pub(crate) threads: u64,
}

/// Share of the samples at the start that is not compared: caches fill, the allocator creates its arenas, and every
/// kind of load runs for the first time.
const WARM_UP: f64 = 0.2;
/// Tolerance for memory in the last third: 10%, plus 2 MiB that large pages leave in the allocator.
const RSS: (f64, u64) = (1.10, 2048);
/// Tolerance for file descriptors and threads, because connections come and go.
const FDS: u64 = 8;
const THREADS: u64 = 2;

/// Compares the medians of the first and the last third.
///
/// # Errors
/// If something grew by more than the tolerance, or there are too few samples.
pub(crate) fn ensure(samples: &[Sample]) -> Result<()> {
    let warm = &samples[(samples.len() as f64 * WARM_UP) as usize..];
    let third = warm.len() / 3;
    ensure!(third >= 5, "{} samples are too few", samples.len());
    let (first, last) = (median(&warm[..third]), median(&warm[warm.len() - third..]));
    println!(
        "medians of the first and the last third of {} samples (without the first {}):\n  first: {first}\n  last:  {last}",
        samples.len(),
        samples.len() - warm.len(),
    );
    let limit = Sample {
        rss: (first.rss as f64 * RSS.0) as u64 + RSS.1,
        fds: first.fds + FDS,
        threads: first.threads + THREADS,
    };
    println!("  limit: {limit}");
    ensure!(last.rss <= limit.rss, "memory grew");
    ensure!(last.fds <= limit.fds, "file descriptors grew");
    ensure!(last.threads <= limit.threads, "threads grew");
    Ok(())
}

fn median(samples: &[Sample]) -> Sample {
    let of = |pick: fn(&Sample) -> u64| {
        let mut all: Vec<u64> = samples.iter().map(pick).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    Sample {
        rss: of(|sample| sample.rss),
        fds: of(|sample| sample.fds),
        threads: of(|sample| sample.threads),
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7} KiB  {:>4} file descriptors  {:>3} threads", self.rss, self.fds, self.threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(rss: impl Fn(u64) -> u64, fds: impl Fn(u64) -> u64) -> Vec<Sample> {
        (0..60).map(|at| Sample { rss: rss(at), fds: fds(at), threads: 4 }).collect()
    }

    #[test]
    fn steady_noise_passes() {
        assert!(ensure(&samples(|at| 20_000 + at % 7 * 100, |at| 40 + at % 5)).is_ok());
    }

    #[test]
    fn growing_memory_or_descriptors_fail() {
        assert!(ensure(&samples(|at| 20_000 + at * 300, |_| 40)).is_err());
        assert!(ensure(&samples(|_| 20_000, |at| 40 + at)).is_err());
    }

    #[test]
    fn growth_during_warm_up_is_ignored() {
        assert!(ensure(&samples(|at| 20_000 + at.min(11) * 1000, |_| 40)).is_ok());
    }

    #[test]
    fn too_few_samples_fail() {
        assert!(ensure(&samples(|_| 1, |_| 1)[..10]).is_err());
    }
}
