//! Writing what agents remember: a row, its words and its vector go together, under numbers of their owner.
//!
//! Never here: embedding.

use chimera_domain::{
    change::Change,
    id::MemoryId,
    memory::{Memory, Owner},
};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

use super::store::SqliteStore;
use crate::{
    failure::Failure,
    rows::{MemoryRow, bytes, json},
};

/// How far the number of an owner is shifted to begin its rows' numbers.
const OWNER_BITS: u32 = 32;
/// Most memories of one agent.
pub(crate) const MAX_MEMORIES: i64 = 1_000_000;

/// Numbers of one owner's rows.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    /// Its own number.
    owner: i64,
    /// No row has this one; the first has the next.
    pub(super) first: i64,
    /// The highest that there can be.
    pub(super) last: i64,
    /// How many are taken.
    taken: i64,
    /// How many memories there are.
    pub(super) held: i64,
}

impl Numbers {
    const fn of((owner, taken, held): (i64, i64, i64)) -> Self {
        let first = owner << OWNER_BITS;
        Self {
            owner,
            first,
            last: first + (1 << OWNER_BITS) - 1,
            taken,
            held,
        }
    }

    /// The number of one memory more.
    fn one_more(&mut self) -> Result<i64, Failure> {
        if self.held >= MAX_MEMORIES {
            return Err(Failure::refused(format!(
                "an agent remembers at most {MAX_MEMORIES} things; forget some first"
            )));
        }
        self.held += 1;
        self.next()
    }

    /// The next free number.
    fn next(&mut self) -> Result<i64, Failure> {
        self.taken += 1;
        let next = self.first + self.taken;
        if next > self.last {
            return Err(Failure::refused(
                "this agent has used up the numbers of its memories".to_owned(),
            ));
        }
        Ok(next)
    }
}

/// The numbers of an owner that remembers something.
pub(super) async fn numbers(
    conn: &mut SqliteConnection,
    owner: Owner,
) -> Result<Option<Numbers>, Failure> {
    let found: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT number, taken, held FROM memory_owners WHERE tenant_id = ?1 AND agent_id = ?2",
    )
    .bind(owner.tenant.to_string())
    .bind(owner.agent.to_string())
    .fetch_optional(&mut *conn)
    .await?;
    Ok(found.map(Numbers::of))
}

pub(super) async fn keep(
    store: &SqliteStore,
    owner: Owner,
    memories: Vec<Memory>,
    notes: Vec<Change>,
) -> Result<Vec<u64>, PortError> {
    if let Some(foreign) = memories.iter().find(|memory| memory.owner != owner) {
        return Err(PortError::not_found("agent", foreign.owner.agent));
    }
    let rows: Vec<MemoryRow> = memories
        .iter()
        .map(MemoryRow::of)
        .collect::<Result<_, _>>()?;
    let tags: Vec<String> = memories
        .iter()
        .map(|memory| memory.tags.join(" "))
        .collect();
    store
        .write(owner.tenant, &notes, move |conn| {
            Box::pin(async move {
                let mut numbers = own_numbers(conn, owner).await?;
                for (row, tags) in rows.iter().zip(&tags) {
                    keep_one(conn, &mut numbers, row, tags).await?;
                }
                take(conn, owner, numbers).await
            })
        })
        .await?;
    let ids: Vec<String> = memories
        .iter()
        .map(|memory| memory.id.to_string())
        .collect();
    let found: Vec<(i64,)> = sqlx::query_as(
        "SELECT m.seq FROM json_each(?3) AS asked JOIN memories m ON m.id = asked.value \
             AND m.tenant_id = ?1 AND m.agent_id = ?2 ORDER BY asked.key",
    )
    .bind(owner.tenant.to_string())
    .bind(owner.agent.to_string())
    .bind(json(&ids)?)
    .fetch_all(store.reads())
    .await
    .map_err(Failure::from)?;
    Ok(found.into_iter().map(|(seq,)| seq.unsigned_abs()).collect())
}

/// The numbers of an owner, which gets some when it has none yet; only for an agent that the tenant has.
async fn own_numbers(conn: &mut SqliteConnection, owner: Owner) -> Result<Numbers, Failure> {
    if let Some(numbers) = numbers(conn, owner).await? {
        return Ok(numbers);
    }
    let is_there: Option<(i64,)> =
        sqlx::query_as("SELECT 1 FROM agents WHERE id = ?1 AND tenant_id = ?2")
            .bind(owner.agent.to_string())
            .bind(owner.tenant.to_string())
            .fetch_optional(&mut *conn)
            .await?;
    if is_there.is_none() {
        return Err(PortError::not_found("agent", owner.agent).into());
    }
    let (number,): (i64,) = sqlx::query_as(
        "INSERT INTO memory_owners (tenant_id, agent_id, taken, held) VALUES (?1, ?2, 0, 0) RETURNING number",
    )
    .bind(owner.tenant.to_string())
    .bind(owner.agent.to_string())
    .fetch_one(&mut *conn)
    .await?;
    Ok(Numbers::of((number, 0, 0)))
}

async fn take(conn: &mut SqliteConnection, owner: Owner, numbers: Numbers) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE memory_owners SET taken = ?4, held = ?5 \
         WHERE number = ?3 AND tenant_id = ?1 AND agent_id = ?2",
    )
    .bind(owner.tenant.to_string())
    .bind(owner.agent.to_string())
    .bind(numbers.owner)
    .bind(numbers.taken)
    .bind(numbers.held)
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// A memory with the same words keeps its row, so that its vector goes on to be of use.
async fn keep_one(
    conn: &mut SqliteConnection,
    numbers: &mut Numbers,
    row: &MemoryRow,
    tags: &str,
) -> Result<(), Failure> {
    let known: Option<MemoryRow> =
        sqlx::query_as("SELECT * FROM memories WHERE tenant_id = ?1 AND agent_id = ?2 AND id = ?3")
            .bind(&row.tenant_id)
            .bind(&row.agent_id)
            .bind(&row.id)
            .fetch_optional(&mut *conn)
            .await?;
    let seq = match known {
        Some(known) if known.text == row.text && known.tags == row.tags => {
            return refresh(conn, known.seq, row).await;
        }
        Some(known) => {
            remove(conn, &row.tenant_id, known.seq).await?;
            numbers.next()?
        }
        None => numbers.one_more()?,
    };
    sqlx::query(
        "INSERT INTO memories (seq, id, tenant_id, agent_id, kind, text, source, origin, tags, importance, at, task_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(seq)
    .bind(&row.id)
    .bind(&row.tenant_id)
    .bind(&row.agent_id)
    .bind(&row.kind)
    .bind(&row.text)
    .bind(&row.source)
    .bind(&row.origin)
    .bind(&row.tags)
    .bind(row.importance)
    .bind(row.at)
    .bind(&row.task_id)
    .execute(&mut *conn)
    .await?;
    sqlx::query("INSERT INTO memory_words (rowid, text) VALUES (?1, ?2)")
        .bind(seq)
        .bind(format!("{} {tags}", row.text))
        .execute(&mut *conn)
        .await?;
    Ok(())
}

async fn refresh(conn: &mut SqliteConnection, seq: i64, row: &MemoryRow) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE memories SET kind = ?3, source = ?4, origin = ?5, importance = ?6, at = ?7, \
             task_id = ?8 WHERE seq = ?1 AND tenant_id = ?2",
    )
    .bind(seq)
    .bind(&row.tenant_id)
    .bind(&row.kind)
    .bind(&row.source)
    .bind(&row.origin)
    .bind(row.importance)
    .bind(row.at)
    .bind(&row.task_id)
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// Takes a row away with its words; its vector goes with it.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: &str,
    seq: i64,
) -> Result<(), Failure> {
    sqlx::query("DELETE FROM memory_words WHERE rowid = ?1")
        .bind(seq)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM memories WHERE seq = ?1 AND tenant_id = ?2")
        .bind(seq)
        .bind(tenant)
        .execute(&mut *conn)
        .await?;
    Ok(())
}

pub(super) async fn forget(
    store: &SqliteStore,
    owner: Owner,
    id: MemoryId,
    notes: Vec<Change>,
) -> Result<(), PortError> {
    store
        .write(owner.tenant, &notes, move |conn| {
            Box::pin(async move {
                let found: Option<(i64,)> = sqlx::query_as(
                    "SELECT seq FROM memories WHERE tenant_id = ?1 AND agent_id = ?2 AND id = ?3",
                )
                .bind(owner.tenant.to_string())
                .bind(owner.agent.to_string())
                .bind(id.to_string())
                .fetch_optional(&mut *conn)
                .await?;
                let Some((seq,)) = found else {
                    return Err(PortError::not_found("memory", id).into());
                };
                remove(conn, &owner.tenant.to_string(), seq).await?;
                if let Some(mut numbers) = numbers(conn, owner).await? {
                    numbers.held -= 1;
                    take(conn, owner, numbers).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

pub(super) async fn keep_vectors(
    store: &SqliteStore,
    owner: Owner,
    embedder: &str,
    vectors: Vec<(u64, Vec<f32>)>,
) -> Result<(), PortError> {
    let embedder = embedder.to_owned();
    store
        .write(owner.tenant, &[], move |conn| {
            Box::pin(async move {
                let Some(mut numbers) = numbers(conn, owner).await? else {
                    return Ok(());
                };
                for (of, vector) in &vectors {
                    keep_vector(conn, owner, &embedder, &mut numbers, (*of, vector)).await?;
                }
                take(conn, owner, numbers).await
            })
        })
        .await?;
    Ok(())
}

/// In the place of any that the memory had. Its row's number is new, so that whoever reads on from the last one sees
/// it.
async fn keep_vector(
    conn: &mut SqliteConnection,
    owner: Owner,
    embedder: &str,
    numbers: &mut Numbers,
    (of, vector): (u64, &[f32]),
) -> Result<(), Failure> {
    let of = i64::try_from(of).unwrap_or(i64::MAX);
    let (tenant, agent) = (owner.tenant.to_string(), owner.agent.to_string());
    sqlx::query(
        "DELETE FROM memory_vectors WHERE memory_seq = ?1 AND tenant_id = ?2 AND agent_id = ?3",
    )
    .bind(of)
    .bind(&tenant)
    .bind(&agent)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO memory_vectors (seq, tenant_id, agent_id, memory_seq, embedder, dimension, vector) \
         SELECT ?1, tenant_id, agent_id, seq, ?5, ?6, ?7 FROM memories \
         WHERE seq = ?2 AND tenant_id = ?3 AND agent_id = ?4",
    )
    .bind(numbers.next()?)
    .bind(of)
    .bind(&tenant)
    .bind(&agent)
    .bind(embedder)
    .bind(i64::try_from(vector.len()).unwrap_or(i64::MAX))
    .bind(bytes(vector))
    .execute(&mut *conn)
    .await?;
    Ok(())
}
