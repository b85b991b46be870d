//! What a call needs of the process that makes it.
//!
//! Never here: an implementation; whoever runs the calls is one.

use std::{sync::Arc, time::Duration};

use chimera_domain::{audit::AuditRecord, id::TenantId, role::Actor, time::Timestamp};
use chimera_ports::{ids::IdSource, store::Ledger};
use serde_json::Value;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The process that makes calls: its books, its time, and its ears.
pub trait House: Clone + Send + Sync + 'static {
    /// The lines of model calls.
    fn ledger(&self) -> &Arc<dyn Ledger>;

    /// New ids.
    fn ids(&self) -> &Arc<dyn IdSource>;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Longest that one reasoning takes, and so the longest wait for a reservation.
    fn reasoning(&self) -> Duration;

    /// Pause before a store in trouble is tried again.
    fn idle(&self) -> Duration;

    /// The record of an act, its data redacted.
    fn record(&self, tenant: TenantId, actor: Actor, action: &str, output: Value) -> AuditRecord;

    /// Tells loops and watchers of the event `seq`.
    fn announce(&self, seq: u64);

    /// What is waited for at shutdown.
    fn tracker(&self) -> &TaskTracker;

    /// Says when to leave.
    fn cancel(&self) -> &CancellationToken;
}
