//! Rows of `effects` and `approvals`.

use chimera_domain::{
    action::{Approval, Effect, EffectState},
    time::Timestamp,
    trace::TraceContext,
};

use super::{BadRow, Cells, json, maybe_json, word};
use crate::{failure::Failure, table::table};

table! {
    /// An outward action in the outbox.
    "effects" as EffectRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: String,
        task_id: String,
        agent_id: String,
        intent_key: String,
        created_at: i64,
    }
    live {
        artifact_id: String,
        action: String,
        platform: String,
        account: String,
        approval_id: String,
        not_before: i64,
        held_until: i64,
        attempts: i64,
        state: String,
        dispatching_since: Option<i64>,
        dispatched_at: Option<i64>,
        receipt: Option<String>,
        fault: Option<String>,
        trace_id: String,
        span_id: String,
        version_id: String,
        updated_at: i64,
    }
}

table! {
    /// A decision that lets one action happen.
    "approvals" as ApprovalRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        task_id: String,
        review_id: Option<String>,
        kind: String,
        actor: String,
        digest: String,
        policy_version: i64,
        persona_version_id: String,
        expires_at: i64,
        created_at: i64,
    }
    live {}
}

/// When the action left or was taken for dispatch, as far as this state tells.
fn dispatched_at(effect: &Effect) -> Option<i64> {
    match &effect.state {
        EffectState::Dispatching { since } => Some(since.micros()),
        // The time that it was taken at is replaced by a later one at most: cooldowns err on the long side.
        EffectState::Sent => Some(
            effect
                .receipt
                .as_ref()
                .map_or(effect.updated_at, |receipt| receipt.received_at)
                .micros(),
        ),
        EffectState::PendingReconciliation => Some(effect.updated_at.micros()),
        EffectState::Held if effect.is_unclear => Some(effect.updated_at.micros()),
        EffectState::Held | EffectState::Failed | EffectState::Undone | EffectState::Voided => None,
    }
}

impl EffectRow {
    pub(crate) fn of(effect: &Effect) -> Result<Self, Failure> {
        let since = match &effect.state {
            EffectState::Dispatching { since } => Some(since.micros()),
            _ => None,
        };
        Ok(Self {
            id: effect.id.to_string(),
            tenant_id: effect.tenant.to_string(),
            campaign_id: effect.campaign.to_string(),
            task_id: effect.task.to_string(),
            agent_id: effect.agent.to_string(),
            intent_key: effect.intent_key.clone(),
            created_at: effect.created_at.micros(),
            artifact_id: effect.artifact.to_string(),
            action: json(&effect.action)?,
            platform: effect.action.platform.as_str().to_owned(),
            account: effect.action.account.clone(),
            approval_id: effect.approval.id.to_string(),
            not_before: effect.not_before.micros(),
            held_until: effect.held_until.micros(),
            attempts: i64::from(effect.attempts),
            state: effect.state.as_str().to_owned(),
            dispatching_since: since,
            dispatched_at: dispatched_at(effect),
            receipt: maybe_json(effect.receipt.as_ref())?,
            fault: maybe_json(effect.fault.as_ref())?,
            trace_id: effect.trace.trace.to_string(),
            span_id: effect.trace.span.to_string(),
            version_id: effect.version.to_string(),
            updated_at: effect.updated_at.micros(),
        })
    }

    /// A held action has a time of dispatch only after a try that may have had effect, and one that is being sent a
    /// fault only then.
    fn is_unclear(&self) -> bool {
        match self.state.as_str() {
            "held" => self.dispatched_at.is_some(),
            "dispatching" => self.fault.is_some(),
            _ => false,
        }
    }

    fn state(&self, cells: Cells) -> Result<EffectState, BadRow> {
        Ok(match self.state.as_str() {
            "held" => EffectState::Held,
            "dispatching" => {
                let since = self
                    .dispatching_since
                    .ok_or_else(|| cells.bad("dispatching_since", "", "missing"))?;
                EffectState::Dispatching {
                    since: Timestamp::from_micros(since),
                }
            }
            "sent" => EffectState::Sent,
            "failed" => EffectState::Failed,
            "undone" => EffectState::Undone,
            "voided" => EffectState::Voided,
            "pending_reconciliation" => EffectState::PendingReconciliation,
            other => return Err(cells.bad("state", other, "unknown")),
        })
    }
}

impl ApprovalRow {
    pub(crate) fn of(approval: &Approval) -> Result<Self, Failure> {
        Ok(Self {
            id: approval.id.to_string(),
            tenant_id: approval.tenant.to_string(),
            task_id: approval.task.to_string(),
            review_id: approval.review.map(|id| id.to_string()),
            kind: word(&approval.kind)?,
            actor: json(&approval.actor)?,
            digest: approval.digest.to_string(),
            policy_version: i64::from(approval.policy_version),
            persona_version_id: approval.persona_version.to_string(),
            expires_at: approval.expires_at.micros(),
            created_at: approval.created_at.micros(),
        })
    }
}

impl TryFrom<ApprovalRow> for Approval {
    type Error = BadRow;

    fn try_from(row: ApprovalRow) -> Result<Self, BadRow> {
        let cells = Cells("approvals");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            task: cells.text("task_id", &row.task_id)?,
            review: cells.maybe_text("review_id", row.review_id.as_deref())?,
            kind: cells.word("kind", &row.kind)?,
            actor: cells.json("actor", &row.actor)?,
            digest: cells.text("digest", &row.digest)?,
            policy_version: cells.number("policy_version", row.policy_version)?,
            persona_version: cells.text("persona_version_id", &row.persona_version_id)?,
            expires_at: Timestamp::from_micros(row.expires_at),
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

/// An effect from its row and its approval's.
pub(crate) fn effect_of(row: EffectRow, approval: ApprovalRow) -> Result<Effect, BadRow> {
    let cells = Cells("effects");
    Ok(Effect {
        state: row.state(cells)?,
        is_unclear: row.is_unclear(),
        id: cells.text("id", &row.id)?,
        tenant: cells.text("tenant_id", &row.tenant_id)?,
        campaign: cells.text("campaign_id", &row.campaign_id)?,
        task: cells.text("task_id", &row.task_id)?,
        agent: cells.text("agent_id", &row.agent_id)?,
        artifact: cells.text("artifact_id", &row.artifact_id)?,
        action: cells.json("action", &row.action)?,
        approval: approval.try_into()?,
        intent_key: row.intent_key,
        not_before: Timestamp::from_micros(row.not_before),
        held_until: Timestamp::from_micros(row.held_until),
        attempts: cells.number("attempts", row.attempts)?,
        receipt: cells.maybe_json("receipt", row.receipt.as_deref())?,
        fault: cells.maybe_json("fault", row.fault.as_deref())?,
        trace: TraceContext {
            trace: cells.text("trace_id", &row.trace_id)?,
            span: cells.text("span_id", &row.span_id)?,
        },
        version: cells.text("version_id", &row.version_id)?,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}
