//! A task: one node of a campaign's graph, its states, and its S1 form on the wire (C03, C04, C46).
//!
//! Never here: which state may follow which (the engine's transitions).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    confidence::Confidence,
    fault::Fault,
    id::{
        AgentId, ArtifactId, AttemptId, CampaignId, EffectId, ReviewId, TaskId, TenantId, VersionId,
    },
    money::Usd,
    platform::Platform,
    provenance::Private,
    time::Timestamp,
    trace::TraceContext,
};

/// The coarse type of S1's schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskType {
    /// Finding out.
    Research,
    /// Making content.
    #[serde(alias = "CONTENT", alias = "generate_content")]
    ContentGen,
    /// Moving money.
    #[serde(alias = "FINANCE", alias = "execute_transaction")]
    Transaction,
    /// Acting among people: posting, replying.
    #[serde(alias = "reply_comment")]
    Engagement,
}

/// The fine-grained kind of work.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Read the feeds and say what matters for the goal.
    AnalyzeTrends,
    /// Write a post in the persona's voice.
    GenerateCaption,
    /// Make a picture.
    RenderImage,
    /// Make a video.
    RenderVideo,
    /// Prepare a post for publication.
    PublishPost,
    /// Answer somebody.
    ReplyComment,
    /// Prepare a payment.
    ExecuteTransaction,
    /// Look over another agent's signal.
    PeerReview,
    /// Seek another way after a step failed for good (ORC-03). Never a step of a plan: the engine adds it.
    Replan,
}

impl TaskKind {
    /// The coarse type that it falls under.
    #[must_use]
    pub const fn task_type(self) -> TaskType {
        match self {
            Self::AnalyzeTrends | Self::PeerReview | Self::Replan => TaskType::Research,
            Self::GenerateCaption | Self::RenderImage | Self::RenderVideo => TaskType::ContentGen,
            Self::PublishPost | Self::ReplyComment => TaskType::Engagement,
            Self::ExecuteTransaction => TaskType::Transaction,
        }
    }

    /// Whether its result is an action on the outside world, to be decided before it runs.
    #[must_use]
    pub const fn is_outward(self) -> bool {
        matches!(
            self,
            Self::PublishPost | Self::ReplyComment | Self::ExecuteTransaction
        )
    }
}

/// The status of S1's schema, with the two that it lacks (C04).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// Waiting to be worked on.
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for the tasks it depends on.
    Blocked,
    /// May be assigned, not before the given time.
    Ready {
        /// Earliest useful time (backoff, schedule).
        not_before: Timestamp,
    },
    /// A worker holds it under a lease.
    Working {
        /// The attempt.
        attempt: AttemptId,
        /// The worker, in words for people.
        worker: String,
        /// The campaign's state version when work began (ORC-07).
        state_version: i64,
        /// When the lease ends unless renewed.
        lease_until: Timestamp,
    },
    /// A worker's artifact waits for, or is with, the judge.
    Judging {
        /// What is judged.
        artifact: ArtifactId,
        /// The campaign's state version when work began.
        state_version: i64,
        /// When a judge's lease ends; absent until a judge takes it.
        lease_until: Option<Timestamp>,
    },
    /// A person decides.
    Reviewing {
        /// The item in the queue.
        review: ReviewId,
        /// What is reviewed.
        artifact: ArtifactId,
    },
    /// Decided; the action is in the outbox.
    Releasing {
        /// The outbox entry.
        effect: EffectId,
        /// What was decided.
        artifact: ArtifactId,
    },
    /// Done.
    Completed,
    /// Given up; `task.fault` says why.
    Failed,
    /// Called off by a person, or because something it needs failed.
    Cancelled,
    /// Its deadline passed.
    TimedOut,
}

impl TaskState {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Ready { .. } => "ready",
            Self::Working { .. } => "working",
            Self::Judging { .. } => "judging",
            Self::Reviewing { .. } => "reviewing",
            Self::Releasing { .. } => "releasing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
        }
    }

    /// The status of S1 that it shows as.
    #[must_use]
    pub const fn status(&self) -> TaskStatus {
        match self {
            Self::Blocked | Self::Ready { .. } => TaskStatus::Pending,
            Self::Working { .. } | Self::Judging { .. } | Self::Releasing { .. } => {
                TaskStatus::InProgress
            }
            Self::Reviewing { .. } => TaskStatus::Review,
            Self::Completed => TaskStatus::Completed,
            Self::Failed => TaskStatus::Failed,
            Self::Cancelled => TaskStatus::Cancelled,
            Self::TimedOut => TaskStatus::TimedOut,
        }
    }

    /// Nothing follows.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Failed | Self::Cancelled | Self::TimedOut
        )
    }
}

/// Urgency, 0 (whenever) to 100 (now).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Priority(#[schemars(range(min = 0, max = 100))] u8);

impl Priority {
    /// The usual urgency.
    pub const NORMAL: Self = Self(50);
    /// From a number; more than 100 counts as 100.
    #[must_use]
    pub const fn new(value: u8) -> Self {
        Self(if value > 100 { 100 } else { value })
    }
    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A node of a campaign's graph.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Key.
    pub id: TaskId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// The campaign it serves.
    pub campaign: CampaignId,
    /// The agent that does it.
    pub agent: AgentId,
    /// Its key in the plan, for example `write-2`.
    pub step: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// The skill that does it.
    pub skill: String,
    /// One line for people.
    pub title: String,
    /// What to do, in words for the worker.
    pub instructions: String,
    /// Why its plan's words are private, when they are ([`Plan::private`](crate::plan::Plan::private)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_private: Option<Private>,
    /// Fixed input besides the results of the tasks it depends on.
    pub input: Map<String, Value>,
    /// Where the result is meant to go.
    pub platform: Option<Platform>,
    /// Urgency.
    pub priority: Priority,
    /// What it may cost at most, over all tries; absent when only its campaign's day binds.
    pub max_cost: Option<Usd>,
    /// When it must be done.
    pub deadline: Option<Timestamp>,
    /// Not to be released before this time (a schedule).
    pub publish_at: Option<Timestamp>,
    /// Where it stands.
    pub state: TaskState,
    /// Tasks that it still waits for.
    pub waiting_on: u32,
    /// Attempts that were consumed by transient failures.
    pub attempts: u32,
    /// How often a judge or a person sent it back, along the whole line of its predecessors.
    pub rejections: u32,
    /// Why it was sent back, oldest first; handed to the next attempt.
    pub guidance: Vec<String>,
    /// The score it was routed on: the lower of worker's and judge's (C33).
    pub score: Option<Confidence>,
    /// Its newest artifact.
    pub artifact: Option<ArtifactId>,
    /// Why it failed, or why it was last tried again.
    pub fault: Option<Fault>,
    /// Where its work hangs in the run's trace.
    pub trace: TraceContext,
    /// Row version, new at every transition.
    pub version: VersionId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The feeds that a step's or a task's input names.
pub(crate) fn named_feeds(input: &Map<String, Value>) -> Vec<String> {
    let named = input.get(Task::FEEDS).and_then(Value::as_array);
    let names = named.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

impl Task {
    /// Input under which a step names the feeds that it is confined to.
    pub const FEEDS: &'static str = "feeds";

    /// Its step in the plan: a rewrite carries the key of what it replaces, with `~` and a number.
    #[must_use]
    pub fn line(&self) -> &str {
        self.step.split('~').next().unwrap_or(&self.step)
    }

    /// The feeds that it is confined to; empty when it may read all of its campaign's.
    #[must_use]
    pub fn feeds(&self) -> Vec<String> {
        named_feeds(&self.input)
    }

    /// Whether nobody has begun it: only such a step may leave the plan or be given other inputs.
    #[must_use]
    pub const fn is_not_begun(&self) -> bool {
        matches!(self.state, TaskState::Blocked | TaskState::Ready { .. })
            && self.attempts == 0
            && self.artifact.is_none()
    }

    /// The S1 form: validates against the seed's AgentTask schema exactly (C46).
    #[must_use]
    pub fn to_agent_task(&self) -> AgentTask {
        let mut payload = self.input.clone();
        payload.insert("task_type".into(), serde_json::json!(self.kind));
        payload.insert("skill".into(), Value::String(self.skill.clone()));
        payload.insert(
            "instructions".into(),
            Value::String(self.instructions.clone()),
        );
        AgentTask {
            task_id: self.id,
            parent_goal_id: Some(self.campaign.to_string()),
            task_type: self.kind.task_type(),
            payload,
            constraints: Some(AgentTaskConstraints {
                max_cost_usd: self.max_cost.map(Usd::to_json_number),
                voice_ref: "SOUL.md".to_owned(),
            }),
            status: match self.state.status() {
                TaskStatus::Cancelled | TaskStatus::TimedOut => TaskStatus::Failed,
                status => status,
            },
            confidence_score: self.score,
        }
    }
}

/// S1's AgentTask as it crosses a process border. Emitted tasks use only S1's five statuses.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentTask {
    /// Key.
    pub task_id: TaskId,
    /// The goal it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_goal_id: Option<String>,
    /// Coarse type.
    #[serde(rename = "type")]
    pub task_type: TaskType,
    /// What to work on.
    pub payload: Map<String, Value>,
    /// Bounds of the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraints: Option<AgentTaskConstraints>,
    /// Where it stands.
    pub status: TaskStatus,
    /// The score it was routed on, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_score: Option<Confidence>,
}

/// Bounds in S1's AgentTask.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentTaskConstraints {
    /// Most it may cost, in US dollars; a JSON number here and nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost_usd: Option<serde_json::Number>,
    /// Where the voice is described.
    #[serde(default = "default_voice_ref")]
    pub voice_ref: String,
}

fn default_voice_ref() -> String {
    "SOUL.md".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_of_the_other_sources_are_read_and_s1_words_written() {
        for (alias, canonical) in [
            ("CONTENT", "CONTENT_GEN"),
            ("FINANCE", "TRANSACTION"),
            ("generate_content", "CONTENT_GEN"),
            ("reply_comment", "ENGAGEMENT"),
            ("execute_transaction", "TRANSACTION"),
        ] {
            let read: TaskType = serde_json::from_value(alias.into()).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), canonical);
        }
        for (alias, canonical) in [
            ("queued", "PENDING"),
            ("running", "IN_PROGRESS"),
            ("needs_review", "REVIEW"),
            ("REVIEWS_PENDING", "REVIEW"),
            ("succeeded", "COMPLETED"),
            ("timed_out", "TIMED_OUT"),
        ] {
            let read: TaskStatus = serde_json::from_value(alias.into()).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), canonical);
        }
    }

    #[test]
    fn approved_is_no_status_and_unknown_fields_are_refused() {
        assert!(serde_json::from_value::<TaskStatus>("approved".into()).is_err());
        let with_extra = serde_json::json!({
            "task_id": "00000000-0000-0000-0000-000000000001", "type": "RESEARCH",
            "payload": {}, "status": "PENDING", "surprise": 1
        });
        assert!(serde_json::from_value::<AgentTask>(with_extra).is_err());
    }
}
