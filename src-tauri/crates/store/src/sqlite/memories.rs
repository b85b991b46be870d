//! What agents remember: reading it. Every statement stays within one owner's numbers; `remembering` gives those out.
//!
//! Never here: which memory matters most.

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{AgentId, MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{Embedded, Kept, Memories, MemoryCounts, WordRows},
};

use super::{
    campaigns::{all, end, found},
    remembering::{self, Numbers},
    store::SqliteStore,
};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{MemoryRow, VectorRow, json},
};

/// Memories by their numbers, one after the other: asked with `IN`, the planner walks through all that the owner
/// remembers.
pub(super) const KEPT: &str = "SELECT m.* FROM (SELECT DISTINCT value FROM json_each(?3)) AS asked \
     CROSS JOIN memories m ON m.seq = asked.value WHERE m.tenant_id = ?1 AND m.agent_id = ?2";

#[async_trait]
impl Memories for SqliteStore {
    async fn keep(
        &self,
        owner: Owner,
        memories: Vec<Memory>,
        notes: Vec<Change>,
    ) -> Result<Vec<u64>, PortError> {
        remembering::keep(self, owner, memories, notes).await
    }

    async fn memory(&self, owner: Owner, id: MemoryId) -> Result<Memory, PortError> {
        let row: Option<MemoryRow> = sqlx::query_as(
            "SELECT * FROM memories WHERE tenant_id = ?1 AND agent_id = ?2 AND id = ?3",
        )
        .bind(owner.tenant.to_string())
        .bind(owner.agent.to_string())
        .bind(id.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        found(row, "memory", id)
    }

    async fn kept(&self, owner: Owner, rows: &[u64]) -> Result<Vec<Kept>, PortError> {
        let rows: Vec<MemoryRow> = sqlx::query_as(KEPT)
            .bind(owner.tenant.to_string())
            .bind(owner.agent.to_string())
            .bind(json(&rows)?)
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        all(rows)
    }

    async fn kept_without_vector(
        &self,
        owner: Owner,
        embedder: &str,
        rows: &[u64],
    ) -> Result<Vec<Kept>, PortError> {
        let rows: Vec<MemoryRow> = sqlx::query_as(
            "SELECT m.* FROM (SELECT DISTINCT value FROM json_each(?3)) AS asked \
             CROSS JOIN memories m ON m.seq = asked.value \
             WHERE m.tenant_id = ?1 AND m.agent_id = ?2 AND NOT EXISTS ( \
                 SELECT 1 FROM memory_vectors v WHERE v.memory_seq = m.seq AND v.tenant_id = ?1 \
                     AND v.embedder = ?4)",
        )
        .bind(owner.tenant.to_string())
        .bind(owner.agent.to_string())
        .bind(json(&rows)?)
        .bind(embedder)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn memories(
        &self,
        owner: Owner,
        kind: Option<MemoryKind>,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Memory>, PortError> {
        let (at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let statement = if kind.is_some() {
            "SELECT * FROM memories WHERE tenant_id = ?1 AND agent_id = ?2 AND kind = ?3 AND at >= ?4 \
                 AND (at, id) < (?5, ?6) ORDER BY at DESC, id DESC LIMIT ?7"
        } else {
            "SELECT * FROM memories WHERE tenant_id = ?1 AND agent_id = ?2 AND ?3 IS NULL AND at >= ?4 \
                 AND (at, id) < (?5, ?6) ORDER BY at DESC, id DESC LIMIT ?7"
        };
        let rows: Vec<MemoryRow> = sqlx::query_as(statement)
            .bind(owner.tenant.to_string())
            .bind(owner.agent.to_string())
            .bind(kind.map(MemoryKind::as_str))
            .bind(since.map_or(i64::MIN, Timestamp::micros))
            .bind(at)
            .bind(id)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| (row.at, row.id.clone()))?)
    }

    async fn rows_with(
        &self,
        owner: Owner,
        words: &[String],
        most: u32,
    ) -> Result<WordRows, PortError> {
        let Some(numbers) = self.numbers(owner).await? else {
            return Ok(WordRows {
                held: 0,
                rows: vec![Vec::new(); words.len()],
            });
        };
        // Each in quotes: whatever stands in it is a word, and no operator.
        let quoted: Vec<String> = words
            .iter()
            .map(|word| format!("\"{}\"", word.replace('"', " ")))
            .collect();
        let found: Vec<(String,)> = sqlx::query_as(
            "SELECT (SELECT json_group_array(rowid) FROM (SELECT rowid FROM memory_words \
                 WHERE memory_words MATCH asked.value AND rowid BETWEEN ?2 AND ?3 \
                 ORDER BY rowid DESC LIMIT ?4)) \
             FROM json_each(?1) AS asked ORDER BY asked.key",
        )
        .bind(json(&quoted)?)
        .bind(numbers.first)
        .bind(numbers.last)
        .bind(most)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let read = |(rows,): &(String,)| serde_json::from_str(rows).map_err(Failure::unwritable);
        Ok(WordRows {
            held: numbers.held.unsigned_abs(),
            rows: found.iter().map(read).collect::<Result<_, _>>()?,
        })
    }

    async fn count_all(&self, tenant: TenantId, embedder: &str) -> Result<MemoryCounts, PortError> {
        let (memories, embedded): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT coalesce(sum(held), 0) FROM memory_owners WHERE tenant_id = ?1), \
                 (SELECT count(*) FROM memory_vectors WHERE tenant_id = ?1 AND embedder = ?2)",
        )
        .bind(tenant.to_string())
        .bind(embedder)
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(MemoryCounts {
            memories: memories.unsigned_abs(),
            embedded: embedded.unsigned_abs(),
        })
    }

    async fn forget_memory(
        &self,
        owner: Owner,
        id: MemoryId,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        remembering::forget(self, owner, id, notes).await
    }

    async fn keep_vectors(
        &self,
        owner: Owner,
        embedder: &str,
        vectors: Vec<(u64, Vec<f32>)>,
    ) -> Result<(), PortError> {
        remembering::keep_vectors(self, owner, embedder, vectors).await
    }

    async fn vectors_after(
        &self,
        owner: Owner,
        embedder: &str,
        dimension: u32,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Embedded>, PortError> {
        let Some(Numbers { first, last, .. }) = self.numbers(owner).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<VectorRow> = sqlx::query_as(
            "SELECT seq, memory_seq, vector FROM memory_vectors WHERE seq > ?1 AND seq <= ?2 \
                 AND tenant_id = ?3 AND agent_id = ?4 AND embedder = ?5 AND dimension = ?6 \
                 AND length(vector) = 4 * ?6 ORDER BY seq LIMIT ?7",
        )
        .bind(i64::try_from(after).unwrap_or(i64::MAX).max(first))
        .bind(last)
        .bind(owner.tenant.to_string())
        .bind(owner.agent.to_string())
        .bind(embedder)
        .bind(dimension)
        .bind(limit)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn without_vector(
        &self,
        tenant: TenantId,
        embedder: &str,
        limit: u32,
    ) -> Result<Vec<(AgentId, Kept)>, PortError> {
        let rows: Vec<MemoryRow> = sqlx::query_as(
            "SELECT m.* FROM memories m WHERE m.tenant_id = ?1 AND NOT EXISTS ( \
                 SELECT 1 FROM memory_vectors v WHERE v.memory_seq = m.seq AND v.tenant_id = ?1 \
                     AND v.embedder = ?2) \
             ORDER BY m.seq DESC LIMIT ?3",
        )
        .bind(tenant.to_string())
        .bind(embedder)
        .bind(limit)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let agents: Vec<AgentId> = rows
            .iter()
            .map(MemoryRow::agent)
            .collect::<Result<_, _>>()
            .map_err(Failure::from)?;
        Ok(agents.into_iter().zip(all(rows)?).collect())
    }
}

impl SqliteStore {
    /// The owner's numbers, once it remembers anything.
    async fn numbers(&self, owner: Owner) -> Result<Option<Numbers>, PortError> {
        let mut conn = self.reads().acquire().await.map_err(Failure::from)?;
        Ok(remembering::numbers(&mut conn, owner).await?)
    }
}
