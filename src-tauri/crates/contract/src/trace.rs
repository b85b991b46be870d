//! Runs and their spans.
//!
//! Never here: where spans are kept.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::scalar::{Id, Time};

/// A run in the list.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct TraceRow {
    /// The run, 32 hexadecimal digits.
    pub trace: String,
    /// Name of its root span.
    pub name: String,
    /// Its campaign.
    pub campaign: Option<Id>,
    /// When its first span began.
    pub started_at: Time,
    /// When its last span ended; null while one is open.
    pub ended_at: Option<Time>,
    /// Number of spans.
    pub spans: u32,
    /// Number of spans that ended with an error.
    pub errors: u32,
    /// Whether it runs and something of it waits for a person's decision.
    pub waits: bool,
}

/// Runs, a page of them.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Traces {
    /// The running ones first, then the newest.
    pub items: Vec<TraceRow>,
    /// Where the next page begins; null on the last.
    pub next: Option<String>,
    /// Spans that this process lost since it started, of all workspaces: more came than could be kept, or the disk took
    /// none. Runs of that time are shown without them.
    pub spans_lost: u64,
}

/// What a span stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// A whole campaign run.
    Workflow,
    /// Making a plan.
    Plan,
    /// One task by one worker.
    Agent,
    /// A model call.
    Model,
    /// A tool call.
    Tool,
    /// A recall.
    Memory,
    /// A judge's evaluation.
    Judge,
    /// Waiting for a person.
    Approval,
    /// An outward action.
    Effect,
}

/// How a span ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanStatus {
    /// Not yet.
    Open,
    /// Well.
    Ok,
    /// With an error.
    Error,
    /// Cut off.
    Cancelled,
}

/// One stretch of work.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Span {
    /// Key within the run, 16 hexadecimal digits.
    pub span: String,
    /// The stretch that it is part of.
    pub parent: Option<String>,
    /// What it stands for.
    pub kind: SpanKind,
    /// Short name.
    pub name: String,
    /// When it began.
    pub started_at: Time,
    /// When it ended; null while open.
    pub ended_at: Option<Time>,
    /// How it ended.
    pub status: SpanStatus,
    /// OpenTelemetry GenAI and `chimera.*` attributes. May hold untrusted text.
    pub attributes: Map<String, Value>,
}

/// A run with its spans.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Trace {
    /// The run.
    pub trace: String,
    /// In the order of their start.
    pub spans: Vec<Span>,
    /// The server's time, to draw open spans against.
    pub now: Time,
}
