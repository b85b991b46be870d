//! Runs that go by age.
//!
//! Never here: how long they are kept (`domain::retention`), or the bound on how many spans there are (`desk`).

use chimera_domain::{id::TenantId, time::Timestamp};
use chimera_ports::spans::PrunedSpans;
use sqlx::SqliteConnection;

use crate::failure::Failure;

/// Which runs are forgotten because of their age.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub(super) tenant: TenantId,
    pub(super) before: Timestamp,
    pub(super) runs: u32,
}

/// Forgets runs of a tenant that ended long ago, in one transaction.
pub(super) async fn prune(conn: &mut SqliteConnection, due: Due) -> Result<PrunedSpans, Failure> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    let runs: Vec<(String,)> = sqlx::query_as(
        "SELECT trace_id FROM traces WHERE tenant_id = ?1 AND running = 0 \
             AND coalesce(last_end, started_at) < ?2 ORDER BY started_at LIMIT ?3",
    )
    .bind(due.tenant.to_string())
    .bind(due.before.micros())
    .bind(due.runs)
    .fetch_all(&mut *conn)
    .await?;
    let mut pruned = PrunedSpans::default();
    for (run,) in &runs {
        let gone = sqlx::query("DELETE FROM spans WHERE trace_id = ?1 AND tenant_id = ?2")
            .bind(run)
            .bind(due.tenant.to_string())
            .execute(&mut *conn)
            .await?;
        sqlx::query("DELETE FROM traces WHERE trace_id = ?1 AND tenant_id = ?2")
            .bind(run)
            .bind(due.tenant.to_string())
            .execute(&mut *conn)
            .await?;
        pruned.runs += 1;
        pruned.spans += gone.rows_affected();
    }
    sqlx::query("COMMIT").execute(&mut *conn).await?;
    Ok(pruned)
}
