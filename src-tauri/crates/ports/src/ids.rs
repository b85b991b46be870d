//! Where new ids come from: an input, so that a run can be replayed.

use chimera_domain::trace::{SpanId, TraceId};
use uuid::Uuid;

/// Mints ids.
pub trait IdSource: Send + Sync {
    /// A new UUID; version 7 in production, so that ids sort by time.
    fn uuid(&self) -> Uuid;

    /// A new trace id.
    fn trace(&self) -> TraceId {
        TraceId::from_bits(self.uuid().as_u128())
    }

    /// A new span id.
    fn span(&self) -> SpanId {
        // The low half of a UUID is its random half in version 7.
        SpanId::from_bits(self.uuid().as_u64_pair().1)
    }
}
