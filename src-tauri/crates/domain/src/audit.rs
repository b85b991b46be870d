//! The audit record (S4 `audit_logs`, SEC-15): written in the transaction that it reports.
//!
//! Also here: the shape of the chain that seals the records. Never here: computing or checking it (`audit`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    digest::{Digest, Signature, VerifyingKey},
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

/// A record's place in its tenant's chain, given by the sealer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditLink {
    /// Owner of the chain.
    pub tenant: TenantId,
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// The record's place in the order of writing.
    pub seq: u64,
    /// The record.
    pub record: AuditId,
    /// Digest of the record as it was sealed.
    pub digest: Digest,
    /// Digest over tenant, number, the link before, and the record's digest.
    pub link: Digest,
}

/// A statement of where a tenant's chain stood, each carrying on from the one before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Owner of the chain.
    pub tenant: TenantId,
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// Number of the last link that it covers.
    pub last: u64,
    /// That link.
    pub head: Digest,
    /// Digest of the checkpoint before.
    pub previous: Digest,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// By whom; nobody where no key could be kept.
    pub signed: Option<Signed>,
}

/// A signature and the public half of the key that made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The public half.
    pub key: VerifyingKey,
    /// Over the checkpoint's digest.
    pub signature: Signature,
}

/// Where a tenant's log begins after older records were taken out by rule. Signed by the key that seals the log, and
/// replaced by the next cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beginning {
    /// Owner of the chain.
    pub tenant: TenantId,
    /// 1, 2, 3 …: how often the log was cut.
    pub number: u64,
    /// Number of the last checkpoint that was taken out.
    pub checkpoint: u64,
    /// Its digest, which the one after it names.
    pub covered: Digest,
    /// Number of the last link that it covered.
    pub last: u64,
    /// That link, from which the next follows.
    pub head: Digest,
    /// Records that were taken out, in all cuts.
    pub pruned: u64,
    /// Records up to there that stay.
    pub kept: u64,
    /// Digest over their numbers and digests, one after the other.
    pub kept_head: Digest,
    /// When the newest record up to there was written.
    pub until: Timestamp,
    /// By which rule, in words.
    pub rule: String,
    /// When it was cut.
    pub cut_at: Timestamp,
    /// By whom.
    pub signed: Signed,
}
