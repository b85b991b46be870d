//! The chain over the audit log: its links and checkpoints, and what of the log they do not cover.
//!
//! Never here: computing or judging a link.

use std::collections::HashMap;

use async_trait::async_trait;
use chimera_domain::{
    audit::{AuditLink, Beginning, Checkpoint},
    change::Change,
    id::{AuditId, TenantId},
};
use chimera_ports::{
    error::PortError,
    store::{
        Chain, ChainHead, ChainReader, ChainRow, Counted, Cut, Found, NumberedRecord, Unrecorded,
    },
};
use sqlx::SqliteConnection;

use super::cutting;
use crate::{
    SqliteStore,
    batch::insert,
    failure::Failure,
    rows::{AuditRow, Cells, CheckpointRow, LinkRow},
    table::Sheet,
};

/// A statement over the records after the newest link of tenant `?1`.
macro_rules! waiting {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM audit_logs WHERE tenant_id = ?1 AND seq > coalesce((SELECT seq FROM audit_links \
                 WHERE tenant_id = ?1 ORDER BY number DESC LIMIT 1), 0) ",
            $rest
        )
    };
}

/// A statement over the records before that link which no link covers.
macro_rules! stray {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM audit_logs WHERE tenant_id = ?1 \
                 AND seq < coalesce((SELECT max(seq) FROM audit_links WHERE tenant_id = ?1), 0) \
                 AND NOT EXISTS (SELECT 1 FROM audit_links l \
                     WHERE l.tenant_id = ?1 AND l.seq = audit_logs.seq) \
                 AND NOT EXISTS (SELECT 1 FROM audit_kept k \
                     WHERE k.tenant_id = ?1 AND k.seq = audit_logs.seq) ",
            $rest
        )
    };
}

/// A statement over what happened to tenant `?1` and of which no record tells: a campaign, a decision, a publication.
/// What happened before the newest record that was taken out by rule is not compared.
macro_rules! unrecorded {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM (SELECT 'campaign' AS kind, id FROM campaigns c WHERE tenant_id = ?1 \
                 AND c.created_at > coalesce((SELECT until_at FROM audit_beginnings WHERE tenant_id = ?1), -1) \
                 AND NOT EXISTS (SELECT 1 FROM audit_logs a WHERE a.campaign_id = c.id AND a.tenant_id = ?1) \
             UNION ALL SELECT 'decision', id FROM reviews r WHERE tenant_id = ?1 AND decided_at IS NOT NULL \
                 AND decided_at > coalesce((SELECT until_at FROM audit_beginnings WHERE tenant_id = ?1), -1) \
                 AND NOT EXISTS (SELECT 1 FROM audit_logs a WHERE a.task_id = r.task_id AND a.tenant_id = ?1 \
                     AND substr(a.action, 1, 7) = 'review.') \
             UNION ALL SELECT 'publication', id FROM publications p WHERE tenant_id = ?1 AND published_at IS NOT NULL \
                 AND (SELECT c.created_at FROM content c WHERE c.id = p.content_id AND c.tenant_id = ?1) \
                     > coalesce((SELECT until_at FROM audit_beginnings WHERE tenant_id = ?1), -1) \
                 AND NOT EXISTS (SELECT 1 FROM audit_logs a WHERE a.task_id = p.task_id AND a.tenant_id = ?1 \
                     AND a.action IN ('effect.settle', 'effect.reconcile'))) ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
pub(super) struct Numbered {
    pub(super) seq: i64,
    #[sqlx(flatten)]
    pub(super) record: AuditRow,
}

#[async_trait]
impl ChainReader for SqliteStore {
    async fn unsealed(
        &self,
        tenant: TenantId,
        limit: u32,
    ) -> Result<Vec<NumberedRecord>, PortError> {
        let rows: Vec<Numbered> = sqlx::query_as(waiting!("SELECT *", "ORDER BY seq LIMIT ?2"))
            .bind(tenant.to_string())
            .bind(limit)
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let numbered = |row: Numbered| -> Result<_, Failure> {
            Ok(NumberedRecord {
                seq: Cells("audit_logs").number("seq", row.seq)?,
                stored: row.record.stored()?,
            })
        };
        let records: Result<_, Failure> = rows.into_iter().map(numbered).collect();
        Ok(records?)
    }

    async fn unsealed_count(&self, tenant: TenantId) -> Result<u64, PortError> {
        self.count(waiting!("SELECT count(*)", ""), tenant).await
    }

    async fn chain_head(&self, tenant: TenantId) -> Result<Option<ChainHead>, PortError> {
        let mut conn = self.reads().acquire().await.map_err(Failure::from)?;
        Ok(head(&mut conn, tenant).await?)
    }

    async fn last_checkpoint(&self, tenant: TenantId) -> Result<Option<Checkpoint>, PortError> {
        let mut conn = self.reads().acquire().await.map_err(Failure::from)?;
        Ok(newest_checkpoint(&mut conn, tenant).await?)
    }

    async fn beginning(&self, tenant: TenantId) -> Result<Option<Beginning>, PortError> {
        let mut conn = self.reads().acquire().await.map_err(Failure::from)?;
        Ok(cutting::beginning(&mut conn, tenant).await?)
    }

    async fn kept_records(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ChainRow>, PortError> {
        let mut conn = self.reads().begin().await.map_err(Failure::from)?;
        Ok(cutting::kept(&mut conn, tenant, after, limit).await?)
    }

    async fn still_needed(&self, tenant: TenantId, places: &[u64]) -> Result<Vec<u64>, PortError> {
        cutting::still_needed(self, tenant, places).await
    }

    async fn chain(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ChainRow>, PortError> {
        // One transaction sees links, records and checkpoints of one moment.
        let mut conn = self.reads().begin().await.map_err(Failure::from)?;
        let rows = rows(&mut conn, tenant, after, limit).await?;
        Ok(rows)
    }

    async fn audit_records(
        &self,
        tenant: TenantId,
        ids: &[AuditId],
    ) -> Result<HashMap<AuditId, Found>, PortError> {
        let keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
        // One walk for all of them: no index has the key, because each index costs every commit.
        let rows: Vec<AuditRow> = sqlx::query_as(
            "SELECT * FROM audit_logs WHERE tenant_id = ?1 AND id IN (SELECT value FROM json_each(?2))",
        )
        .bind(tenant.to_string())
        .bind(serde_json::to_string(&keys).map_err(Failure::unwritable)?)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let id = Cells("audit_logs")
                .text("id", &row.id)
                .map_err(Failure::from)?;
            found.insert(id, found_record(row));
        }
        Ok(found)
    }

    async fn unlinked(&self, tenant: TenantId, limit: u32) -> Result<Counted<AuditId>, PortError> {
        let total = self.count(stray!("SELECT count(*)", ""), tenant).await?;
        let rows: Vec<(String,)> = sqlx::query_as(stray!("SELECT id", "ORDER BY seq LIMIT ?2"))
            .bind(tenant.to_string())
            .bind(limit)
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let id = |(id,): (String,)| Cells("audit_logs").text("id", &id).map_err(Failure::from);
        let first: Result<_, Failure> = rows.into_iter().map(id).collect();
        Ok(Counted {
            total,
            first: first?,
        })
    }

    async fn unrecorded(
        &self,
        tenant: TenantId,
        limit: u32,
    ) -> Result<Counted<Unrecorded>, PortError> {
        let total = self
            .count(unrecorded!("SELECT count(*)", ""), tenant)
            .await?;
        let rows: Vec<(String, String)> =
            sqlx::query_as(unrecorded!("SELECT kind, id", "ORDER BY kind, id LIMIT ?2"))
                .bind(tenant.to_string())
                .bind(limit)
                .fetch_all(self.reads())
                .await
                .map_err(Failure::from)?;
        let first = rows
            .into_iter()
            .map(|(kind, id)| Unrecorded { kind, id })
            .collect();
        Ok(Counted { total, first })
    }
}

#[async_trait]
impl Chain for SqliteStore {
    async fn seal(&self, links: Vec<AuditLink>, checkpoint: Checkpoint) -> Result<(), PortError> {
        let tenant = checkpoint.tenant;
        let mut sheet = Sheet::default();
        for link in &links {
            sheet.push(LinkRow::of(link)?);
        }
        let after = links.first().map(|link| link.number.saturating_sub(1));
        let covered = CheckpointRow::of(&checkpoint)?;
        self.writer()
            .run(move |conn| {
                Box::pin(async move {
                    let head = head(conn, tenant).await?;
                    let stands = head
                        .as_ref()
                        .map_or((0, 0), |head| (head.link.number, head.checkpoint.number));
                    if Some(stands.0) != after || stands.1 + 1 != checkpoint.number {
                        return Err(PortError::conflict("audit chain", checkpoint.number).into());
                    }
                    insert(conn, &sheet).await?;
                    insert(conn, &Sheet::of(covered)).await
                })
            })
            .await
    }

    async fn cut(&self, cut: Cut, notes: Vec<Change>) -> Result<(), PortError> {
        cutting::cut(self, cut, notes).await
    }
}

impl SqliteStore {
    /// A count about one tenant.
    async fn count(&self, statement: &'static str, tenant: TenantId) -> Result<u64, PortError> {
        let (count,): (i64,) = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .fetch_one(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(Cells("audit_logs")
            .number("count(*)", count)
            .map_err(Failure::from)?)
    }
}

async fn head(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Option<ChainHead>, Failure> {
    let link: Option<LinkRow> = sqlx::query_as(
        "SELECT * FROM audit_links WHERE tenant_id = ?1 ORDER BY number DESC LIMIT 1",
    )
    .bind(tenant.to_string())
    .fetch_optional(&mut *conn)
    .await?;
    let Some(link) = link else { return Ok(None) };
    let Some(checkpoint) = newest_checkpoint(conn, tenant).await? else {
        return Err(PortError::Internal(
            "the audit chain has links and no checkpoint, so it was altered; nothing was sealed. Verify the audit log"
                .to_owned(),
        )
        .into());
    };
    Ok(Some(ChainHead {
        link: link.try_into()?,
        checkpoint,
    }))
}

async fn newest_checkpoint(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Option<Checkpoint>, Failure> {
    let row: Option<CheckpointRow> = sqlx::query_as(
        "SELECT * FROM audit_checkpoints WHERE tenant_id = ?1 ORDER BY number DESC LIMIT 1",
    )
    .bind(tenant.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Checkpoint::try_from).transpose()?)
}

async fn rows(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    after: u64,
    limit: u32,
) -> Result<Vec<ChainRow>, Failure> {
    let links: Vec<LinkRow> = sqlx::query_as(
        "SELECT * FROM audit_links WHERE tenant_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )
    .bind(tenant.to_string())
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let (Some(first), Some(last)) = (links.first(), links.last()) else {
        return Ok(Vec::new());
    };
    let mut records = records_at(conn, tenant, after, limit).await?;
    let covering: Vec<CheckpointRow> = sqlx::query_as(
        "SELECT * FROM audit_checkpoints WHERE tenant_id = ?1 AND last_number BETWEEN ?2 AND ?3",
    )
    .bind(tenant.to_string())
    .bind(first.number)
    .bind(last.number)
    .fetch_all(conn)
    .await?;
    let mut covering: HashMap<i64, CheckpointRow> = covering
        .into_iter()
        .map(|row| (row.last_number, row))
        .collect();
    let row = |link: LinkRow| -> Result<_, Failure> {
        let checkpoint = covering.remove(&link.number);
        Ok(ChainRow {
            found: records
                .remove(&link.seq)
                .map_or(Found::Nothing, found_record),
            checkpoint: checkpoint.map(Checkpoint::try_from).transpose()?,
            link: link.try_into()?,
        })
    };
    links.into_iter().map(row).collect()
}

/// The records at the places of the links after number `after`, by place: at most one for each link, whatever places
/// the links were made to name.
async fn records_at(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    after: u64,
    limit: u32,
) -> Result<HashMap<i64, AuditRow>, Failure> {
    let rows: Vec<Numbered> = sqlx::query_as(
        "SELECT a.* FROM (SELECT seq FROM audit_links WHERE tenant_id = ?1 AND number > ?2 \
             ORDER BY number LIMIT ?3) l \
         JOIN audit_logs a ON a.seq = l.seq AND a.tenant_id = ?1",
    )
    .bind(tenant.to_string())
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.record)).collect())
}

pub(super) fn found_record(row: AuditRow) -> Found {
    row.stored()
        .map_or(Found::Unreadable, |stored| Found::Record(Box::new(stored)))
}
