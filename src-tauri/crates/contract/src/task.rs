//! Tasks, their attempts, and the graph that they form.
//!
//! Never here: S1's AgentTask (`swarm`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{
    plan::{Platform, TaskKind, TaskType},
    scalar::{Id, Score, Time, Usd, Version},
    swarm::AgentRef,
    work::{Artifact, Verdict},
};

/// The status of S1, with the two that it lacks (C04).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// Waits to be worked on.
    #[serde(alias = "pending", alias = "queued")]
    Pending,
    /// Somebody works on it.
    #[serde(alias = "in_progress", alias = "running")]
    InProgress,
    /// A person decides.
    #[serde(
        alias = "review",
        alias = "needs_review",
        alias = "blocked",
        alias = "REVIEWS_PENDING"
    )]
    Review,
    /// Done.
    #[serde(alias = "complete", alias = "succeeded")]
    Completed,
    /// Given up.
    #[serde(alias = "failed")]
    Failed,
    /// Called off.
    #[serde(alias = "cancelled")]
    Cancelled,
    /// Ran out of time.
    #[serde(alias = "timed_out")]
    TimedOut,
}

/// Where a task stands, exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for the tasks that it depends on.
    Blocked,
    /// Waits for a worker.
    Ready,
    /// A worker has it.
    Working,
    /// Waits for, or is with, a judge.
    Judging,
    /// Waits for a person.
    Reviewing,
    /// Decided; its action waits to leave.
    Releasing,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// Called off.
    Cancelled,
    /// Its deadline passed.
    TimedOut,
}

/// What kind of failure it was (ERR-01…04).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultClass {
    /// Passing; tried again by itself.
    Transient,
    /// The input is wrong.
    Validation,
    /// Credentials or a missing part; a person must act.
    Permanent,
    /// Nobody foresaw it.
    Unknown,
    /// A budget did not suffice.
    BudgetExhausted,
}

/// Why something failed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// Stable code.
    pub code: String,
    /// What kind it was.
    pub class: FaultClass,
    /// What happened, whether anything took effect, what to do.
    pub message: String,
    /// Earliest useful time for another try, in milliseconds from then.
    pub retry_after_ms: Option<u64>,
}

/// A node of a campaign's graph.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Task {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// The agent that does it.
    pub agent: AgentRef,
    /// Its key in the plan.
    pub step: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// The coarse type of S1.
    #[serde(rename = "type")]
    pub task_type: TaskType,
    /// The skill that does it.
    pub skill: String,
    /// One line.
    pub title: String,
    /// What to do.
    pub instructions: String,
    /// Fixed input.
    pub input: Map<String, Value>,
    /// Where the result is meant to go.
    pub platform: Option<Platform>,
    /// Urgency, 0 to 100.
    pub priority: u8,
    /// What it may cost at most, over all tries; absent when only its campaign's day binds.
    pub max_cost: Option<Usd>,
    /// When it must be done.
    pub deadline: Option<Time>,
    /// Not to be released before this time.
    pub publish_at: Option<Time>,
    /// Where it stands, exactly.
    pub state: TaskState,
    /// The status of S1 that it shows as.
    pub status: TaskStatus,
    /// While ready: not before this time (backoff or schedule).
    pub not_before: Option<Time>,
    /// While working: who has it.
    pub worker: Option<String>,
    /// While reviewing: the item in the queue.
    pub review: Option<Id>,
    /// While releasing: the action in the outbox.
    pub effect: Option<Id>,
    /// Tasks that it still waits for.
    pub waiting_on: u32,
    /// Attempts that transient failures took.
    pub attempts: u32,
    /// How often it was sent back, along the whole line of its predecessors.
    pub rejections: u32,
    /// Why it was sent back, oldest first.
    pub guidance: Vec<String>,
    /// The score it was routed on.
    pub score: Option<Score>,
    /// Why it failed, or why it was last tried again.
    pub fault: Option<Fault>,
    /// Its run in the traces.
    pub trace: String,
    /// Its span in that run.
    pub span: String,
    /// Row version.
    pub version: Version,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// One run of a task by a worker.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Attempt {
    /// Key.
    pub id: Id,
    /// Who ran it.
    pub worker: String,
    /// When it began.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// `open`, `recorded`, `failed`, `expired` or `invalidated`.
    pub outcome: String,
    /// Why it failed.
    pub fault: Option<Fault>,
}

/// A task with all that came of it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct TaskDetail {
    /// The task.
    pub task: Task,
    /// Tasks that it needs.
    pub needs: Vec<Id>,
    /// Tasks that need it.
    pub feeds: Vec<Id>,
    /// Its runs, oldest first.
    pub attempts: Vec<Attempt>,
    /// What came of them, oldest first, edits included.
    pub artifacts: Vec<Artifact>,
    /// The newest verdict on the newest artifact.
    pub verdict: Option<Verdict>,
}

/// `needs` must complete before `task`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct TaskEdge {
    /// The one that waits.
    pub task: Id,
    /// The one it waits for.
    pub needs: Id,
}

/// A campaign's tasks with their edges, for drawing.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Graph {
    /// Nodes, oldest first.
    pub nodes: Vec<Task>,
    /// Edges between them.
    pub edges: Vec<TaskEdge>,
    /// False when the campaign has more tasks than are drawn at once (2,000).
    pub complete: bool,
}

/// Which tasks are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TaskQuery {
    /// Open ones only.
    #[serde(default)]
    pub open_only: bool,
    /// With this status only, in S1's words or those of the other sources (C04).
    pub status: Option<TaskStatus>,
    /// Of this coarse type only, in S1's words or those of the other sources (C03).
    #[serde(rename = "type")]
    pub task_type: Option<TaskType>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}
