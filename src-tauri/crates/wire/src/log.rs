//! Audit records, alerts, incidents.

use chimera_contract::{
    event::Actor,
    log::{self as wire, Subject, SubjectKind},
    scalar::{Id, Time},
};
use chimera_domain::{
    audit::AuditStatus,
    change::{Alert, Incident},
};
use chimera_ports::store::AuditEntry;

use crate::{ToWire, mirror};

mirror!(AuditStatus => wire::AuditStatus { Success, Failure, Pending });

/// A record with the name of its author and of what it is about.
pub fn record(entry: &AuditEntry, actor: Actor) -> wire::AuditRecord {
    let record = &entry.record;
    wire::AuditRecord {
        id: Id::of(record.id),
        actor,
        action: record.action.clone(),
        subject: subject(entry),
        agent: record.agent.map(Id::of),
        campaign: record.campaign.map(Id::of),
        task: record.task.map(Id::of),
        trace: record.trace.map(|trace| trace.to_string()),
        skill: record.skill.clone(),
        input: record.input.clone(),
        output: record.output.clone(),
        status: record.status.wire(),
        overtaken: entry.overtaken,
        at: Time::of(record.at),
    }
}

/// The nearest thing with a name: the task, else the campaign, else the agent.
fn subject(entry: &AuditEntry) -> Option<Subject> {
    let record = &entry.record;
    let named = |kind, id: Option<Id>, label: &Option<String>| {
        Some(Subject {
            kind,
            id: id?,
            label: label.clone()?,
        })
    };
    named(
        SubjectKind::Task,
        record.task.map(Id::of),
        &entry.task_title,
    )
    .or_else(|| {
        named(
            SubjectKind::Campaign,
            record.campaign.map(Id::of),
            &entry.campaign_name,
        )
    })
    .or_else(|| {
        named(
            SubjectKind::Agent,
            record.agent.map(Id::of),
            &entry.agent_name,
        )
    })
}

impl ToWire for Alert {
    type Wire = wire::Alert;
    fn wire(&self) -> wire::Alert {
        wire::Alert {
            id: Id::of(self.id),
            code: self.code.clone(),
            title: self.title.clone(),
            detail: self.detail.clone(),
            campaign: self.campaign.map(Id::of),
            task: self.task.map(Id::of),
            created_at: Time::of(self.created_at),
            acknowledged_at: self.acknowledged_at.map(Time::of),
        }
    }
}

impl ToWire for Incident {
    type Wire = wire::Incident;
    fn wire(&self) -> wire::Incident {
        wire::Incident {
            id: Id::of(self.id),
            kind: self.kind.clone(),
            severity: self.severity.clone(),
            detail: self.detail.clone(),
            blocked: self.blocked,
            campaign: self.campaign.map(Id::of),
            task: self.task.map(Id::of),
            created_at: Time::of(self.created_at),
        }
    }
}
