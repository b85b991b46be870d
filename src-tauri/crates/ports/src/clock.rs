//! Where "now" comes from. Never here: the system clock itself (boot has it).

use chimera_domain::time::Timestamp;

/// The time, for those who act at the rim; the core takes it as an argument.
pub trait Clock: Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;
}
