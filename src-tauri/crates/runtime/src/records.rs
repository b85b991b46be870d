//! Audit records and their redaction: every record of the runtime and of the doors is made or passes here, so
//! that nothing personal and no secret is appended (SEC-05).
//!
//! Never here: storing them; a record goes with the write that it is about.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    campaign::Campaign,
    change::Change,
    event::{Event, Fact},
    id::{AgentId, AuditId, TenantId},
    role::Actor,
    task::Task,
};
use chimera_guard::masked;
use serde_json::Value;

use crate::{desk::Caller, runtime::Runtime};

impl Runtime {
    /// The record of an act that is no transition of the engine, its data redacted.
    #[must_use]
    pub fn record(
        &self,
        tenant: TenantId,
        actor: Actor,
        action: &str,
        output: Value,
    ) -> AuditRecord {
        AuditRecord {
            id: AuditId::from_uuid(self.parts().ids.uuid()),
            tenant,
            actor,
            action: action.to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: None,
            input: Value::Null,
            output: masked(output),
            status: AuditStatus::Success,
            at: self.now(),
        }
    }

    /// The event and the record of a person's act that is no transition of the engine.
    #[must_use]
    pub fn notes(
        &self,
        who: &Caller,
        action: &str,
        output: Value,
        fact: Option<Fact>,
    ) -> Vec<Change> {
        let record = self.record(who.tenant, who.actor(), action, output);
        let event = fact.map(|fact| {
            Change::Event(Event {
                seq: 0,
                tenant: who.tenant,
                actor: who.actor(),
                at: record.at,
                fact,
            })
        });
        event.into_iter().chain([Change::Audit(record)]).collect()
    }

    /// The same about a campaign: its record is found under the campaign and in its run.
    pub(crate) fn campaign_notes(
        &self,
        who: &Caller,
        campaign: &Campaign,
        action: &str,
        output: Value,
    ) -> Vec<Change> {
        let fact = Fact::CampaignChanged {
            campaign: campaign.id,
            status: campaign.status.as_str().to_owned(),
        };
        about(self.notes(who, action, output, Some(fact)), |record| {
            record.campaign = Some(campaign.id);
            record.agent = Some(campaign.agent);
            record.trace = Some(campaign.trace.trace);
        })
    }

    /// The record of something that happened in the work on a task, which is no transition of it.
    pub(crate) fn task_record(&self, task: &Task, action: &str, output: Value) -> AuditRecord {
        AuditRecord {
            agent: Some(task.agent),
            campaign: Some(task.campaign),
            task: Some(task.id),
            trace: Some(task.trace.trace),
            skill: Some(task.skill.clone()),
            ..self.record(task.tenant, Actor::system("worker"), action, output)
        }
    }
}

/// Notes whose record is found under an agent.
pub(crate) fn about_agent(notes: Vec<Change>, agent: AgentId) -> Vec<Change> {
    about(notes, |record| record.agent = Some(agent))
}

fn about(mut notes: Vec<Change>, mark: impl Fn(&mut AuditRecord)) -> Vec<Change> {
    for note in &mut notes {
        if let Change::Audit(record) = note {
            mark(record);
        }
    }
    notes
}
