//! How often something may happen under one key, in bounded memory.
//!
//! Never here: a clock; "now" is an argument.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use chimera_domain::time::Timestamp;

/// Most keys that are remembered; the one that is furthest back is forgotten first.
const MAX_KEYS: usize = 10_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A rate with a burst, kept as one point in time per key (the generic cell rate algorithm): the time at
/// which the key's account would be balanced again.
pub struct Throttle<K> {
    interval_micros: i64,
    burst_micros: i64,
    balanced_at: Mutex<HashMap<K, i64>>,
}

/// How long to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait {
    /// Seconds, rounded up.
    pub seconds: u64,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// `limit` times in `seconds`, all at once if need be.
    #[must_use]
    pub fn new(limit: u32, seconds: u32) -> Self {
        let limit = i64::from(limit.max(1));
        let period = i64::from(seconds.max(1)) * MICROS_PER_SECOND;
        Self {
            interval_micros: (period / limit).max(1),
            burst_micros: period,
            balanced_at: Mutex::default(),
        }
    }

    /// Counts one for `key`, unless it must wait.
    ///
    /// # Errors
    /// How long to wait; then nothing was counted.
    pub fn count(&self, key: K, now: Timestamp) -> Result<(), Wait> {
        let mut table = self
            .balanced_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Nothing counted lies further ahead than the burst. What does was counted by a clock that was set back since, and
        // would keep everybody out for as long as it was wrong: it stands as a burst that was used up just now.
        let most = now.micros() + self.burst_micros;
        if let Some(ahead) = table.get_mut(&key).filter(|at| **at > most) {
            *ahead = most;
        }
        let before = table.get(&key).copied().unwrap_or(0);
        self.judge(before, now)?;
        if table.len() >= MAX_KEYS && !table.contains_key(&key) {
            make_room(&mut table, now);
        }
        table.insert(key, before.max(now.micros()) + self.interval_micros);
        Ok(())
    }

    /// Forgets what was counted for `key`.
    pub fn forgive(&self, key: &K) {
        self.balanced_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key);
    }

    fn judge(&self, balanced_at: i64, now: Timestamp) -> Result<(), Wait> {
        let free_at = balanced_at + self.interval_micros - self.burst_micros;
        let wait = free_at - now.micros();
        if wait <= 0 {
            return Ok(());
        }
        let seconds = wait.div_euclid(MICROS_PER_SECOND) + 1;
        Err(Wait {
            seconds: seconds.unsigned_abs(),
        })
    }
}

fn make_room<K: Hash + Eq + Clone>(table: &mut HashMap<K, i64>, now: Timestamp) {
    table.retain(|_, balanced_at| *balanced_at > now.micros());
    if table.len() < MAX_KEYS {
        return;
    }
    let oldest = table
        .iter()
        .min_by_key(|(_, at)| **at)
        .map(|(key, _)| key.clone());
    if let Some(key) = oldest {
        table.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_000_000 + seconds)
    }

    #[test]
    fn a_burst_passes_then_the_rate_holds_and_says_how_long() {
        let throttle = Throttle::new(3, 60);
        for _ in 0..3 {
            assert_eq!(throttle.count("a", at(0)), Ok(()));
        }
        assert_eq!(throttle.count("a", at(0)), Err(Wait { seconds: 21 }));
        assert_eq!(throttle.count("b", at(0)), Ok(()), "keys do not share");
        assert_eq!(throttle.count("a", at(19)), Err(Wait { seconds: 2 }));
        assert_eq!(throttle.count("a", at(20)), Ok(()));
        assert_eq!(throttle.count("a", at(21)), Err(Wait { seconds: 20 }));
        throttle.forgive(&"a");
        assert_eq!(throttle.count("a", at(21)), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out_for_longer_than_a_full_burst_does() {
        let throttle = Throttle::new(3, 60);
        assert_eq!(throttle.count("a", at(7_200)), Ok(()));
        // Two hours back: neither kept out for two hours, nor given a fresh burst.
        assert_eq!(throttle.count("a", at(0)), Err(Wait { seconds: 21 }));
        assert_eq!(throttle.count("a", at(20)), Ok(()));
        assert_eq!(throttle.count("a", at(21)), Err(Wait { seconds: 20 }));
    }

    #[test]
    fn memory_is_bounded_and_the_balanced_keys_go_first() {
        let throttle = Throttle::new(1, 60);
        for key in 0..MAX_KEYS {
            assert_eq!(throttle.count(key, at(i64::try_from(key).unwrap())), Ok(()));
        }
        let late = at(i64::try_from(MAX_KEYS).unwrap());
        assert_eq!(throttle.count(MAX_KEYS, late), Ok(()));
        assert!(throttle.balanced_at.lock().unwrap().len() <= 62);
        assert!(
            throttle.count(MAX_KEYS - 1, late).is_err(),
            "a fresh key was forgotten"
        );
    }
}
