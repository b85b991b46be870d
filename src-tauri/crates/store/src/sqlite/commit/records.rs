//! Audit records that the store itself writes, of what a cascade did to rows which only it knows.
//!
//! Ids and words of ours go in, nothing that a person or a model wrote. Never here: carrying a cascade out.

use chimera_domain::role::Actor;
use serde_json::{Value, json as object};

use super::draft::Draft;
use crate::{
    failure::Failure,
    rows::{AuditRow, json},
};

/// A task that a cascade moved. Its new version is minted once, so it serves as the record's id too.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Moved {
    pub(super) id: String,
    pub(super) state: String,
    version_id: String,
    agent_id: String,
    trace_id: String,
    skill: String,
}

/// A review or an effect of such a task.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Touched {
    pub(super) id: String,
    pub(super) task_id: String,
    version_id: String,
}

/// That a task moved because something else ended.
pub(super) fn of_moved(
    draft: &Draft,
    task: &Moved,
    action: &str,
    because: &Value,
) -> Result<AuditRow, Failure> {
    Ok(AuditRow {
        id: task.version_id.clone(),
        tenant_id: draft.tenant.to_string(),
        actor: json(&Actor::system("board"))?,
        action: action.to_owned(),
        agent_id: Some(task.agent_id.clone()),
        campaign_id: Some(draft.campaign.id.to_string()),
        task_id: Some(task.id.clone()),
        trace_id: Some(task.trace_id.clone()),
        skill_name: Some(task.skill.clone()),
        input_data: json(because)?,
        output_data: json(&object!({ "state": task.state }))?,
        status: "success".to_owned(),
        timestamp: draft.at.micros(),
    })
}

/// That a review or an effect was taken back with its task, which is one of `tasks`.
pub(super) fn of_touched(
    draft: &Draft,
    row: &Touched,
    tasks: &[Moved],
    action: &str,
    output: &Value,
) -> Result<AuditRow, Failure> {
    let task = tasks
        .iter()
        .find(|task| task.id == row.task_id)
        .ok_or_else(|| {
            Failure::refused(format!("a row of task {} moved without it", row.task_id))
        })?;
    let mut record = of_moved(draft, task, action, &Value::Null)?;
    record.id = row.version_id.clone();
    record.output_data = json(output)?;
    Ok(record)
}
