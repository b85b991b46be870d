//! The real clock and the real ids: the only place that asks the system for either.

use chimera_domain::time::Timestamp;
use chimera_ports::{clock::Clock, ids::IdSource};
use uuid::Uuid;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the port's one real implementation"
        )]
        let now = chrono::Utc::now();
        Timestamp::from_micros(now.timestamp_micros())
    }
}

/// Version 7 UUIDs, which sort by the time of their making.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeIds;

impl IdSource for TimeIds {
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}
