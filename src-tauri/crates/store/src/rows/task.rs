//! Rows of `tasks` and `task_edges`.

use chimera_domain::{
    id::{ArtifactId, AttemptId, EffectId, ReviewId},
    money::Usd,
    task::{Priority, Task, TaskState},
    time::Timestamp,
    trace::TraceContext,
};
use serde::{Deserialize, Serialize};

use super::{BadRow, Cells, json, maybe_json, points, word};
use crate::{failure::Failure, table::table};

table! {
    /// A task.
    "tasks" as TaskRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: String,
        created_at: i64,
    }
    live {
        agent_id: String,
        step: String,
        r#type: String,
        task_type: String,
        skill: String,
        title: String,
        instructions: String,
        plan_private: Option<String>,
        payload: String,
        platform: Option<String>,
        priority: i64,
        max_cost_usd: i64,
        deadline: Option<i64>,
        publish_at: Option<i64>,
        state: String,
        state_data: String,
        not_before: Option<i64>,
        lease_until: Option<i64>,
        current_worker_id: Option<String>,
        waiting_on: i64,
        attempts: i64,
        rejections: i64,
        guidance: String,
        confidence_score: Option<i64>,
        artifact_id: Option<String>,
        fault: Option<String>,
        trace_id: String,
        span_id: String,
        version_id: String,
        updated_at: i64,
        uncapped: i64,
    }
}

table! {
    /// What a task waits for.
    "task_edges" as EdgeRow, key "task_id" + "needs_id";
    fixed { tenant_id: String, task_id: String, needs_id: String }
    live {}
}

/// What the counters of a campaign count; the generated column `standing` says the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Standing {
    /// Not ended.
    Open,
    /// Done.
    Completed,
    /// Given up or out of time.
    Failed,
    /// Called off.
    Cancelled,
}

impl Standing {
    pub(crate) const fn of(state: &TaskState) -> Self {
        match state {
            TaskState::Completed => Self::Completed,
            TaskState::Failed | TaskState::TimedOut => Self::Failed,
            TaskState::Cancelled => Self::Cancelled,
            _ => Self::Open,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn read(word: &str) -> Result<Self, BadRow> {
        [Self::Open, Self::Completed, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|standing| standing.as_str() == word)
            .ok_or_else(|| Cells("tasks").bad("standing", word, "unknown"))
    }
}

/// What a state carries besides times and the worker's name, which have columns of their own.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StateData {
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<AttemptId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<ArtifactId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<ReviewId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<EffectId>,
}

/// A state spread over its columns.
#[derive(Default)]
struct StateCells {
    data: StateData,
    not_before: Option<i64>,
    lease_until: Option<i64>,
    worker: Option<String>,
}

fn spread(state: &TaskState) -> StateCells {
    let mut cells = StateCells::default();
    match state {
        TaskState::Blocked
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Cancelled
        | TaskState::TimedOut => {}
        TaskState::Ready { not_before } => cells.not_before = Some(not_before.micros()),
        TaskState::Working {
            attempt,
            worker,
            state_version,
            lease_until,
        } => {
            cells.data.attempt = Some(*attempt);
            cells.data.state_version = Some(*state_version);
            cells.worker = Some(worker.clone());
            cells.lease_until = Some(lease_until.micros());
        }
        TaskState::Judging {
            artifact,
            state_version,
            lease_until,
        } => {
            cells.data.artifact = Some(*artifact);
            cells.data.state_version = Some(*state_version);
            cells.lease_until = lease_until.map(Timestamp::micros);
        }
        TaskState::Reviewing { review, artifact } => {
            cells.data.review = Some(*review);
            cells.data.artifact = Some(*artifact);
        }
        TaskState::Releasing { effect, artifact } => {
            cells.data.effect = Some(*effect);
            cells.data.artifact = Some(*artifact);
        }
    }
    cells
}

impl TaskRow {
    pub(crate) fn of(task: &Task) -> Result<Self, Failure> {
        let state = spread(&task.state);
        Ok(Self {
            id: task.id.to_string(),
            tenant_id: task.tenant.to_string(),
            campaign_id: task.campaign.to_string(),
            created_at: task.created_at.micros(),
            agent_id: task.agent.to_string(),
            step: task.step.clone(),
            r#type: word(&task.kind.task_type())?,
            task_type: word(&task.kind)?,
            skill: task.skill.clone(),
            title: task.title.clone(),
            instructions: task.instructions.clone(),
            plan_private: task.plan_private.as_ref().map(word).transpose()?,
            payload: json(&task.input)?,
            platform: task.platform.map(|platform| platform.as_str().to_owned()),
            priority: i64::from(task.priority.get()),
            max_cost_usd: task.max_cost.unwrap_or_default().nanos(),
            deadline: task.deadline.map(Timestamp::micros),
            publish_at: task.publish_at.map(Timestamp::micros),
            state: task.state.as_str().to_owned(),
            state_data: json(&state.data)?,
            not_before: state.not_before,
            lease_until: state.lease_until,
            current_worker_id: state.worker,
            waiting_on: i64::from(task.waiting_on),
            attempts: i64::from(task.attempts),
            rejections: i64::from(task.rejections),
            guidance: json(&task.guidance)?,
            confidence_score: task.score.map(points),
            artifact_id: task.artifact.map(|id| id.to_string()),
            fault: maybe_json(task.fault.as_ref())?,
            trace_id: task.trace.trace.to_string(),
            span_id: task.trace.span.to_string(),
            version_id: task.version.to_string(),
            updated_at: task.updated_at.micros(),
            uncapped: i64::from(task.max_cost.is_none()),
        })
    }

    fn state(&self, cells: Cells) -> Result<TaskState, BadRow> {
        let data: StateData = cells.json("state_data", &self.state_data)?;
        let missing = |what: &'static str| {
            cells.bad("state_data", &self.state_data, format!("{what} is missing"))
        };
        let artifact = || data.artifact.ok_or_else(|| missing("artifact"));
        let state_version = || data.state_version.ok_or_else(|| missing("state_version"));
        Ok(match self.state.as_str() {
            "blocked" => TaskState::Blocked,
            "ready" => TaskState::Ready {
                not_before: Timestamp::from_micros(
                    self.not_before.ok_or_else(|| missing("not_before"))?,
                ),
            },
            "working" => TaskState::Working {
                attempt: data.attempt.ok_or_else(|| missing("attempt"))?,
                worker: self
                    .current_worker_id
                    .clone()
                    .ok_or_else(|| missing("current_worker_id"))?,
                state_version: state_version()?,
                lease_until: Timestamp::from_micros(
                    self.lease_until.ok_or_else(|| missing("lease_until"))?,
                ),
            },
            "judging" => TaskState::Judging {
                artifact: artifact()?,
                state_version: state_version()?,
                lease_until: self.lease_until.map(Timestamp::from_micros),
            },
            "reviewing" => TaskState::Reviewing {
                review: data.review.ok_or_else(|| missing("review"))?,
                artifact: artifact()?,
            },
            "releasing" => TaskState::Releasing {
                effect: data.effect.ok_or_else(|| missing("effect"))?,
                artifact: artifact()?,
            },
            "completed" => TaskState::Completed,
            "failed" => TaskState::Failed,
            "cancelled" => TaskState::Cancelled,
            "timed_out" => TaskState::TimedOut,
            other => return Err(cells.bad("state", other, "unknown")),
        })
    }
}

impl TryFrom<TaskRow> for Task {
    type Error = BadRow;

    fn try_from(row: TaskRow) -> Result<Self, BadRow> {
        let cells = Cells("tasks");
        Ok(Self {
            state: row.state(cells)?,
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            campaign: cells.text("campaign_id", &row.campaign_id)?,
            agent: cells.text("agent_id", &row.agent_id)?,
            step: row.step,
            kind: cells.word("task_type", &row.task_type)?,
            skill: row.skill,
            title: row.title,
            instructions: row.instructions,
            plan_private: cells.maybe_word("plan_private", row.plan_private.as_deref())?,
            input: cells.json("payload", &row.payload)?,
            platform: cells.maybe_word("platform", row.platform.as_deref())?,
            priority: Priority::new(cells.number("priority", row.priority)?),
            max_cost: (row.uncapped == 0).then(|| Usd::from_nanos(row.max_cost_usd)),
            deadline: row.deadline.map(Timestamp::from_micros),
            publish_at: row.publish_at.map(Timestamp::from_micros),
            waiting_on: cells.number("waiting_on", row.waiting_on)?,
            attempts: cells.number("attempts", row.attempts)?,
            rejections: cells.number("rejections", row.rejections)?,
            guidance: cells.json("guidance", &row.guidance)?,
            score: row
                .confidence_score
                .map(|score| cells.score("confidence_score", score))
                .transpose()?,
            artifact: cells.maybe_text("artifact_id", row.artifact_id.as_deref())?,
            fault: cells.maybe_json("fault", row.fault.as_deref())?,
            trace: TraceContext {
                trace: cells.text("trace_id", &row.trace_id)?,
                span: cells.text("span_id", &row.span_id)?,
            },
            version: cells.text("version_id", &row.version_id)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}
