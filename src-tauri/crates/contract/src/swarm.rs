//! S0's swarm: agents, the fleet's figures, the stop, and the tenant form of requirements §11.7.
//!
//! Never here: campaigns in full (`campaign`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{
    plan::TaskType,
    scalar::{Digest, Id, Score, Time, Usd, Version},
    task::{Fault, TaskStatus},
};

/// What an agent is doing (UI-01).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// A plan is being made, for the first time or anew after a step failed.
    Planning,
    /// A worker prepares something.
    Working,
    /// A judge looks at something.
    Judging,
    /// Nothing to do right now.
    Sleeping,
}

/// Whether an agent may work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// It may.
    Running,
    /// A person paused it.
    Paused,
    /// A person stopped it.
    Stopped,
}

/// An agent as named beside its work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct AgentRef {
    /// Key.
    pub id: Id,
    /// Name as readers see it.
    pub name: String,
    /// One or two letters for the avatar.
    pub initials: String,
}

/// What an agent has in hand.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct TaskRef {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// One line.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Since when.
    pub since: Time,
}

/// An agent in the fleet.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Agent {
    /// Key.
    pub id: Id,
    /// Name as readers see it.
    pub name: String,
    /// One or two letters for the avatar.
    pub initials: String,
    /// What it does in the world, as its SOUL.md says.
    pub role: Option<String>,
    /// What it is doing, from its tasks.
    pub activity: Activity,
    /// Whether it may work.
    pub control: Control,
    /// Number of its persona version.
    pub persona_version: u32,
    /// Public address of its wallet, when it has one.
    pub wallet_address: Option<String>,
    /// What it has in hand: planning anew first, then with workers, then before judges, newest first in each; at
    /// most five.
    pub current: Vec<TaskRef>,
    /// Its tasks that have not ended.
    pub open_tasks: u32,
    /// Row version.
    pub version: Version,
    /// When it was made.
    pub created_at: Time,
}

/// The fleet's figures, sampled.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Gauge {
    /// Agents in all.
    pub agents: u64,
    /// Agents for which a plan is being made right now, for the first time or anew.
    pub planning: u64,
    /// Agents with a task in a worker's hands that do not plan.
    pub working: u64,
    /// Agents with work before a judge that neither plan nor work.
    pub judging: u64,
    /// Agents with nothing to do.
    pub sleeping: u64,
    /// Tasks that wait for a worker.
    pub tasks_ready: u64,
    /// Tasks in workers' hands.
    pub tasks_working: u64,
    /// Tasks that wait for, or are with, a judge.
    pub tasks_judging: u64,
    /// Reviews that wait for a person.
    pub reviews_open: u64,
    /// Decided actions that wait to leave.
    pub effects_held: u64,
    /// Campaigns that run.
    pub campaigns_active: u64,
    /// What all model calls cost today (UTC), by the ledger: also those for drafts, for campaigns that are paused or
    /// over, and for tests of providers.
    pub spend_today: Usd,
    /// The part of it that running campaigns spent of their `daily_budgets`.
    pub spend_of_budgets: Usd,
    /// Calls of today whose cost is not known; they are not in `spend_today`.
    pub unpriced_calls: u64,
    /// Sum of the daily budgets of running campaigns.
    pub daily_budgets: Usd,
    /// Alerts that nobody acknowledged.
    pub alerts_open: u64,
    /// True while everything is stopped.
    pub stopped: bool,
    /// Why, while it is.
    pub stop_reason: Option<String>,
    /// Number of the newest event, to resume the stream from.
    pub last_event: u64,
    /// When it was sampled.
    pub at: Time,
}

/// Why an agent is paused.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPause {
    /// For the record, at most 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// Why everything is stopped.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// For the record, 1 to 500 characters.
    pub reason: String,
}

/// How the stop stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct StopState {
    /// True while everything is stopped.
    pub stopped: bool,
    /// Campaigns that the stop paused, or that the release resumed.
    pub campaigns: u32,
}

/// A swarm session of §11.7: a campaign under its other name.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SwarmSession {
    /// Key; also the campaign's.
    pub session_id: Id,
    /// The tenant's slug.
    pub tenant_id: String,
    /// Where it stands.
    pub status: SwarmSessionStatus,
    /// Goal, agent and bounds.
    pub context: Map<String, Value>,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// The lifecycle of ORC-11.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwarmSessionStatus {
    /// Its plan is under edit.
    Created,
    /// It runs.
    Running,
    /// It holds still.
    Paused,
    /// It ended or was called off.
    Stopped,
}

/// S1's AgentTask, exactly as its schema has it (C46).
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AgentTask {
    /// Key.
    pub task_id: Id,
    /// The goal that it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_goal_id: Option<String>,
    /// Coarse type.
    #[serde(rename = "type")]
    pub task_type: TaskType,
    /// What to work on.
    pub payload: Map<String, Value>,
    /// Bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraints: Option<AgentTaskConstraints>,
    /// One of S1's five.
    pub status: AgentTaskStatus,
    /// The score it was routed on, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_score: Option<Score>,
}

/// S1's five statuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentTaskStatus {
    /// Waits to be worked on.
    Pending,
    /// Somebody works on it.
    InProgress,
    /// A person decides.
    Review,
    /// Done.
    Completed,
    /// Given up, called off or out of time.
    Failed,
}

/// Bounds in S1's AgentTask.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AgentTaskConstraints {
    /// Most it may cost in US dollars; a JSON number here and nowhere else.
    #[schema(value_type = Option<f64>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost_usd: Option<serde_json::Number>,
    /// Where the voice is described.
    pub voice_ref: String,
}

/// A task's result, in the form of §11.2.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct TaskResult {
    /// The tenant's slug.
    pub tenant_id: String,
    /// The run.
    pub trace_id: String,
    /// The task.
    pub task_id: Id,
    /// How it stands.
    pub status: TaskStatus,
    /// The newest artifact's content; null while there is none.
    pub output: Option<Value>,
    /// Why it has none, when it failed.
    pub error: Option<Fault>,
    /// Who made it: worker and model; null while there is nothing.
    pub produced_by: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// A decision in the form of §11.7.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwarmDecision {
    /// `APPROVED` or `REJECTED`.
    pub status: SwarmDecisionStatus,
    /// Ignored when it names the signed-in person, refused when it names somebody else.
    pub operator_id: Option<Id>,
    /// Digest of what was looked at, from the item's `shown`; another than what waits now is refused.
    #[serde(default)]
    pub shown: Option<Digest>,
}

/// The two-way decision of §11.7.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SwarmDecisionStatus {
    /// Let it go.
    Approved,
    /// Send it back.
    Rejected,
}

/// Which agents are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AgentQuery {
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}
