//! What a decision is given besides the board: time, author, ids, policy.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    event::{Event, Fact},
    id::AuditId,
    role::Actor,
    time::Timestamp,
};
use chimera_policy::Policy;
use serde_json::Value;
use uuid::Uuid;

/// Time, author, ids and policy of one decision.
pub struct Given<'a> {
    /// The time now.
    pub now: Timestamp,
    /// Whose act it is.
    pub actor: Actor,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Mints the next id.
    pub mint: &'a mut dyn FnMut() -> Uuid,
}

impl Given<'_> {
    pub(crate) fn id(&mut self) -> Uuid {
        (self.mint)()
    }

    pub(crate) fn event(&self, tenant: chimera_domain::id::TenantId, fact: Fact) -> Event {
        Event {
            seq: 0,
            tenant,
            actor: self.actor.clone(),
            at: self.now,
            fact,
        }
    }

    pub(crate) fn campaign_audit(
        &mut self,
        campaign: &chimera_domain::campaign::Campaign,
        action: &str,
        output: Value,
    ) -> AuditRecord {
        AuditRecord {
            id: AuditId::from_uuid(self.id()),
            tenant: campaign.tenant,
            actor: self.actor.clone(),
            action: action.to_owned(),
            agent: Some(campaign.agent),
            campaign: Some(campaign.id),
            task: None,
            trace: Some(campaign.trace.trace),
            skill: None,
            input: Value::Null,
            output,
            status: AuditStatus::Success,
            at: self.now,
        }
    }
}
