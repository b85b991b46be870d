//! Rows of `events`, `audit_logs`, `alerts` and `incidents`.

use chimera_domain::{
    audit::AuditRecord,
    change::{Alert, Incident},
    event::Event,
    time::Timestamp,
};
use chimera_ports::store::StoredRecord;

use super::{BadRow, Cells, json, word};
use crate::{failure::Failure, table::table};

table! {
    /// An event. Its number is given when it is written.
    "events" as EventRow, key "tenant_id" + "seq";
    fixed { tenant_id: String, seq: i64, actor: String, at: i64, fact: String }
    live {}
}

table! {
    /// An audit record; its place in the order of writing is the table's.
    "audit_logs" as AuditRow, key "seq";
    fixed {
        id: String,
        tenant_id: String,
        actor: String,
        action: String,
        agent_id: Option<String>,
        campaign_id: Option<String>,
        task_id: Option<String>,
        trace_id: Option<String>,
        skill_name: Option<String>,
        input_data: String,
        output_data: String,
        status: String,
        timestamp: i64,
    }
    live {}
}

table! {
    /// Something that a person is told.
    "alerts" as AlertRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        code: String,
        title: String,
        detail: String,
        campaign_id: Option<String>,
        task_id: Option<String>,
        created_at: i64,
    }
    live { acknowledged_at: Option<i64> }
}

table! {
    /// A security event.
    "incidents" as IncidentRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        kind: String,
        severity: String,
        detail: String,
        blocked: i64,
        campaign_id: Option<String>,
        task_id: Option<String>,
        created_at: i64,
    }
    live {}
}

impl EventRow {
    /// Place of `seq` among the columns.
    pub(crate) const SEQ: usize = 1;

    pub(crate) fn of(event: &Event) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: event.tenant.to_string(),
            seq: 0,
            actor: json(&event.actor)?,
            at: event.at.micros(),
            fact: json(&event.fact)?,
        })
    }
}

impl TryFrom<EventRow> for Event {
    type Error = BadRow;

    fn try_from(row: EventRow) -> Result<Self, BadRow> {
        let cells = Cells("events");
        Ok(Self {
            seq: cells.number("seq", row.seq)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            actor: cells.json("actor", &row.actor)?,
            at: Timestamp::from_micros(row.at),
            fact: cells.json("fact", &row.fact)?,
        })
    }
}

impl AuditRow {
    pub(crate) fn of(record: &AuditRecord) -> Result<Self, Failure> {
        Ok(Self {
            id: record.id.to_string(),
            tenant_id: record.tenant.to_string(),
            actor: json(&record.actor)?,
            action: record.action.clone(),
            agent_id: record.agent.map(|id| id.to_string()),
            campaign_id: record.campaign.map(|id| id.to_string()),
            task_id: record.task.map(|id| id.to_string()),
            trace_id: record.trace.map(|id| id.to_string()),
            skill_name: record.skill.clone(),
            input_data: json(&record.input)?,
            output_data: json(&record.output)?,
            status: word(&record.status)?,
            timestamp: record.at.micros(),
        })
    }
}

impl AuditRow {
    /// The record with the texts that it is read from.
    pub(crate) fn stored(self) -> Result<StoredRecord, BadRow> {
        let (input, output) = (self.input_data.clone(), self.output_data.clone());
        Ok(StoredRecord {
            record: self.try_into()?,
            input,
            output,
        })
    }
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = BadRow;

    fn try_from(row: AuditRow) -> Result<Self, BadRow> {
        let cells = Cells("audit_logs");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            actor: cells.json("actor", &row.actor)?,
            action: row.action,
            agent: cells.maybe_text("agent_id", row.agent_id.as_deref())?,
            campaign: cells.maybe_text("campaign_id", row.campaign_id.as_deref())?,
            task: cells.maybe_text("task_id", row.task_id.as_deref())?,
            trace: cells.maybe_text("trace_id", row.trace_id.as_deref())?,
            skill: row.skill_name,
            input: cells.json("input_data", &row.input_data)?,
            output: cells.json("output_data", &row.output_data)?,
            status: cells.word("status", &row.status)?,
            at: Timestamp::from_micros(row.timestamp),
        })
    }
}

impl AlertRow {
    pub(crate) fn of(alert: &Alert) -> Self {
        Self {
            id: alert.id.to_string(),
            tenant_id: alert.tenant.to_string(),
            code: alert.code.clone(),
            title: alert.title.clone(),
            detail: alert.detail.clone(),
            campaign_id: alert.campaign.map(|id| id.to_string()),
            task_id: alert.task.map(|id| id.to_string()),
            created_at: alert.created_at.micros(),
            acknowledged_at: alert.acknowledged_at.map(Timestamp::micros),
        }
    }
}

impl TryFrom<AlertRow> for Alert {
    type Error = BadRow;

    fn try_from(row: AlertRow) -> Result<Self, BadRow> {
        let cells = Cells("alerts");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            code: row.code,
            title: row.title,
            detail: row.detail,
            campaign: cells.maybe_text("campaign_id", row.campaign_id.as_deref())?,
            task: cells.maybe_text("task_id", row.task_id.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
            acknowledged_at: row.acknowledged_at.map(Timestamp::from_micros),
        })
    }
}

impl IncidentRow {
    pub(crate) fn of(incident: &Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            tenant_id: incident.tenant.to_string(),
            kind: incident.kind.clone(),
            severity: incident.severity.clone(),
            detail: incident.detail.clone(),
            blocked: i64::from(incident.blocked),
            campaign_id: incident.campaign.map(|id| id.to_string()),
            task_id: incident.task.map(|id| id.to_string()),
            created_at: incident.created_at.micros(),
        }
    }
}

impl TryFrom<IncidentRow> for Incident {
    type Error = BadRow;

    fn try_from(row: IncidentRow) -> Result<Self, BadRow> {
        let cells = Cells("incidents");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            kind: row.kind,
            severity: row.severity,
            detail: row.detail,
            blocked: row.blocked != 0,
            campaign: cells.maybe_text("campaign_id", row.campaign_id.as_deref())?,
            task: cells.maybe_text("task_id", row.task_id.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}
