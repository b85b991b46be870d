//! Audit records, alerts, incidents.

use chimera_contract::{
    event::Actor,
    log as wire,
    scalar::{Id, Time},
};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Alert, Incident},
};

use crate::{ToWire, mirror};

mirror!(AuditStatus => wire::AuditStatus { Success, Failure, Pending });

/// A record with the name of its author.
pub fn record(record: &AuditRecord, actor: Actor) -> wire::AuditRecord {
    wire::AuditRecord {
        id: Id::of(record.id),
        actor,
        action: record.action.clone(),
        agent: record.agent.map(Id::of),
        campaign: record.campaign.map(Id::of),
        task: record.task.map(Id::of),
        trace: record.trace.map(|trace| trace.to_string()),
        skill: record.skill.clone(),
        input: record.input.clone(),
        output: record.output.clone(),
        status: record.status.wire(),
        at: Time::of(record.at),
    }
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
