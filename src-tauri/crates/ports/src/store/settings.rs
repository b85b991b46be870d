//! Settings of a tenant as JSON under a key, and the versions of its policy.

use async_trait::async_trait;
use chimera_domain::{change::Change, id::TenantId, time::Timestamp};
use serde_json::Value;

use crate::error::PortError;

/// One version of a tenant's policy.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyRecord {
    /// Owner of the row.
    pub tenant: TenantId,
    /// 1, 2, 3 …
    pub version: u32,
    /// The policy as data (`policy::Policy`).
    pub document: Value,
    /// Who stored it.
    pub author: String,
    /// When.
    pub created_at: Timestamp,
}

/// Settings and policies.
#[async_trait]
pub trait Settings: Send + Sync {
    /// The value under `key`, if any.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn setting(&self, tenant: TenantId, key: &str) -> Result<Option<Value>, PortError>;

    /// Stores a value.
    ///
    /// # Errors
    /// When the store refuses.
    async fn put_setting(
        &self,
        tenant: TenantId,
        key: &str,
        value: Value,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// The policy in force, if one was ever stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn current_policy(&self, tenant: TenantId) -> Result<Option<PolicyRecord>, PortError>;

    /// One version of the policy, if it was ever stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn policy(
        &self,
        tenant: TenantId,
        version: u32,
    ) -> Result<Option<PolicyRecord>, PortError>;

    /// Stores the next policy version; active campaigns get it, which changes their version (C32).
    ///
    /// # Errors
    /// Conflict when that number is taken.
    async fn add_policy(&self, record: &PolicyRecord, notes: Vec<Change>) -> Result<(), PortError>;
}
