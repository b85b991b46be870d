//! What agents remember, and how it is found.

use chimera_contract::{
    memory as wire,
    scalar::{Id, Time},
};
use chimera_domain::{
    memory::{Memory, MemoryKind},
    task::Task,
};
use chimera_ports::memory::{FoundBy, MemoryStanding};

use crate::{ToWire, mirror};

mirror!(MemoryKind => wire::MemoryKind { Episodic, Fact, Knowledge } and back);
mirror!(FoundBy => wire::FoundBy { Words, WordsAndMeaning });

/// A memory with the task that it came of, and how well it fits what was asked.
#[must_use]
pub fn shown(memory: &Memory, task: Option<&Task>, fit: Option<u16>) -> wire::Memory {
    wire::Memory {
        id: Id::of(memory.id),
        kind: memory.kind.wire(),
        text: memory.text.clone(),
        source: memory.source.clone(),
        task: task.map(|task| wire::MemoryTask {
            id: Id::of(task.id),
            title: task.title.clone(),
            campaign: Id::of(task.campaign),
            trace: task.trace.trace.to_string(),
        }),
        origin: memory.origin.wire(),
        tainted: memory.is_tainted(),
        tags: memory.tags.clone(),
        importance: memory.importance,
        at: Time::of(memory.at),
        fit,
    }
}

impl ToWire for MemoryStanding {
    type Wire = wire::MemoryConnection;
    fn wire(&self) -> wire::MemoryConnection {
        wire::MemoryConnection {
            backend: self.backend.to_owned(),
            address: self.address.clone(),
            grpc_address: self.grpc_address.clone(),
            never_run_live: self.never_run_live,
            embedder: self.embedder.clone(),
            finds_by: self.finds_by().wire(),
            memories: self.memories,
            embedded: self.embedded,
            problem: self.problem.wire(),
            last_problem: self
                .last_problem
                .as_ref()
                .map(|(at, fault)| wire::MemoryProblem {
                    fault: fault.wire(),
                    at: Time::of(*at),
                }),
        }
    }
}
