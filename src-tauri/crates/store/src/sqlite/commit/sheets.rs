//! Rows on their way to every table, and the order in which tables are written.
//!
//! Never here: deciding which rows (`draft`), or statements of their own (`release`, `cascade`).

use crate::{
    failure::Failure,
    rows::{
        AlertRow, ApprovalRow, ArtifactRow, AttemptRow, AuditRow, CampaignRow, ContentRow, EdgeRow,
        EffectRow, EventRow, IncidentRow, PublicationRow, ReviewRow, TaskRow, VerdictRow,
    },
    table::{Sheet, insert, insert_new, upsert},
};
use chimera_domain::{change::Change, id::TenantId};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

/// One sheet per table; two for tasks, because new ones must not overwrite.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sheets {
    pub(crate) campaigns: Sheet,
    pub(crate) tasks: Sheet,
    pub(crate) new_tasks: Sheet,
    pub(crate) edges: Sheet,
    pub(crate) attempts: Sheet,
    pub(crate) artifacts: Sheet,
    pub(crate) verdicts: Sheet,
    pub(crate) reviews: Sheet,
    pub(crate) approvals: Sheet,
    pub(crate) effects: Sheet,
    pub(crate) content: Sheet,
    pub(crate) publications: Sheet,
    pub(crate) alerts: Sheet,
    pub(crate) incidents: Sheet,
    pub(crate) events: Sheet,
    pub(crate) audit: Sheet,
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
                self.events.push(&EventRow::of(event)?)?;
            }
            Change::Audit(record) => {
                same_tenant(tenant, record.tenant)?;
                self.audit.push(&AuditRow::of(record)?)?;
            }
            Change::Alert(alert) => {
                same_tenant(tenant, alert.tenant)?;
                self.alerts.push(&AlertRow::of(alert))?;
            }
            Change::Incident(incident) => {
                same_tenant(tenant, incident.tenant)?;
                self.incidents.push(&IncidentRow::of(incident))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Adds the rows of `other` behind these. Events are left out: their order is the caller's affair.
    pub(crate) fn append_all_but_events(&mut self, other: &Self) {
        self.campaigns.append(&other.campaigns);
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
        upsert::<CampaignRow>(conn, &self.campaigns).await?;
        upsert::<TaskRow>(conn, &self.tasks).await?;
        insert::<TaskRow>(conn, &self.new_tasks).await?;
        insert::<EdgeRow>(conn, &self.edges).await?;
        upsert::<AttemptRow>(conn, &self.attempts).await?;
        insert::<ArtifactRow>(conn, &self.artifacts).await?;
        insert::<VerdictRow>(conn, &self.verdicts).await?;
        upsert::<ReviewRow>(conn, &self.reviews).await?;
        insert_new::<ApprovalRow>(conn, &self.approvals).await?;
        upsert::<EffectRow>(conn, &self.effects).await?;
        upsert::<ContentRow>(conn, &self.content).await?;
        upsert::<PublicationRow>(conn, &self.publications).await?;
        upsert::<AlertRow>(conn, &self.alerts).await?;
        insert::<IncidentRow>(conn, &self.incidents).await?;
        Ok(())
    }

    /// Writes events and audit; answers the number of the last event, 0 when there was none.
    pub(crate) async fn write_log(&self, conn: &mut SqliteConnection) -> Result<i64, Failure> {
        let last = insert::<EventRow>(conn, &self.events).await?;
        insert::<AuditRow>(conn, &self.audit).await?;
        Ok(last)
    }

    /// Writes notes, for writes that are no transition.
    pub(crate) async fn write_notes(&self, conn: &mut SqliteConnection) -> Result<i64, Failure> {
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
