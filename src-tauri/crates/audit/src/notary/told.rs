//! What the notary writes down and tells people.
//!
//! Never here: when.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Alert, Change},
    event::{Event, Fact},
    fault::Fault,
    id::{AlertId, AuditId, TenantId},
    role::Actor,
};
use serde_json::Value;

use super::Notary;

/// Under which name the notary acts.
pub(super) const PART: &str = "notary";

impl Notary {
    /// A record of the notary's own.
    pub(super) fn record(&self, tenant: TenantId, action: &str, output: Value) -> Change {
        self.record_by(tenant, Actor::system(PART), action, output)
    }

    /// A record of what somebody asked the notary for.
    pub(super) fn record_by(
        &self,
        tenant: TenantId,
        actor: Actor,
        action: &str,
        output: Value,
    ) -> Change {
        Change::Audit(AuditRecord {
            id: AuditId::from_uuid(self.0.options.ids.uuid()),
            tenant,
            actor,
            action: action.to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: None,
            input: Value::Null,
            output,
            status: AuditStatus::Success,
            at: self.now(),
        })
    }

    /// A fact for whoever watches.
    pub(super) fn event(&self, tenant: TenantId, fact: Fact) -> Change {
        Change::Event(Event {
            seq: 0,
            tenant,
            actor: Actor::system(PART),
            at: self.now(),
            fact,
        })
    }

    /// An alert, and the fact of it.
    pub(super) fn alert(&self, tenant: TenantId, fault: &Fault, title: &str) -> [Change; 2] {
        let alert = Alert {
            id: AlertId::from_uuid(self.0.options.ids.uuid()),
            tenant,
            code: fault.code.clone(),
            title: title.to_owned(),
            detail: fault.message.clone(),
            campaign: None,
            task: None,
            created_at: self.now(),
            acknowledged_at: None,
        };
        let fact = Fact::AlertRaised {
            alert: alert.id,
            code: alert.code.clone(),
            title: alert.title.clone(),
        };
        [self.event(tenant, fact), Change::Alert(alert)]
    }

    /// Tells people of a fault. Where even that cannot be stored, the log of the program has it.
    pub(super) async fn tell(&self, tenant: TenantId, fault: &Fault, title: &str) {
        let notes = self.alert(tenant, fault, title).into();
        if let Err(error) = self.0.options.store.append(tenant, notes).await {
            tracing::error!(%error, code = fault.code, "an alert cannot be stored");
        }
    }
}
