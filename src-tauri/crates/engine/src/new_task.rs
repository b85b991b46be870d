//! From a step of a plan to its task.
//!
//! Never here: when that happens.

use chimera_domain::{
    campaign::Campaign,
    id::{TaskId, VersionId},
    plan::{Plan, PlanStep},
    task::{Task, TaskState},
    trace::{SpanId, TraceContext},
};

use crate::given::Given;

/// The task of a plan's `step`, blocked while it waits for others.
pub(crate) fn task_of(
    campaign: &Campaign,
    (plan, step): (&Plan, &PlanStep),
    id: TaskId,
    waiting_on: usize,
    given: &mut Given<'_>,
) -> Task {
    let state = if waiting_on == 0 {
        TaskState::Ready {
            not_before: given.now,
        }
    } else {
        TaskState::Blocked
    };
    Task {
        id,
        tenant: campaign.tenant,
        campaign: campaign.id,
        agent: campaign.agent,
        step: step.key.clone(),
        kind: step.kind,
        skill: step.skill.clone(),
        title: step.title.clone(),
        instructions: step.instructions.clone(),
        plan_private: plan.private,
        input: step.input.clone(),
        platform: step.platform,
        priority: step.priority,
        max_cost: step.max_cost,
        deadline: step.deadline,
        publish_at: step.publish_at,
        state,
        waiting_on: u32::try_from(waiting_on).unwrap_or(u32::MAX),
        attempts: 0,
        rejections: 0,
        guidance: Vec::new(),
        score: None,
        artifact: None,
        fault: None,
        trace: TraceContext {
            trace: campaign.trace.trace,
            span: SpanId::from_bits(id.as_uuid().as_u64_pair().1),
        },
        version: VersionId::from_uuid(given.id()),
        created_at: given.now,
        updated_at: given.now,
    }
}
