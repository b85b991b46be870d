//! A clock that stands still until it is told to go on.
//!
//! Never here: the system clock.

use std::sync::atomic::{AtomicI64, Ordering};

use chimera_domain::time::{Span, Timestamp};
use chimera_ports::clock::Clock;

/// Where every manual clock starts: 2026-02-05T09:00:00Z.
pub const START: Timestamp = Timestamp::from_seconds(1_770_282_000);

/// A clock for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self::at(START)
    }
}

impl ManualClock {
    /// Standing at `time`.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.micros()))
    }

    /// Lets time pass, and tells the new time.
    pub fn pass(&self, span: Span) -> Timestamp {
        let before = self.0.fetch_add(span.micros(), Ordering::SeqCst);
        Timestamp::from_micros(before) + span
    }

    /// Jumps, backwards as well.
    pub fn jump(&self, time: Timestamp) {
        self.0.store(time.micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_only_when_told() {
        let clock = ManualClock::default();
        assert_eq!(clock.now(), START);
        assert_eq!(clock.pass(Span::seconds(3)), START + Span::seconds(3));
        clock.jump(START);
        assert_eq!(clock.now(), START);
    }
}
