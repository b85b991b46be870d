//! A change set: what one transition of the engine wants stored, all or nothing.
//!
//! The engine writes it, the store commits it. Never here: SQL, or deciding what changes.

use chimera_canon::Digest;
use serde::{Deserialize, Serialize};

use crate::{
    action::Effect,
    agent::Control,
    artifact::Artifact,
    audit::AuditRecord,
    campaign::Campaign,
    event::Event,
    fault::Fault,
    id::{
        AgentId, AlertId, AttemptId, CampaignId, EffectId, IncidentId, ReviewId, TaskId, TenantId,
        VersionId,
    },
    plan::Plan,
    publication::{Content, Publication},
    review::Review,
    task::Task,
    time::Timestamp,
    verdict::Verdict,
};

/// One run of a task by a worker, as history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Key.
    pub id: AttemptId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// The task.
    pub task: TaskId,
    /// Who ran it.
    pub worker: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended: `open`, `recorded`, `failed`, `expired`, `invalidated`.
    pub outcome: String,
    /// Why it failed.
    pub fault: Option<Fault>,
}

/// Something that a person is told (ERR-03, ERR-04, ORC-15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Alert {
    /// Key.
    pub id: AlertId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Stable code.
    pub code: String,
    /// One line.
    pub title: String,
    /// What happened, whether anything took effect, what to do.
    pub detail: String,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Its task.
    pub task: Option<TaskId>,
    /// When.
    pub created_at: Timestamp,
    /// When a person acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
}

/// A security event (SEC-01, UI-24).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Incident {
    /// Key.
    pub id: IncidentId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// `injection`, `permission`, `rate_limit` or `kill_switch`.
    pub kind: String,
    /// `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// What happened, in words.
    pub detail: String,
    /// Whether it was stopped.
    pub blocked: bool,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Its task.
    pub task: Option<TaskId>,
    /// When.
    pub created_at: Timestamp,
}

/// A new task with the tasks that it depends on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NewTask {
    /// The task.
    pub task: Task,
    /// What must complete first.
    pub needs: Vec<TaskId>,
}

/// One thing to store.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// New tasks (a start, or a re-plan); the campaign's counters go up.
    AddTasks(Vec<NewTask>),
    /// The task completed: each dependent counts down, and is ready at zero.
    ReleaseDependents(TaskId),
    /// The task ended without a result: all that depends on it, however far, is called off.
    CancelDescendants {
        /// The task that ended.
        of: TaskId,
        /// Why, stored as the descendants' fault.
        fault: Fault,
    },
    /// The next revision of the campaign's plan.
    Plan(Box<Plan>),
    /// A step that has not begun builds on other tasks from now on. A conflict when it has begun.
    Rewire {
        /// The step.
        task: TaskId,
        /// What it needs instead of what it needed.
        needs: Vec<TaskId>,
    },
    /// Steps that leave the plan, with all that depends on them. A conflict when one of them has begun.
    Prune {
        /// The steps.
        tasks: Vec<TaskId>,
        /// Why, stored as their fault.
        fault: Fault,
    },
    /// The step is done again: what was called off because of it waits for it anew, where no other step that ended
    /// keeps it from being done.
    Revive(TaskId),
    /// Every open task of the campaign is called off, with open reviews withdrawn and held effects voided. One
    /// whose effect is on its way, or may have gone out, stays open until its outcome is known.
    CancelCampaignTasks(Fault),
    /// Tasks that workers or judges hold go back to ready, and held effects wait (a pause, ORC-07).
    RecallWork,
    /// An agent that runs is paused: nothing of it begins or leaves until a person lets it go on (ERR-08).
    PauseAgent(AgentId),
    /// An attempt began or ended.
    Attempt(Attempt),
    /// A worker's or a person's artifact.
    Artifact(Box<Artifact>),
    /// A judge's verdict.
    Verdict(Box<Verdict>),
    /// A review was opened or changed; `expected` is its version before, absent when new.
    Review {
        /// As it is now.
        review: Box<Review>,
        /// As it was.
        expected: Option<VersionId>,
    },
    /// An effect was made or changed, with its approval; `expected` as for a review.
    Effect {
        /// As it is now.
        effect: Box<Effect>,
        /// As it was.
        expected: Option<VersionId>,
    },
    /// A piece of content was made or changed.
    Content(Content),
    /// A publication was made or changed.
    Publication(Publication),
    /// A person should know.
    Alert(Alert),
    /// A security event.
    Incident(Incident),
    /// For whoever watches.
    Event(Event),
    /// For the record.
    Audit(AuditRecord),
}

/// Which rows must still be as the engine saw them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Expected {
    /// The campaign and the version that it must still have.
    pub campaign: (CampaignId, VersionId),
    /// The task and the version that it must still have.
    pub task: Option<(TaskId, VersionId)>,
}

/// What one transition wants stored, in one transaction.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Owner of every row in it.
    pub tenant: TenantId,
    /// What it builds on.
    pub expected: Expected,
    /// The campaign as it is now, when it changed.
    pub campaign: Option<Campaign>,
    /// The task as it is now, when it changed.
    pub task: Option<Task>,
    /// Everything else.
    pub changes: Vec<Change>,
}

/// What the store tells after a commit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Committed {
    /// Tasks that became ready through this commit.
    pub ready: Vec<TaskId>,
    /// The campaign's open tasks after it.
    pub open_tasks: u32,
    /// Reviews that it opened or closed.
    pub reviews: Vec<ReviewId>,
    /// Effects that it made or changed.
    pub effects: Vec<EffectId>,
    /// Number of the last event that it wrote, 0 when none.
    pub last_seq: u64,
}

/// A digest under which a client's repeated write is recognised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyRecord {
    /// Owner of the row.
    pub tenant: TenantId,
    /// The client's key.
    pub key: String,
    /// Digest of method, path and body: the same key with another request is refused.
    pub request: Digest,
    /// HTTP status that was answered; [`IdempotencyRecord::BEGUN`] while nothing is answered yet.
    pub status: u16,
    /// Body that was answered.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

impl IdempotencyRecord {
    /// The status of a write that was begun and has no answer: whether it took effect is not known.
    pub const BEGUN: u16 = 0;
}

/// What the engine looks at: one task with its campaign's header and the records it is bound up with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Board {
    /// The campaign's header.
    pub campaign: Campaign,
    /// Whether the campaign's agent may work.
    pub control: Control,
    /// The task.
    pub task: Task,
    /// The task's newest artifact.
    pub artifact: Option<Artifact>,
    /// The newest verdict on that artifact.
    pub verdict: Option<Verdict>,
    /// The task's open or last review.
    pub review: Option<Review>,
    /// The task's open or last effect.
    pub effect: Option<Effect>,
    /// For an outward task: the tasks that it directly builds on, each with what that one needed, so that
    /// a rejected post can be written anew in the same transaction. Empty for other tasks.
    pub upstream: Vec<NewTask>,
}
