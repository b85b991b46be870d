//! Audit records and their redaction: every record of the runtime and of the doors is made or passes here, so
//! that nothing personal and no secret is appended (SEC-05).
//!
//! Never here: storing them; a record goes with the write that it is about.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    campaign::Campaign,
    change::{Change, ChangeSet},
    event::{Event, Fact},
    id::{AgentId, AuditId, TenantId},
    role::Actor,
    task::Task,
};
use chimera_guard::{redact, redact_json};
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
            output: redact_json(output),
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

/// Masks the records, alerts and incidents that the engine wrote into a set: it knows no gateway, and repeats what
/// people and far sides say.
pub fn mask_records(set: &mut ChangeSet) {
    for change in &mut set.changes {
        match change {
            Change::Audit(record) => {
                record.input = redact_json(std::mem::take(&mut record.input));
                record.output = redact_json(std::mem::take(&mut record.output));
            }
            Change::Alert(alert) => {
                alert.title = redact(&alert.title);
                alert.detail = redact(&alert.detail);
            }
            Change::Incident(incident) => incident.detail = redact(&incident.detail),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::time::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn personal_data_and_secrets_go_and_what_proves_stays() {
        let id = Uuid::from_u128(0x0198_3f2a_77de_7c11_8a2b_90ab_cdef_1234);
        let digest = chimera_domain::digest::Digest::of_bytes("chimera.test.v1", b"x").unwrap();
        let key = format!("sk-{}", "abcdef1234567890");
        let proof = json!({
            "review": id, "shown": digest, "until": Timestamp::from_micros(1_795_312_345_678_901),
            "intent_key": format!("chimera-{id}"), "confidence": 4_111_111_111_111_111_u64,
        });
        let shown = redact_json(json!({
            "note": format!("Ask jane@example.org or +49 30 901820, card 4111 1111 1111 1111, key {key}"),
            "arguments": [{ "to": ["jane@example.org"] }],
            "proof": proof,
        }));
        assert_eq!(
            shown["note"],
            "Ask [email] or [phone], card [card], key sk-****"
        );
        assert_eq!(shown["arguments"], json!([{ "to": ["[email]"] }]));
        assert_eq!(shown["proof"], proof);
    }
}
