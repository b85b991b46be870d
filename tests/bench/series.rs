//! Samples of one thing, and what is said of them.

use std::time::{Duration, Instant};

/// Samples of one contender.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, sample: f64) {
        self.0.push(sample);
    }

    /// A time, in milliseconds.
    pub(crate) fn push_ms(&mut self, time: Duration) {
        self.push(time.as_secs_f64() * 1e3);
    }

    /// A time, in microseconds.
    pub(crate) fn push_us(&mut self, time: Duration) {
        self.push(time.as_secs_f64() * 1e6);
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The sample that this share of all does not exceed; not a number when there is none.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }
}

/// How many a second.
pub(crate) fn rate(count: usize, since: Instant) -> f64 {
    count as f64 / since.elapsed().as_secs_f64()
}

/// How the cost grows with the size: 1 is in proportion, 2 is quadratic. Of the first and last point.
pub(crate) fn exponent(points: &[(usize, f64)]) -> f64 {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) if first.0 != last.0 => {
            (last.1 / first.1).ln() / (last.0 as f64 / first.0 as f64).ln()
        }
        _ => f64::NAN,
    }
}
