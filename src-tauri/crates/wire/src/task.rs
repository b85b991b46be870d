//! Tasks, attempts, faults.

use chimera_contract::{
    scalar::{Id, Score, Time, Usd, Version},
    swarm::AgentRef,
    task as wire,
};
use chimera_domain::{
    change::Attempt,
    confidence::Confidence,
    fault::{Fault, FaultClass},
    task::{Task, TaskState, TaskStatus},
};

use crate::{ToWire, mirror};

mirror!(TaskStatus => wire::TaskStatus { Pending, InProgress, Review, Completed, Failed, Cancelled, TimedOut } and back);
mirror!(FaultClass => wire::FaultClass { Transient, Validation, Permanent, Unknown, BudgetExhausted });

impl ToWire for Confidence {
    type Wire = Score;
    fn wire(&self) -> Score {
        Score(self.ratio())
    }
}

impl ToWire for Fault {
    type Wire = wire::Fault;
    fn wire(&self) -> wire::Fault {
        wire::Fault {
            code: self.code.clone(),
            class: self.class.wire(),
            message: self.message.clone(),
            retry_after_ms: self.retry_after_ms,
        }
    }
}

impl ToWire for TaskState {
    type Wire = wire::TaskState;
    fn wire(&self) -> wire::TaskState {
        use wire::TaskState as Out;
        match self {
            Self::Blocked => Out::Blocked,
            Self::Ready { .. } => Out::Ready,
            Self::Working { .. } => Out::Working,
            Self::Judging { .. } => Out::Judging,
            Self::Reviewing { .. } => Out::Reviewing,
            Self::Releasing { .. } => Out::Releasing,
            Self::Completed => Out::Completed,
            Self::Failed => Out::Failed,
            Self::Cancelled => Out::Cancelled,
            Self::TimedOut => Out::TimedOut,
        }
    }
}

impl ToWire for Attempt {
    type Wire = wire::Attempt;
    fn wire(&self) -> wire::Attempt {
        wire::Attempt {
            id: Id::of(self.id),
            worker: self.worker.clone(),
            started_at: Time::of(self.started_at),
            ended_at: self.ended_at.map(Time::of),
            outcome: self.outcome.clone(),
            fault: self.fault.wire(),
        }
    }
}

/// A task with the name of its agent.
pub fn task(task: &Task, agent: AgentRef) -> wire::Task {
    let (mut not_before, mut worker, mut review, mut effect) = (None, None, None, None);
    match &task.state {
        TaskState::Ready { not_before: time } => not_before = Some(Time::of(time)),
        TaskState::Working { worker: who, .. } => worker = Some(who.clone()),
        TaskState::Reviewing { review: id, .. } => review = Some(Id::of(id)),
        TaskState::Releasing { effect: id, .. } => effect = Some(Id::of(id)),
        _ => {}
    }
    wire::Task {
        id: Id::of(task.id),
        campaign: Id::of(task.campaign),
        agent,
        step: task.step.clone(),
        kind: task.kind.wire(),
        task_type: task.kind.task_type().wire(),
        skill: task.skill.clone(),
        title: task.title.clone(),
        instructions: task.instructions.clone(),
        input: task.input.clone(),
        platform: task.platform.wire(),
        priority: task.priority.get(),
        max_cost: task.max_cost.map(Usd::of),
        deadline: task.deadline.map(Time::of),
        publish_at: task.publish_at.map(Time::of),
        state: task.state.wire(),
        status: task.state.status().wire(),
        not_before,
        worker,
        review,
        effect,
        waiting_on: task.waiting_on,
        attempts: task.attempts,
        rejections: task.rejections,
        guidance: task.guidance.clone(),
        score: task.score.wire(),
        fault: task.fault.wire(),
        trace: task.trace.trace.to_string(),
        span: task.trace.span.to_string(),
        version: Version::of(task.version),
        created_at: Time::of(task.created_at),
        updated_at: Time::of(task.updated_at),
    }
}
