//! A circuit breaker: after failures that come one after another, a far side is left alone for a while (ERR-10).
//!
//! Pure: the time is an argument, and so is whether a call failed. Never here: calling anybody, or what counts as a
//! failure.

use std::collections::VecDeque;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// Most characters of the last failure's words that are kept.
const MAX_CAUSE_CHARS: usize = 500;

/// When a breaker opens and how long it stays open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BreakerBounds {
    /// So many failures one after another open it; a success in between begins the count anew.
    pub failures: usize,
    /// Failures longer ago than this count no more.
    pub window: Span,
    /// How long it is open the first time; each failed probe doubles it…
    pub first_pause: Span,
    /// …up to this (ERR-10).
    pub max_pause: Span,
    /// Longest that a far side may ask to be left alone.
    pub max_told: Span,
    /// After so long a probe of which nobody heard counts as lost, and another one may be made.
    pub probe_limit: Span,
}

impl Default for BreakerBounds {
    fn default() -> Self {
        Self {
            failures: 3,
            window: Span::seconds(60),
            first_pause: Span::seconds(2),
            max_pause: Span::seconds(30),
            max_told: Span::seconds(3_600),
            probe_limit: Span::seconds(90),
        }
    }
}

/// How a breaker stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls are made.
    Closed,
    /// Calls are refused at once.
    Open,
    /// One call is being made to see whether the far side is back; all others are refused.
    HalfOpen,
}

/// A breaker that is not closed, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Interruption {
    /// Open or half-open.
    pub state: BreakerState,
    /// Since when calls are refused.
    pub since: Timestamp,
    /// When the next call is made to see whether the far side is back; while one is being made, when to look again.
    pub probe_at: Timestamp,
    /// The failure that opened it, or of the last probe, in words.
    pub cause: String,
}

impl Interruption {
    /// Whether a call would be refused at `now`.
    #[must_use]
    pub fn refuses(&self, now: Timestamp) -> bool {
        self.state == BreakerState::HalfOpen || now < self.probe_at
    }

    /// Milliseconds from `now` until another look is worth it; at least one.
    #[must_use]
    pub fn rest_ms(&self, now: Timestamp) -> u64 {
        let rest = self.probe_at.since(now).to_std().as_millis();
        u64::try_from(rest).unwrap_or(u64::MAX).max(1)
    }
}

/// Leave to make one call. Whoever has it says how the call ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    /// One call among others.
    Plain,
    /// The one call that tells whether the far side is back.
    Probe,
}

/// What a breaker remembers.
#[derive(Clone, Debug)]
pub struct Breaker {
    bounds: BreakerBounds,
    /// Failures one after another, oldest first; never more than open it.
    failures: VecDeque<Timestamp>,
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    since: Timestamp,
    probe_at: Timestamp,
    pause: Span,
    /// Since when a probe is on its way.
    probing: Option<Timestamp>,
    cause: String,
}

/// How long others wait while a probe is on its way.
const PROBE_LOOK: Span = Span::seconds(1);

impl Breaker {
    /// A closed breaker.
    #[must_use]
    pub const fn new(bounds: BreakerBounds) -> Self {
        Self {
            bounds,
            failures: VecDeque::new(),
            open: None,
        }
    }

    /// Asks for leave to make a call.
    ///
    /// # Errors
    /// How it stands, when the call is refused.
    pub fn admit(&mut self, now: Timestamp) -> Result<Pass, Interruption> {
        let Some(open) = &mut self.open else {
            return Ok(Pass::Plain);
        };
        if now < open.since {
            // The clock was set back since: by it, how long is left cannot be told, and asking costs one call.
            open.since = now;
            open.probe_at = now;
            open.probing = None;
        }
        let lost = |since: Timestamp| now >= since + self.bounds.probe_limit;
        if now < open.probe_at || open.probing.is_some_and(|since| !lost(since)) {
            return Err(shown(open, now));
        }
        open.probing = Some(now);
        Ok(Pass::Probe)
    }

    /// A call ended well. True when calls were refused until now.
    pub fn succeeded(&mut self) -> bool {
        self.failures.clear();
        self.open.take().is_some()
    }

    /// A call failed in a way that speaks against the far side, which may have `told` how long to leave it alone.
    /// True when calls are refused from now on.
    pub fn failed(&mut self, pass: Pass, now: Timestamp, cause: &str, told: Option<Span>) -> bool {
        let told = told.unwrap_or(Span::ZERO).min(self.bounds.max_told);
        let cause: String = cause.chars().take(MAX_CAUSE_CHARS).collect();
        match (&mut self.open, pass) {
            (Some(open), Pass::Probe) => {
                open.pause = open.pause.doubled().min(self.bounds.max_pause);
                open.probe_at = now + open.pause.max(told);
                open.probing = None;
                open.cause = cause;
                true
            }
            // It began before the breaker opened and says nothing new.
            (Some(_), Pass::Plain) => true,
            (None, _) => {
                let window = self.bounds.window;
                self.failures.retain(|failed| now < *failed + window);
                self.failures.push_back(now);
                if self.failures.len() < self.bounds.failures {
                    return false;
                }
                self.failures.clear();
                let pause = self.bounds.first_pause;
                self.open = Some(Open {
                    since: now,
                    probe_at: now + pause.max(told),
                    pause,
                    probing: None,
                    cause,
                });
                true
            }
        }
    }

    /// A call ended in a way that says nothing about the far side: a probe may be made again.
    pub fn learned_nothing(&mut self, pass: Pass) {
        if let (Some(open), Pass::Probe) = (&mut self.open, pass) {
            open.probing = None;
        }
    }

    /// How it stands, when it is not closed.
    #[must_use]
    pub fn interruption(&self, now: Timestamp) -> Option<Interruption> {
        self.open.as_ref().map(|open| shown(open, now))
    }
}

fn shown(open: &Open, now: Timestamp) -> Interruption {
    let (state, probe_at) = match open.probing {
        Some(_) => (BreakerState::HalfOpen, now + PROBE_LOOK),
        None => (BreakerState::Open, open.probe_at),
    };
    Interruption {
        state,
        since: open.since,
        probe_at,
        cause: open.cause.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: BreakerBounds = BreakerBounds {
        failures: 3,
        window: Span::seconds(60),
        first_pause: Span::seconds(2),
        max_pause: Span::seconds(5),
        max_told: Span::seconds(100),
        probe_limit: Span::seconds(90),
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn failing(times: &[i64]) -> Breaker {
        let mut breaker = Breaker::new(BOUNDS);
        for time in times {
            assert_eq!(breaker.admit(at(*time)), Ok(Pass::Plain));
            breaker.failed(Pass::Plain, at(*time), "status 500", None);
        }
        breaker
    }

    #[test]
    fn only_failures_one_after_another_and_near_each_other_open_it() {
        assert_eq!(failing(&[0, 1]).interruption(at(2)), None);
        // The first one is too long ago.
        assert_eq!(failing(&[0, 50, 60]).interruption(at(61)), None);
        let mut healed = failing(&[0, 1]);
        assert!(!healed.succeeded(), "nothing was refused");
        assert!(!healed.failed(Pass::Plain, at(2), "x", None));
        assert_eq!(healed.admit(at(3)), Ok(Pass::Plain));
        let open = failing(&[0, 1, 2]).interruption(at(2));
        assert_eq!(
            open,
            Some(Interruption {
                state: BreakerState::Open,
                since: at(2),
                probe_at: at(4),
                cause: "status 500".to_owned(),
            })
        );
    }

    #[test]
    fn one_probe_is_made_when_the_pause_is_over_and_its_success_closes() {
        let mut breaker = failing(&[0, 1, 2]);
        let refused = breaker.admit(at(3)).unwrap_err();
        assert!(refused.refuses(at(3)) && !refused.refuses(at(4)));
        assert_eq!(refused.rest_ms(at(3)), 1_000);
        assert_eq!(breaker.admit(at(4)), Ok(Pass::Probe));
        let others = breaker.admit(at(4)).unwrap_err();
        assert_eq!(others.state, BreakerState::HalfOpen);
        assert!(others.refuses(at(50)));
        assert!(breaker.succeeded());
        assert_eq!(breaker.admit(at(4)), Ok(Pass::Plain));
    }

    #[test]
    fn pauses_double_up_to_their_bound_and_heed_the_far_side_within_another() {
        let mut breaker = failing(&[0, 0, 0]);
        let mut now = 2;
        for pause in [4, 5, 5] {
            assert_eq!(breaker.admit(at(now)), Ok(Pass::Probe));
            assert!(breaker.failed(Pass::Probe, at(now), "still down", None));
            let open = breaker.interruption(at(now)).unwrap();
            assert_eq!(
                (open.since, open.probe_at, open.cause.as_str()),
                (at(0), at(now + pause), "still down")
            );
            now += pause;
        }
        assert_eq!(breaker.admit(at(now)), Ok(Pass::Probe));
        for (told, heeded) in [(70, 70), (9_999, 100)] {
            breaker.failed(Pass::Probe, at(now), "x", Some(Span::seconds(told)));
            let open = breaker.interruption(at(now)).unwrap();
            assert_eq!(open.probe_at, at(now + heeded));
        }
    }

    #[test]
    fn a_late_failure_changes_nothing_a_late_success_closes() {
        let mut breaker = failing(&[0, 1, 2]);
        let before = breaker.interruption(at(3));
        assert!(breaker.failed(Pass::Plain, at(3), "late", None));
        assert_eq!(breaker.interruption(at(3)), before);
        assert!(breaker.succeeded());
        assert_eq!(breaker.interruption(at(3)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_leave_a_far_side_alone_until_it_is_there_again() {
        let mut breaker = failing(&[7_200, 7_201, 7_202]);
        assert!(breaker.admit(at(7_203)).is_err());
        assert_eq!(breaker.admit(at(10)), Ok(Pass::Probe));
        assert!(breaker.admit(at(10)).is_err(), "one call, not many");
        assert!(breaker.failed(Pass::Probe, at(11), "still", None));
        assert_eq!(
            breaker.admit(at(15)),
            Ok(Pass::Probe),
            "pauses are as always"
        );
    }

    #[test]
    fn a_probe_that_told_nothing_or_was_lost_is_made_again() {
        let mut breaker = failing(&[0, 1, 2]);
        assert_eq!(breaker.admit(at(4)), Ok(Pass::Probe));
        breaker.learned_nothing(Pass::Probe);
        assert_eq!(breaker.admit(at(4)), Ok(Pass::Probe));
        assert!(breaker.admit(at(93)).is_err());
        assert_eq!(breaker.admit(at(94)), Ok(Pass::Probe));
    }
}
