//! Taking the oldest part of the audit log out, up to a signed new beginning.
//!
//! Never here: which records may go, or what the beginning says (`audit`).

use std::collections::HashMap;

use chimera_domain::{audit::Beginning, change::Change, id::TenantId};
use chimera_ports::{
    error::PortError,
    store::{ChainRow, Cut, Found},
};
use sqlx::SqliteConnection;

use super::chain::{Numbered, found_record};
use crate::{
    SqliteStore,
    batch::{insert, upsert},
    failure::Failure,
    rows::{AuditRow, BeginningRow, KeptRow, LinkRow},
    sqlite::Sheets,
    table::Sheet,
};

pub(super) async fn beginning(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Option<Beginning>, Failure> {
    let row: Option<BeginningRow> =
        sqlx::query_as("SELECT * FROM audit_beginnings WHERE tenant_id = ?1")
            .bind(tenant.to_string())
            .fetch_optional(conn)
            .await?;
    Ok(row.map(Beginning::try_from).transpose()?)
}

/// Kept records with what stands at their places, of one moment.
pub(super) async fn kept(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    after: u64,
    limit: u32,
) -> Result<Vec<ChainRow>, Failure> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let links: Vec<LinkRow> = sqlx::query_as(
        "SELECT * FROM audit_kept WHERE tenant_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )
    .bind(tenant.to_string())
    .bind(after)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let records: Vec<Numbered> = sqlx::query_as(
        "SELECT a.* FROM (SELECT seq FROM audit_kept WHERE tenant_id = ?1 AND number > ?2 \
             ORDER BY number LIMIT ?3) l \
         JOIN audit_logs a ON a.seq = l.seq AND a.tenant_id = ?1",
    )
    .bind(tenant.to_string())
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let mut records: HashMap<i64, AuditRow> = records
        .into_iter()
        .map(|row| (row.seq, row.record))
        .collect();
    let row = |link: LinkRow| -> Result<_, Failure> {
        Ok(ChainRow {
            found: records
                .remove(&link.seq)
                .map_or(Found::Nothing, found_record),
            checkpoint: None,
            link: link.try_into()?,
        })
    };
    links.into_iter().map(row).collect()
}

pub(super) async fn still_needed(
    store: &SqliteStore,
    tenant: TenantId,
    places: &[u64],
) -> Result<Vec<u64>, PortError> {
    let places = serde_json::to_string(places).map_err(Failure::unwritable)?;
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT a.seq FROM audit_logs a WHERE a.tenant_id = ?1 AND a.seq IN (SELECT value FROM json_each(?2)) \
         AND (a.campaign_id IN (SELECT id FROM campaigns WHERE tenant_id = ?1 \
                 AND status IN ('DRAFT', 'ACTIVE', 'PAUSED')) \
             OR EXISTS (SELECT 1 FROM reviews r WHERE r.task_id = a.task_id AND r.tenant_id = ?1 AND r.is_open = 1) \
             OR EXISTS (SELECT 1 FROM effects e WHERE e.task_id = a.task_id AND e.tenant_id = ?1 \
                 AND e.state IN ('held', 'dispatching', 'pending_reconciliation'))) \
         ORDER BY a.seq",
    )
    .bind(tenant.to_string())
    .bind(places)
    .fetch_all(store.reads())
    .await
    .map_err(Failure::from)?;
    Ok(rows
        .into_iter()
        .filter_map(|(seq,)| u64::try_from(seq).ok())
        .collect())
}

/// Everything that a cut writes and takes out.
struct Sheared {
    beginning: BeginningRow,
    keep: Sheet<KeptRow>,
    drop: String,
}

pub(super) async fn cut(
    store: &SqliteStore,
    cut: Cut,
    notes: Vec<Change>,
) -> Result<(), PortError> {
    let tenant = cut.beginning.tenant;
    let mut keep = Sheet::default();
    for link in &cut.keep {
        keep.push(KeptRow::from(LinkRow::of(link)?));
    }
    let sheared = Sheared {
        beginning: BeginningRow::of(&cut.beginning)?,
        keep,
        drop: serde_json::to_string(&cut.drop).map_err(Failure::unwritable)?,
    };
    let notes = Sheets::of_notes(tenant, &notes)?;
    store
        .writer()
        .run(move |conn| {
            Box::pin(async move {
                shear(conn, tenant, sheared).await?;
                notes.write_notes(conn).await.map(|_| ())
            })
        })
        .await
}

async fn shear(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    sheared: Sheared,
) -> Result<(), Failure> {
    let before = beginning(conn, tenant).await?;
    let (number, last) = before.map_or((0, 0), |before| (before.number, before.last));
    let row = &sheared.beginning;
    let follows = i64::try_from(number + 1).is_ok_and(|next| next == row.number)
        && i64::try_from(last).is_ok_and(|last| last <= row.last);
    if !follows {
        return Err(PortError::conflict("audit log's beginning", row.number).into());
    }
    let (owner, last, checkpoint) = (row.tenant_id.clone(), row.last, row.checkpoint);
    insert(conn, &sheared.keep).await?;
    // What an earlier cut left and nobody needs any more.
    sqlx::query(
        "DELETE FROM audit_logs WHERE tenant_id = ?1 AND seq IN (SELECT seq FROM audit_kept \
             WHERE tenant_id = ?1 AND number IN (SELECT value FROM json_each(?2)))",
    )
    .bind(&owner)
    .bind(&sheared.drop)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM audit_kept WHERE tenant_id = ?1 AND number IN (SELECT value FROM json_each(?2))",
    )
    .bind(&owner)
    .bind(&sheared.drop)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM audit_logs WHERE tenant_id = ?1 AND seq IN (SELECT l.seq FROM audit_links l \
             WHERE l.tenant_id = ?1 AND l.number <= ?2) \
         AND NOT EXISTS (SELECT 1 FROM audit_kept k WHERE k.tenant_id = ?1 AND k.seq = audit_logs.seq)",
    )
    .bind(&owner)
    .bind(last)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM audit_links WHERE tenant_id = ?1 AND number <= ?2")
        .bind(&owner)
        .bind(last)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM audit_checkpoints WHERE tenant_id = ?1 AND number <= ?2")
        .bind(&owner)
        .bind(checkpoint)
        .execute(&mut *conn)
        .await?;
    upsert(conn, &Sheet::of(sheared.beginning)).await
}
