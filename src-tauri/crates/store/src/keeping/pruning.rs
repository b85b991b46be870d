//! Forgetting by age. Each statement says what must not be open any more, takes a bounded batch, and is a transaction
//! of its own, so that a killed run leaves nothing half done.
//!
//! Never here: how long (`domain::retention`), spans (`spans`), or the audit log (`cutting`).

use async_trait::async_trait;
use chimera_domain::{id::TenantId, memory::MemoryKind, retention::Holding, time::Timestamp};
use chimera_ports::{error::PortError, store::Pruning};
use sqlx::SqliteConnection;

use super::memories::forget_older;
use crate::{SqliteStore, failure::Failure, scrub::overwriting};

/// What one batch is about.
#[derive(Clone, Copy)]
struct Due {
    tenant: TenantId,
    before: Timestamp,
    limit: u32,
}

#[async_trait]
impl Pruning for SqliteStore {
    async fn prune(
        &self,
        tenant: TenantId,
        holding: Holding,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, PortError> {
        let due = Due {
            tenant,
            before,
            limit,
        };
        self.writer()
            .run(move |conn| {
                Box::pin(async move {
                    overwriting(conn, true).await?;
                    let gone = pruned(conn, holding, due).await;
                    overwriting(conn, false).await?;
                    gone
                })
            })
            .await
    }
}

async fn pruned(conn: &mut SqliteConnection, holding: Holding, due: Due) -> Result<u64, Failure> {
    match holding {
        // What the writer of memories has not read yet stays, whatever its age.
        Holding::Events => {
            run(
                conn,
                due,
                "DELETE FROM events WHERE tenant_id = ?1 AND seq IN (SELECT seq FROM events \
                     WHERE tenant_id = ?1 AND at < ?2 AND seq <= coalesce((SELECT CAST(value AS INTEGER) FROM settings \
                         WHERE tenant_id = ?1 AND key = 'memory.followed'), 0) ORDER BY seq LIMIT ?3)",
            )
            .await
        }
        // One that nobody acknowledged is open.
        Holding::Alerts => {
            run(
                conn,
                due,
                "DELETE FROM alerts WHERE tenant_id = ?1 AND id IN (SELECT id FROM alerts \
                     WHERE tenant_id = ?1 AND unseen = 0 AND created_at < ?2 AND acknowledged_at < ?2 LIMIT ?3)",
            )
            .await
        }
        Holding::Incidents => {
            run(
                conn,
                due,
                "DELETE FROM incidents WHERE tenant_id = ?1 AND id IN (SELECT i.id FROM incidents i \
                     WHERE i.tenant_id = ?1 AND i.created_at < ?2 AND NOT EXISTS (SELECT 1 FROM campaigns c \
                         WHERE c.id = i.campaign_id AND c.tenant_id = ?1 \
                             AND c.status IN ('DRAFT', 'ACTIVE', 'PAUSED')) LIMIT ?3)",
            )
            .await
        }
        Holding::WorkingTexts => working_texts(conn, due).await,
        Holding::Trends => trends(conn, due).await,
        Holding::Memories => {
            let kind = MemoryKind::Episodic;
            forget_older(conn, due.tenant, kind, due.before, due.limit).await
        }
        // Spans and audit records have ports of their own; the other two go with `Log::forget`.
        Holding::Traces
        | Holding::Sessions
        | Holding::Answers
        | Holding::Audit
        | Holding::FinanceAudit => Err(Failure::refused(format!(
            "{} is not taken out here",
            holding.as_str()
        ))),
    }
}

async fn run(
    conn: &mut SqliteConnection,
    due: Due,
    statement: &'static str,
) -> Result<u64, Failure> {
    let done = sqlx::query(statement)
        .bind(due.tenant.to_string())
        .bind(due.before.micros())
        .bind(due.limit)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// What a task was worked with, once its campaign is over and nothing of it is open: excerpts of strangers, what was
/// recalled, guidance, and tries. Payload, action and digest stay: decisions and publications are proven by them.
async fn working_texts(conn: &mut SqliteConnection, due: Due) -> Result<u64, Failure> {
    let artifacts = run(
        conn,
        due,
        "UPDATE artifacts SET sources = '[]', recalled = '[]' WHERE tenant_id = ?1 AND id IN ( \
             SELECT a.id FROM artifacts a JOIN tasks t ON t.id = a.task_id AND t.tenant_id = ?1 \
             JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = ?1 \
             WHERE a.tenant_id = ?1 AND a.created_at < ?2 AND t.updated_at < ?2 AND t.standing <> 'open' \
                 AND c.status IN ('COMPLETED', 'FAILED', 'CANCELLED') \
                 AND (a.sources <> '[]' OR a.recalled <> '[]') \
                 AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.task_id = t.id AND r.tenant_id = ?1 AND r.is_open = 1) \
                 AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.task_id = t.id AND e.tenant_id = ?1 \
                     AND e.state IN ('held', 'dispatching', 'pending_reconciliation')) LIMIT ?3)",
    )
    .await?;
    let tries = run(
        conn,
        due,
        "DELETE FROM attempts WHERE tenant_id = ?1 AND (task_id, id) IN ( \
             SELECT a.task_id, a.id FROM attempts a JOIN tasks t ON t.id = a.task_id AND t.tenant_id = ?1 \
             JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = ?1 \
             WHERE a.tenant_id = ?1 AND a.started_at < ?2 AND t.updated_at < ?2 AND t.standing <> 'open' \
                 AND c.status IN ('COMPLETED', 'FAILED', 'CANCELLED') LIMIT ?3)",
    )
    .await?;
    Ok(artifacts + tries)
}

/// Trends that no content names, and what stood out.
async fn trends(conn: &mut SqliteConnection, due: Due) -> Result<u64, Failure> {
    let read = run(
        conn,
        due,
        "DELETE FROM trends WHERE tenant_id = ?1 AND id IN (SELECT t.id FROM trends t \
             WHERE t.tenant_id = ?1 AND t.fetched_at < ?2 AND NOT EXISTS (SELECT 1 FROM content c \
                 WHERE c.trend_id = t.id AND c.tenant_id = ?1) ORDER BY t.fetched_at LIMIT ?3)",
    )
    .await?;
    let stood_out = run(
        conn,
        due,
        "DELETE FROM trend_clusters WHERE tenant_id = ?1 AND id IN (SELECT id FROM trend_clusters \
             WHERE tenant_id = ?1 AND found_at < ?2 LIMIT ?3)",
    )
    .await?;
    Ok(read + stood_out)
}
