//! A rejected post is written anew: its draft and its envelope are added again, with the reason as guidance.
//!
//! Done in the transaction of the rejection, so that a crash cannot lose it.

use std::collections::HashMap;

use chimera_domain::{
    change::{Change, NewTask},
    id::{TaskId, VersionId},
    task::{Task, TaskState},
};

use crate::{given::Given, step::Step};

/// Adds draft and envelope anew; false when there is no draft that could be written again.
#[must_use]
pub(super) fn rewrite(step: &mut Step<'_>, reason: &str, given: &mut Given<'_>) -> bool {
    // Research stays as it is; what was written from it is written again.
    let (drafts, kept): (Vec<_>, Vec<_>) = step
        .board
        .upstream
        .iter()
        .partition(|new| new.task.artifact.is_some() && writes(&new.task));
    if drafts.is_empty() {
        return false;
    }
    let rejections = step.task.rejections;
    let mut renamed: HashMap<TaskId, TaskId> = HashMap::new();
    let mut added = Vec::new();
    for draft in drafts {
        let mut task = fresh(&draft.task, rejections, reason, given);
        task.waiting_on = 0;
        task.state = TaskState::Ready {
            not_before: given.now,
        };
        renamed.insert(draft.task.id, task.id);
        added.push(NewTask {
            task,
            needs: draft.needs.clone(),
        });
    }
    let mut envelope = fresh(&step.board.task, rejections, reason, given);
    envelope.waiting_on = u32::try_from(renamed.len()).unwrap_or(u32::MAX);
    envelope.state = TaskState::Blocked;
    let needs = renamed
        .values()
        .copied()
        .chain(kept.iter().map(|new| new.task.id))
        .collect();
    added.push(NewTask {
        task: envelope,
        needs,
    });
    step.push(Change::AddTasks(added));
    true
}

fn writes(task: &Task) -> bool {
    task.kind.task_type() == chimera_domain::task::TaskType::ContentGen
}

fn fresh(task: &Task, rejections: u32, reason: &str, given: &mut Given<'_>) -> Task {
    let mut next = task.clone();
    next.id = TaskId::from_uuid(given.id());
    next.version = VersionId::from_uuid(given.id());
    next.step = format!("{}~{rejections}", task.line());
    next.rejections = rejections;
    next.attempts = 0;
    next.guidance.push(reason.to_owned());
    next.score = None;
    next.artifact = None;
    next.fault = None;
    next.created_at = given.now;
    next.updated_at = given.now;
    next
}
