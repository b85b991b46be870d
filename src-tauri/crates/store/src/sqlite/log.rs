//! What happened: events, audit records, alerts, incidents, answered requests.
//!
//! Never here: sealing the audit records.

use async_trait::async_trait;
use chimera_domain::{
    change::{Alert, Change, IdempotencyRecord, Incident},
    event::Event,
    id::{AlertId, TenantId},
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AuditEntry, AuditFilter, IncidentFilter, Log},
};

use super::{
    answers,
    campaigns::{all, end},
    store::SqliteStore,
};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{AlertRow, AnswerRow, AuditRow, EventRow, IncidentRow},
};

/// Most events that one question is answered with.
const MAX_EVENTS: u32 = 10_000;

#[derive(sqlx::FromRow)]
struct NumberedRecord {
    seq: i64,
    #[sqlx(flatten)]
    record: AuditRow,
    task_title: Option<String>,
    campaign_name: Option<String>,
    agent_name: Option<String>,
    overtaken: bool,
}

/// Records with what they are about, newest first. What is pending is overtaken by any later record of the
/// same task's action.
macro_rules! select_records {
    ($which:literal) => {
        concat!(
            "SELECT a.*, t.title AS task_title, c.name AS campaign_name, g.name AS agent_name, \
                 a.status = 'pending' AND EXISTS (SELECT 1 FROM audit_logs l \
                     WHERE l.task_id = a.task_id AND l.tenant_id = a.tenant_id AND l.seq > a.seq \
                         AND substr(l.action, 1, 7) = 'effect.') AS overtaken \
             FROM audit_logs a \
             LEFT JOIN tasks t ON t.id = a.task_id AND t.tenant_id = a.tenant_id \
             LEFT JOIN campaigns c ON c.id = a.campaign_id AND c.tenant_id = a.tenant_id \
             LEFT JOIN agents g ON g.id = a.agent_id AND g.tenant_id = a.tenant_id \
             WHERE ",
            $which,
            " AND (?4 IS NULL OR substr(a.action, 1, length(?4)) = ?4) AND a.seq < ?5 \
             ORDER BY a.seq DESC LIMIT ?6"
        )
    };
}

#[derive(sqlx::FromRow)]
struct AlertWithNeed {
    unseen: i64,
    #[sqlx(flatten)]
    alert: AlertRow,
}

impl TryFrom<NumberedRecord> for AuditEntry {
    type Error = Failure;

    fn try_from(row: NumberedRecord) -> Result<Self, Failure> {
        Ok(Self {
            record: row.record.try_into()?,
            task_title: row.task_title,
            campaign_name: row.campaign_name,
            agent_name: row.agent_name,
            overtaken: row.overtaken,
        })
    }
}

impl TryFrom<AlertWithNeed> for Alert {
    type Error = Failure;

    fn try_from(row: AlertWithNeed) -> Result<Self, Failure> {
        Ok(row.alert.try_into()?)
    }
}

#[async_trait]
impl Log for SqliteStore {
    async fn append(&self, tenant: TenantId, notes: Vec<Change>) -> Result<u64, PortError> {
        self.write(tenant, &notes, |_| Box::pin(async { Ok(()) }))
            .await
    }

    async fn events_after(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, PortError> {
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT * FROM events WHERE tenant_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )
        .bind(tenant.to_string())
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit.min(MAX_EVENTS))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn last_event(&self, tenant: TenantId) -> Result<u64, PortError> {
        let (last,): (Option<i64>,) =
            sqlx::query_as("SELECT max(seq) FROM events WHERE tenant_id = ?1")
                .bind(tenant.to_string())
                .fetch_one(self.reads())
                .await
                .map_err(Failure::from)?;
        Ok(last
            .and_then(|last| u64::try_from(last).ok())
            .unwrap_or_default())
    }

    async fn audit(
        &self,
        tenant: TenantId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>, PortError> {
        let before: i64 = cursor::after(&page)?.unwrap_or(i64::MAX);
        // Three statements, so that each walks the index that fits it. A prefix is compared character by
        // character: LIKE would take its `_` and `%` for more than they are.
        let statement = match (filter.task, filter.campaign) {
            (Some(_), _) => select_records!(
                "a.task_id = ?3 AND a.tenant_id = ?1 AND (?2 IS NULL OR a.campaign_id = ?2)"
            ),
            (None, Some(_)) => {
                select_records!("a.campaign_id = ?2 AND a.tenant_id = ?1 AND ?3 IS NULL")
            }
            (None, None) => select_records!("a.tenant_id = ?1 AND ?2 IS NULL AND ?3 IS NULL"),
        };
        let rows: Vec<NumberedRecord> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(filter.campaign.map(|id| id.to_string()))
            .bind(filter.task.map(|id| id.to_string()))
            .bind(filter.action_prefix)
            .bind(before)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| row.seq)?)
    }

    async fn alerts(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Alert>, PortError> {
        let (unseen, created_at, id): (i64, i64, String) =
            cursor::after(&page)?.unwrap_or((i64::MAX, end().0, end().1));
        let rows: Vec<AlertWithNeed> = sqlx::query_as(
            "SELECT * FROM alerts WHERE tenant_id = ?1 AND (unseen, created_at, id) < (?2, ?3, ?4) \
             ORDER BY unseen DESC, created_at DESC, id DESC LIMIT ?5",
        )
        .bind(tenant.to_string())
        .bind(unseen)
        .bind(created_at)
        .bind(id)
        .bind(rows_to_read(&page))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.unseen, row.alert.created_at, row.alert.id.clone())
        })?)
    }

    async fn acknowledge_alert(
        &self,
        tenant: TenantId,
        id: AlertId,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                // The first time counts.
                let done = sqlx::query(
                    "UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, ?3) WHERE id = ?1 AND tenant_id = ?2",
                )
                .bind(id.to_string())
                .bind(tenant.to_string())
                .bind(at.micros())
                .execute(conn)
                .await?;
                if done.rows_affected() == 0 {
                    return Err(PortError::not_found("alert", id).into());
                }
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn incidents(
        &self,
        tenant: TenantId,
        filter: IncidentFilter,
        page: PageRequest,
    ) -> Result<Page<Incident>, PortError> {
        let (created_at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let rows: Vec<IncidentRow> = sqlx::query_as(
            "SELECT * FROM incidents WHERE tenant_id = ?1 AND (created_at, id) < (?2, ?3) \
                 AND (?5 IS NULL OR severity = ?5) \
             ORDER BY created_at DESC, id DESC LIMIT ?4",
        )
        .bind(tenant.to_string())
        .bind(created_at)
        .bind(id)
        .bind(rows_to_read(&page))
        .bind(filter.severity)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.created_at, row.id.clone())
        })?)
    }

    async fn answered(
        &self,
        tenant: TenantId,
        key: &str,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        let row: Option<AnswerRow> =
            sqlx::query_as("SELECT * FROM idempotency_keys WHERE tenant_id = ?1 AND key = ?2")
                .bind(tenant.to_string())
                .bind(key)
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        Ok(row
            .map(IdempotencyRecord::try_from)
            .transpose()
            .map_err(Failure::from)?)
    }

    async fn begin_answer(
        &self,
        record: &IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        let begun = AnswerRow {
            status: i64::from(IdempotencyRecord::BEGUN),
            ..AnswerRow::from(record)
        };
        self.writer()
            .run(move |conn| Box::pin(answers::begin(conn, begun)))
            .await
    }

    async fn drop_key(&self, tenant: TenantId, key: &str) -> Result<(), PortError> {
        let key = key.to_owned();
        self.write(tenant, &[], move |conn| {
            Box::pin(answers::drop_begun(conn, tenant, key))
        })
        .await?;
        Ok(())
    }

    async fn remember_answer(&self, record: &IdempotencyRecord) -> Result<(), PortError> {
        let row = AnswerRow::from(record);
        self.write(record.tenant, &[], move |conn| {
            Box::pin(answers::put(conn, row))
        })
        .await?;
        Ok(())
    }

    async fn forget(
        &self,
        tenant: TenantId,
        sessions: Timestamp,
        answers: Timestamp,
    ) -> Result<(), PortError> {
        self.write(tenant, &[], move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "DELETE FROM sessions WHERE tenant_id = ?1 AND (expires_at < ?2 OR revoked_at < ?2)",
                )
                .bind(tenant.to_string())
                .bind(sessions.micros())
                .execute(&mut *conn)
                .await?;
                // What was begun and never answered stays: it is promised that such a key is never acted on again.
                sqlx::query(
                    "DELETE FROM idempotency_keys WHERE tenant_id = ?1 AND created_at < ?2 AND status <> ?3",
                )
                .bind(tenant.to_string())
                .bind(answers.micros())
                .bind(i64::from(IdempotencyRecord::BEGUN))
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await?;
        Ok(())
    }
}
