//! The plan becomes tasks; those that wait for nothing are ready.

use std::collections::HashMap;

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::{Change, ChangeSet, NewTask},
    id::TaskId,
    plan::Plan,
};
use serde_json::json;

use super::moved;
use crate::{
    given::Given,
    new_task::task_of,
    plan::{check, fits, keeps_to},
    refusal::Refusal,
};

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
    keeps_to(&plan.steps, &campaign.feeds)?;
    fits(&plan.steps, campaign.daily_budget)?;
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
            task: task_of(campaign, (plan, step), id, needs.len(), given),
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
