//! Times two functions alternately, so that both run under the same conditions.

use std::time::{Duration, Instant};

/// The result of a paired run.
pub(crate) struct Paired {
    /// The median time of one call of ours.
    pub(crate) ours: Duration,
    /// The median time of one call of the baseline.
    pub(crate) baseline: Duration,
    /// The median of the ratios ours / baseline, pair by pair.
    pub(crate) ratio: f64,
    /// The middle half of the ratios.
    pub(crate) spread: (f64, f64),
}

/// Times both functions alternately, `rounds` times. Each round is long enough to be measured.
pub(crate) fn run(rounds: usize, mut ours: impl FnMut(), mut baseline: impl FnMut()) -> Paired {
    let calls = calls_per_round(&mut ours).max(calls_per_round(&mut baseline));
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds {
        // Alternate the order, because the second one may find warmer caches.
        let (one, other) = if round % 2 == 0 {
            let one = time(calls, &mut ours);
            (one, time(calls, &mut baseline))
        } else {
            let other = time(calls, &mut baseline);
            (time(calls, &mut ours), other)
        };
        times.push((one, other));
    }
    let per_call = |pick: fn(&(Duration, Duration)) -> Duration| {
        let mut all: Vec<Duration> = times.iter().map(pick).collect();
        all.sort();
        all[all.len() / 2] / calls
    };
    let mut ratios: Vec<f64> =
        times.iter().map(|(one, other)| one.as_secs_f64() / other.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    Paired {
        ours: per_call(|times| times.0),
        baseline: per_call(|times| times.1),
        ratio: ratios[ratios.len() / 2],
        spread: (ratios[ratios.len() / 4], ratios[ratios.len() * 3 / 4]),
    }
}

/// Number of calls that take 5 ms.
fn calls_per_round(call: &mut impl FnMut()) -> u32 {
    let mut calls = 1;
    loop {
        let time = time(calls, call);
        if time > Duration::from_millis(5) || calls > 1 << 20 {
            return calls;
        }
        calls *= 2;
    }
}

fn time(calls: u32, call: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed()
}

impl std::fmt::Display for Paired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:>12.3?} {:>12.3?} {:>7.3} ({:.3}–{:.3})",
            self.ours, self.baseline, self.ratio, self.spread.0, self.spread.1
        )
    }
}
