//! The plan becomes tasks; those that wait for nothing are ready.

use std::collections::HashMap;

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::{Change, ChangeSet, NewTask},
    id::{TaskId, VersionId},
    plan::{Plan, PlanStep},
    task::{Task, TaskState},
    trace::{SpanId, TraceContext},
};
use serde_json::json;

use super::moved;
use crate::{given::Given, plan::check, refusal::Refusal};

pub(super) fn start(
    campaign: &Campaign,
    plan: &Plan,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if campaign.status != CampaignStatus::Draft {
        return Err(Refusal::CampaignNot {
            command: "starting",
            found: campaign.status,
        });
    }
    if plan.campaign != campaign.id {
        return Err(Refusal::Missing("plan of this campaign"));
    }
    check(&plan.steps)?;
    let ids: HashMap<&str, TaskId> = plan
        .steps
        .iter()
        .map(|step| (step.key.as_str(), TaskId::from_uuid(given.id())))
        .collect();
    let mut tasks = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let mut needs: Vec<TaskId> = step
            .needs
            .iter()
            .filter_map(|key| ids.get(key.as_str()).copied())
            .collect();
        needs.sort_unstable();
        needs.dedup();
        let Some(id) = ids.get(step.key.as_str()).copied() else {
            continue;
        };
        tasks.push(NewTask {
            task: task(campaign, step, id, needs.len(), given),
            needs,
        });
    }
    let output = json!({ "plan": plan.id, "revision": plan.revision, "tasks": tasks.len() });
    let changes = vec![Change::AddTasks(tasks)];
    Ok(moved(
        campaign,
        CampaignStatus::Active,
        "campaign.start",
        output,
        changes,
        given,
    ))
}

fn task(
    campaign: &Campaign,
    step: &PlanStep,
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
