//! The real clock and the real ids: the only place that asks the system for either.

use chimera_domain::time::Timestamp;
use chimera_ports::{clock::Clock, ids::IdSource};
use uuid::Uuid;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(now().timestamp_micros())
    }
}

/// The system's time, for whoever stands outside of the ports: the window.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the system for the time"
)]
pub fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

/// Version 7 UUIDs, which sort by the time of their making.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeIds;

impl IdSource for TimeIds {
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}
