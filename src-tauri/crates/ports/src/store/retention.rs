//! Taking out what was kept long enough, a bounded batch at a time.
//!
//! Never here: how long anything is kept (`domain::retention`), or the audit log, whose records go by a signed cut
//! (`chain`).

use async_trait::async_trait;
use chimera_domain::{id::TenantId, retention::Holding, time::Timestamp};

use crate::error::PortError;

/// Forgets by age.
#[async_trait]
pub trait Pruning: Send + Sync {
    /// Takes out, or empties, at most `limit` rows of one kind that are older than `before` and that nothing open
    /// refers to; answers how many. Fewer than `limit` means that no more is due. Spans and audit records are not
    /// this port's.
    ///
    /// # Errors
    /// When the store refuses; then nothing was taken out.
    async fn prune(
        &self,
        tenant: TenantId,
        holding: Holding,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, PortError>;
}
