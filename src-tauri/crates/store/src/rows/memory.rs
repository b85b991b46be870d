//! Rows of `memories` and `memory_vectors`.

use chimera_domain::{
    id::AgentId,
    memory::{Memory, Owner},
    time::Timestamp,
};
use chimera_ports::store::{Embedded, Kept};

use super::{BadRow, Cells, json};
use crate::failure::Failure;

/// Bytes of one number of a vector.
const NUMBER_BYTES: usize = 4;

/// One memory.
#[derive(Clone, PartialEq, Debug, sqlx::FromRow)]
pub(crate) struct MemoryRow {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) agent_id: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) source: String,
    pub(crate) task_id: Option<String>,
    pub(crate) origin: String,
    pub(crate) tags: String,
    pub(crate) importance: i64,
    pub(crate) at: i64,
}

impl MemoryRow {
    /// The row of a memory that has no number yet.
    pub(crate) fn of(memory: &Memory) -> Result<Self, Failure> {
        Ok(Self {
            seq: 0,
            id: memory.id.to_string(),
            tenant_id: memory.owner.tenant.to_string(),
            agent_id: memory.owner.agent.to_string(),
            kind: memory.kind.as_str().to_owned(),
            text: memory.text.clone(),
            source: memory.source.clone(),
            task_id: memory.task.map(|task| task.to_string()),
            origin: json(&memory.origin)?,
            tags: json(&memory.tags)?,
            importance: i64::from(memory.importance),
            at: memory.at.micros(),
        })
    }

    pub(crate) fn agent(&self) -> Result<AgentId, BadRow> {
        Cells("memories").text("agent_id", &self.agent_id)
    }
}

impl TryFrom<MemoryRow> for Memory {
    type Error = BadRow;

    fn try_from(row: MemoryRow) -> Result<Self, BadRow> {
        let cells = Cells("memories");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            owner: Owner {
                tenant: cells.text("tenant_id", &row.tenant_id)?,
                agent: cells.text("agent_id", &row.agent_id)?,
            },
            kind: cells.word("kind", &row.kind)?,
            source: row.source,
            task: row
                .task_id
                .as_deref()
                .map(|task| cells.text("task_id", task))
                .transpose()?,
            origin: cells.json("origin", &row.origin)?,
            tags: cells.json("tags", &row.tags)?,
            importance: cells.number("importance", row.importance)?,
            at: Timestamp::from_micros(row.at),
            text: row.text,
        })
    }
}

impl TryFrom<MemoryRow> for Kept {
    type Error = BadRow;

    fn try_from(row: MemoryRow) -> Result<Self, BadRow> {
        Ok(Self {
            seq: Cells("memories").number("seq", row.seq)?,
            memory: Memory::try_from(row)?,
        })
    }
}

/// One vector.
#[derive(sqlx::FromRow)]
pub(crate) struct VectorRow {
    seq: i64,
    memory_seq: i64,
    vector: Vec<u8>,
}

impl TryFrom<VectorRow> for Embedded {
    type Error = BadRow;

    fn try_from(row: VectorRow) -> Result<Self, BadRow> {
        let cells = Cells("memory_vectors");
        Ok(Self {
            seq: cells.number("seq", row.seq)?,
            of: cells.number("memory_seq", row.memory_seq)?,
            vector: numbers(&row.vector),
        })
    }
}

/// A vector as it is stored: its numbers one after another, little end first.
pub(crate) fn bytes(vector: &[f32]) -> Vec<u8> {
    vector
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<NUMBER_BYTES>();
    numbers.iter().map(|one| f32::from_le_bytes(*one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_comes_back_as_it_went_in() {
        let vector = [0.0, -1.5, f32::MIN_POSITIVE, 3.25e7];
        assert_eq!(numbers(&bytes(&vector)), vector);
    }
}
