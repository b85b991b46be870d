//! Rows on their way to every table, and the order in which tables are written.
//!
//! Never here: deciding which rows (`draft`), or statements of their own (`release`, `cascade`).

use crate::batch::{insert, insert_new, upsert};
use crate::{
    failure::Failure,
    rows::{
        AlertRow, ApprovalRow, ArtifactRow, AttemptRow, AuditRow, CampaignRow, ContentRow, EdgeRow,
        EffectRow, EventRow, IncidentRow, PlanRow, PublicationRow, ReviewRow, TaskRow, VerdictRow,
    },
    table::Sheet,
};
use chimera_domain::{change::Change, id::TenantId};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

/// One sheet per table; two for tasks, because new ones must not overwrite.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    pub(crate) campaigns: Sheet<CampaignRow>,
    pub(crate) plans: Sheet<PlanRow>,
    pub(crate) tasks: Sheet<TaskRow>,
    pub(crate) new_tasks: Sheet<TaskRow>,
    pub(crate) edges: Sheet<EdgeRow>,
    pub(crate) attempts: Sheet<AttemptRow>,
    pub(crate) artifacts: Sheet<ArtifactRow>,
    pub(crate) verdicts: Sheet<VerdictRow>,
    pub(crate) reviews: Sheet<ReviewRow>,
    pub(crate) approvals: Sheet<ApprovalRow>,
    pub(crate) effects: Sheet<EffectRow>,
    pub(crate) content: Sheet<ContentRow>,
    pub(crate) publications: Sheet<PublicationRow>,
    pub(crate) alerts: Sheet<AlertRow>,
    pub(crate) incidents: Sheet<IncidentRow>,
    pub(crate) events: Sheet<EventRow>,
    pub(crate) audit: Sheet<AuditRow>,
}

impl Sheets {
    /// Notes that belong to no transition: events, audit records, alerts, incidents, all of one tenant.
    pub(crate) fn of_notes(tenant: TenantId, notes: &[Change]) -> Result<Self, PortError> {
        let mut sheets = Self::default();
        for note in notes {
            if !sheets.note(tenant, note)? {
                return Err(PortError::Invalid(
                    "only events, audit records, alerts and incidents can be stored beside this; nothing was written"
                        .to_owned(),
                ));
            }
        }
        Ok(sheets)
    }

    /// Takes a note; false when the change is something else.
    pub(crate) fn note(&mut self, tenant: TenantId, change: &Change) -> Result<bool, Failure> {
        match change {
            Change::Event(event) => {
                same_tenant(tenant, event.tenant)?;
                self.events.push(EventRow::of(event)?);
            }
            Change::Audit(record) => {
                same_tenant(tenant, record.tenant)?;
                self.audit.push(AuditRow::of(record)?);
            }
            Change::Alert(alert) => {
                same_tenant(tenant, alert.tenant)?;
                self.alerts.push(AlertRow::of(alert));
            }
            Change::Incident(incident) => {
                same_tenant(tenant, incident.tenant)?;
                self.incidents.push(IncidentRow::of(incident));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Adds the rows of `other` behind these. Events are left out: their order is the caller's affair.
    pub(crate) fn append_all_but_events(&mut self, other: &Self) {
        self.campaigns.append(&other.campaigns);
        self.plans.append(&other.plans);
        self.tasks.append(&other.tasks);
        self.new_tasks.append(&other.new_tasks);
        self.edges.append(&other.edges);
        self.attempts.append(&other.attempts);
        self.artifacts.append(&other.artifacts);
        self.verdicts.append(&other.verdicts);
        self.reviews.append(&other.reviews);
        self.approvals.append(&other.approvals);
        self.effects.append(&other.effects);
        self.content.append(&other.content);
        self.publications.append(&other.publications);
        self.alerts.append(&other.alerts);
        self.incidents.append(&other.incidents);
        self.audit.append(&other.audit);
    }

    /// Writes every table but events and audit, parents before children.
    pub(crate) async fn write_rows(&self, conn: &mut SqliteConnection) -> Result<(), Failure> {
        upsert(conn, &self.campaigns).await?;
        insert(conn, &self.plans).await?;
        upsert(conn, &self.tasks).await?;
        insert(conn, &self.new_tasks).await?;
        insert(conn, &self.edges).await?;
        upsert(conn, &self.attempts).await?;
        insert(conn, &self.artifacts).await?;
        insert(conn, &self.verdicts).await?;
        upsert(conn, &self.reviews).await?;
        insert_new(conn, &self.approvals).await?;
        upsert(conn, &self.effects).await?;
        upsert(conn, &self.content).await?;
        upsert(conn, &self.publications).await?;
        upsert(conn, &self.alerts).await?;
        insert(conn, &self.incidents).await?;
        Ok(())
    }

    /// Writes events and audit; answers the number of the last event, 0 when there was none.
    pub(crate) async fn write_log(&mut self, conn: &mut SqliteConnection) -> Result<u64, Failure> {
        insert(conn, &self.audit).await?;
        if self.events.is_empty() {
            return Ok(0);
        }
        let count = i64::try_from(self.events.rows()).unwrap_or(i64::MAX);
        let (last,): (i64,) = sqlx::query_as(
            "UPDATE schema_info SET last_event = last_event + ?1 RETURNING last_event",
        )
        .bind(count)
        .fetch_one(&mut *conn)
        .await?;
        self.events.number(EventRow::SEQ, last - count + 1);
        insert(conn, &self.events).await?;
        Ok(u64::try_from(last).unwrap_or_default())
    }

    /// Writes notes, for writes that are no transition.
    pub(crate) async fn write_notes(mut self, conn: &mut SqliteConnection) -> Result<u64, Failure> {
        self.write_rows(conn).await?;
        self.write_log(conn).await
    }
}

/// Refuses a row of another tenant before it gets anywhere near the database.
pub(crate) fn same_tenant(tenant: TenantId, of_row: TenantId) -> Result<(), Failure> {
    if tenant == of_row {
        Ok(())
    } else {
        Err(Failure::refused(format!(
            "a change for tenant {tenant} carries a row of tenant {of_row}"
        )))
    }
}
