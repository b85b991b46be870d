//! Memories that go by age, and memories of which a person was taken out: words and vectors follow the text.
//!
//! Never here: remembering, or forgetting one at an agent's wish (`sqlite`).

use chimera_domain::{id::TenantId, memory::MemoryKind, time::Timestamp};
use sqlx::SqliteConnection;

use crate::{failure::Failure, sqlite::remove_memory};

/// Takes away at most `limit` memories of one kind that are older than `before`, of whichever agent of a tenant.
pub(super) async fn forget_older(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    kind: MemoryKind,
    before: Timestamp,
    limit: u32,
) -> Result<u64, Failure> {
    let tenant = tenant.to_string();
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT seq, agent_id FROM memories WHERE tenant_id = ?1 AND kind = ?2 AND at < ?3 ORDER BY at LIMIT ?4",
    )
    .bind(&tenant)
    .bind(kind.as_str())
    .bind(before.micros())
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    for (seq, agent) in &rows {
        remove_memory(conn, &tenant, *seq).await?;
        sqlx::query(
            "UPDATE memory_owners SET held = held - 1 WHERE tenant_id = ?1 AND agent_id = ?2",
        )
        .bind(&tenant)
        .bind(agent)
        .execute(&mut *conn)
        .await?;
    }
    Ok(rows.len() as u64)
}

/// Brings words and vector of a memory up to date with its text: the words are written anew, the vector is made anew
/// beside the work.
pub(super) async fn reword(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    seq: i64,
) -> Result<(), Failure> {
    let (text, tags): (String, String) =
        sqlx::query_as("SELECT text, tags FROM memories WHERE seq = ?1 AND tenant_id = ?2")
            .bind(seq)
            .bind(tenant.to_string())
            .fetch_one(&mut *conn)
            .await?;
    let tags: Vec<String> = serde_json::from_str(&tags).map_err(Failure::unwritable)?;
    sqlx::query("DELETE FROM memory_words WHERE rowid = ?1")
        .bind(seq)
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO memory_words (rowid, text) VALUES (?1, ?2)")
        .bind(seq)
        .bind(format!("{text} {}", tags.join(" ")))
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM memory_vectors WHERE memory_seq = ?1 AND tenant_id = ?2")
        .bind(seq)
        .bind(tenant.to_string())
        .execute(conn)
        .await?;
    Ok(())
}
