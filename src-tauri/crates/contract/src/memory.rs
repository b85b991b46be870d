//! What agents remember, as people look at it, and how it is found.
//!
//! Never here: ranking, or writing a memory; agents do that through the memory server.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    scalar::{Id, Time},
    task::Fault,
    work::Origin,
};

/// What kind of memory it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// What the agent did, said or was told, at a time.
    Episodic,
    /// What it learned and holds to be so.
    Fact,
    /// What it was given to look things up in.
    Knowledge,
}

/// How memories are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// By words alone: lexical. Nothing here knows what a text means.
    Words,
    /// By words and by meaning.
    WordsAndMeaning,
}

/// Where a memory was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct MemoryTask {
    /// The task.
    pub id: Id,
    /// What it was called.
    pub title: String,
    /// Its campaign.
    pub campaign: Id,
    /// Its run.
    pub trace: String,
}

/// Something that an agent remembers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Memory {
    /// Its id; another agent may have another memory under the same.
    pub id: Id,
    /// What kind.
    pub kind: MemoryKind,
    /// What is remembered. May be untrusted text: see `tainted`.
    pub text: String,
    /// What it came of, in words. May be untrusted text.
    pub source: String,
    /// The task that it came of; null where it came of none that is known.
    pub task: Option<MemoryTask>,
    /// Whose words it is.
    pub origin: Origin,
    /// Whether somebody outside may have written it: then it is shown to models as data and never as an instruction.
    pub tainted: bool,
    /// What it is about.
    pub tags: Vec<String>,
    /// From 0, hardly worth keeping, to 100.
    pub importance: u8,
    /// When it happened, or was learned.
    pub at: Time,
    /// How well it fits what was asked, 0 to 1000; null where nothing was asked.
    pub fit: Option<u16>,
}

/// Which memories are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemoryQuery {
    /// Of one kind only.
    pub kind: Option<MemoryKind>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// One page of what an agent remembers, newest first.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct MemoryPage {
    /// The memories.
    pub items: Vec<Memory>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
    /// How they are found while everything works.
    pub finds_by: FoundBy,
}

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemorySearch {
    /// In words, 1 to 4,000 characters.
    pub query: String,
    /// Of one kind only.
    pub kind: Option<MemoryKind>,
    /// How many at most, 1 to 50; 20 when absent.
    pub limit: Option<u32>,
}

/// What fits, best first.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct FoundMemories {
    /// The memories.
    pub items: Vec<Memory>,
    /// How they were found.
    pub found_by: FoundBy,
    /// Why not by meaning, where that was meant.
    pub problem: Option<Fault>,
}

/// Forgetting a memory.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetMemory {
    /// Why, 1 to 500 characters; it stands in the audit log.
    pub reason: String,
}

/// Which backend keeps memories, what it searches with, and how it stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct MemoryConnection {
    /// `embedded` or `weaviate`.
    pub backend: String,
    /// Where the backend is, when it is elsewhere.
    pub address: Option<String>,
    /// Where it is searched over gRPC; null where it is not.
    pub grpc_address: Option<String>,
    /// Whether this backend was never run against a live server, only against recorded traffic.
    pub never_run_live: bool,
    /// Whose vectors are searched; null where words alone are.
    pub embedder: Option<String>,
    /// How memories are found while everything works.
    pub finds_by: FoundBy,
    /// Memories of the tenant, where the backend can count them.
    pub memories: Option<u64>,
    /// Those of them that can be found by meaning.
    pub embedded: Option<u64>,
    /// What is wrong now and what to do.
    pub problem: Option<Fault>,
    /// What went wrong last since the start, also when it works again.
    pub last_problem: Option<MemoryProblem>,
}

/// Something that went wrong with memory.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct MemoryProblem {
    /// What, and what to do.
    pub fault: Fault,
    /// When.
    pub at: Time,
}
