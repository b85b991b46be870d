//! How an agent's memory is asked and written: through the tools of the `memory` server, as everything outside the
//! runtime's own state is (C14).
//!
//! Never here: what is worth remembering, or what a prompt says of it.

pub mod outcome;

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    action::ToolRef,
    artifact::Origin,
    fault::{Fault, FaultClass},
    id::{MemoryId, TaskId},
    memory::{MemoryKind, Owner, RECALLED, Recalled},
    time::Timestamp,
    trace::TraceContext,
};
use chimera_ports::tools::{ToolHost, ToolReply, ToolRequest};
use serde::Deserialize;
use serde_json::{Value, json};

/// The server.
const SERVER: &str = "memory";
/// Most characters of a question that are asked.
const MAX_QUESTION_CHARS: usize = 2_000;
/// Code of an answer that does not say what it must.
const UNREADABLE: &str = "TOOL_RESULT_INVALID";

/// What an agent has in mind before it thinks (COG-06, COG-07).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InMind {
    /// What fits the question, best first; at most five.
    pub relevant: Vec<Recalled>,
    /// What it did, said and was told within the last hour, newest first; at most ten.
    pub recent: Vec<Recalled>,
    /// `words`, or `words_and_meaning`.
    pub found_by: String,
    /// Why not by meaning, where that was meant.
    pub problem: Option<String>,
}

impl InMind {
    /// All of it, as it is kept with what is made.
    pub fn all(&self) -> impl Iterator<Item = &Recalled> {
        self.relevant.iter().chain(&self.recent)
    }
}

/// Something to remember.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToRemember {
    /// Its id: the same for the same happening, so that it is remembered once however often it is written.
    pub id: MemoryId,
    /// What kind.
    pub kind: MemoryKind,
    /// What.
    pub text: String,
    /// What it came of.
    pub source: String,
    /// The task that it came of, where it came of one.
    pub task: Option<TaskId>,
    /// Whose words it is.
    pub origin: Origin,
    /// What it is about.
    pub tags: Vec<String>,
    /// From 0 to 100.
    pub importance: u8,
    /// When it happened.
    pub at: Timestamp,
}

/// The way to one agent's memory.
pub struct AgentMemory {
    host: Arc<dyn ToolHost>,
    owner: Owner,
    patience: Duration,
}

#[derive(Deserialize)]
struct Context {
    items: Vec<Item>,
    recent: Vec<Item>,
    found_by: String,
    #[serde(default)]
    problem: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    content: String,
    #[serde(default)]
    score: Option<f64>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    id: MemoryId,
    kind: MemoryKind,
    source: String,
    origin: Origin,
    at: Timestamp,
}

impl AgentMemory {
    /// The way to the memory of `owner`; each call waits no longer than `patience`.
    #[must_use]
    pub fn of(host: Arc<dyn ToolHost>, owner: Owner, patience: Duration) -> Self {
        Self {
            host,
            owner,
            patience,
        }
    }

    /// What fits a question, and what happened within the last hour.
    ///
    /// # Errors
    /// When memory cannot be asked, or its answer cannot be read.
    pub async fn recall(&self, question: &str, trace: TraceContext) -> Result<InMind, Fault> {
        let query: String = question.trim().chars().take(MAX_QUESTION_CHARS).collect();
        let arguments = json!({ "query": query, "limit": RECALLED });
        let content = self.call("recall_context", arguments, None, trace).await?;
        let context: Context = serde_json::from_value(content).map_err(|error| {
            Fault::of(
                UNREADABLE,
                format!("What memory answers cannot be read: {error}. Nothing was recalled."),
            )
        })?;
        Ok(InMind {
            relevant: context.items.into_iter().map(Recalled::from).collect(),
            recent: context.recent.into_iter().map(Recalled::from).collect(),
            found_by: context.found_by,
            problem: context.problem,
        })
    }

    /// Remembers something.
    ///
    /// # Errors
    /// When memory cannot be written or refuses it; nothing was kept.
    pub async fn remember(&self, what: ToRemember, trace: TraceContext) -> Result<(), Fault> {
        let arguments = json!({
            "id": what.id,
            "kind": what.kind,
            "content": what.text,
            "source": what.source,
            "task": what.task,
            "tags": what.tags,
            "importance": what.importance,
            "at": what.at,
        });
        self.call("upsert_memory", arguments, Some(what.origin), trace)
            .await?;
        Ok(())
    }

    async fn call(
        &self,
        tool: &str,
        arguments: Value,
        words_of: Option<Origin>,
        trace: TraceContext,
    ) -> Result<Value, Fault> {
        let request = ToolRequest {
            tenant: self.owner.tenant,
            agent: Some(self.owner.agent),
            words_of,
            tool: ToolRef {
                server: SERVER.to_owned(),
                tool: tool.to_owned(),
            },
            arguments,
            trace,
            timeout: self.patience,
        };
        let reply = self.host.read(request).await.map_err(|error| error.fault)?;
        if reply.is_error {
            return Err(refusal(reply));
        }
        Ok(reply.content)
    }
}

/// The tool's own fault, as it said it.
fn refusal(reply: ToolReply) -> Fault {
    let words = reply.content.to_string();
    serde_json::from_value(reply.content).unwrap_or_else(|_| {
        Fault::new(
            FaultClass::Permanent,
            "MCP_TOOL_ERROR",
            format!("Memory refuses: {words}"),
        )
    })
}

impl From<Item> for Recalled {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of one, as thousandths"
    )]
    fn from(item: Item) -> Self {
        Self {
            memory: item.metadata.id,
            kind: item.metadata.kind,
            text: item.content,
            source: item.metadata.source,
            origin: item.metadata.origin,
            at: item.metadata.at,
            score: item
                .score
                .map(|score| (score.clamp(0.0, 1.0) * 1_000.0).round() as u16),
        }
    }
}
