//! Whether what the server holds stays the same over the run.

use std::fmt;

use anyhow::{Result, ensure};

/// What the server held at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Resident memory in KiB.
    pub(crate) rss: u64,
    /// Open file descriptors, connections among them.
    pub(crate) fds: u64,
    pub(crate) threads: u64,
}

/// The first part of the samples is not compared: caches fill, the allocator gets its arenas, every kind of load has
/// its first turn.
const WARM_UP: f64 = 0.2;
/// How much more memory the last third may have: a tenth, and 2 MiB for what large pages leave in the allocator.
const RSS: (f64, u64) = (1.10, 2048);
/// How many more file descriptors and threads: connections come and go.
const FDS: u64 = 8;
const THREADS: u64 = 2;

/// Compares the medians of the first and the last third.
///
/// # Errors
/// If something grew by more than the tolerance, or there are too few samples to tell.
pub(crate) fn ensure(samples: &[Sample]) -> Result<()> {
    let warm = &samples[(samples.len() as f64 * WARM_UP) as usize..];
    let third = warm.len() / 3;
    ensure!(third >= 5, "{} samples are too few to tell whether anything grew", samples.len());
    let (first, last) = (median(&warm[..third]), median(&warm[warm.len() - third..]));
    println!(
        "medians of the first and the last third of {} samples (the first {} left out):\n  first: {first}\n  last:  {last}",
        samples.len(),
        samples.len() - warm.len(),
    );
    let most = Sample {
        rss: (first.rss as f64 * RSS.0) as u64 + RSS.1,
        fds: first.fds + FDS,
        threads: first.threads + THREADS,
    };
    println!("  most:  {most}");
    ensure!(last.rss <= most.rss, "memory grew");
    ensure!(last.fds <= most.fds, "file descriptors grew");
    ensure!(last.threads <= most.threads, "threads grew");
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
    fn a_leak_of_memory_or_descriptors_fails() {
        assert!(ensure(&samples(|at| 20_000 + at * 300, |_| 40)).is_err());
        assert!(ensure(&samples(|_| 20_000, |at| 40 + at)).is_err());
    }

    #[test]
    fn growth_while_warming_up_is_left_out() {
        assert!(ensure(&samples(|at| 20_000 + at.min(11) * 1000, |_| 40)).is_ok());
    }

    #[test]
    fn a_run_too_short_to_tell_fails() {
        assert!(ensure(&samples(|_| 1, |_| 1)[..10]).is_err());
    }
}
