//! The audit record (S4 `audit_logs`, SEC-15): written in the transaction that it reports.
//!
//! Never here: chaining and sealing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    id::{AgentId, AuditId, CampaignId, TaskId, TenantId},
    role::Actor,
    time::Timestamp,
    trace::TraceId,
};

/// How the audited act ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditStatus {
    /// It took effect.
    Success,
    /// It did not.
    Failure,
    /// It is not known yet.
    Pending,
}

/// One audited act. Data fields are redacted before they come here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Key.
    pub id: AuditId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Who acted.
    pub actor: Actor,
    /// What was done, `noun.verb`, for example `review.approve`.
    pub action: String,
    /// Agent concerned.
    pub agent: Option<AgentId>,
    /// Campaign concerned.
    pub campaign: Option<CampaignId>,
    /// Task concerned.
    pub task: Option<TaskId>,
    /// Trace of the run.
    pub trace: Option<TraceId>,
    /// Skill concerned.
    pub skill: Option<String>,
    /// What went in, redacted.
    pub input: Value,
    /// What came out, redacted.
    pub output: Value,
    /// How it ended.
    pub status: AuditStatus,
    /// When.
    pub at: Timestamp,
}
