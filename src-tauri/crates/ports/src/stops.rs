//! Whether everything of a tenant is stopped, for those who are in the middle of something when it is.
//!
//! Never here: the stored stop, or lifting one.

use async_trait::async_trait;
use chimera_domain::id::TenantId;

/// The stops as last read. Who is not known to go on is stopped.
#[async_trait]
pub trait StopWatch: Send + Sync {
    /// Whether everything of `tenant` is stopped.
    fn is_stopped(&self, tenant: TenantId) -> bool;

    /// Returns once it is.
    async fn stopped(&self, tenant: TenantId);
}
