//! A proposed change put into the plan in force: what stays, what leaves, what comes in.
//!
//! Lenient where nothing is lost by it (what failed may be named as pruned; what hangs on it leaves by itself),
//! strict where something would be: nothing that has begun and nothing that a person wrote is touched. Never
//! here: asking, prices, storing.

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::{
    id::TaskId,
    money::Usd,
    plan::PlanStep,
    platform::Platform,
    replan::{FailedStep, MAX_NEW_STEPS},
    task::{Task, TaskState},
};

use crate::plan::{PlanError, check, lost, share};

/// The plan in force and what may be done with it.
pub struct Plot<'p> {
    /// Its steps.
    pub steps: &'p [PlanStep],
    /// The newest task of each step.
    pub standing: &'p BTreeMap<String, &'p Task>,
    /// Steps that failed for good.
    pub failed: &'p [FailedStep],
    /// Networks of the campaign that are connected.
    pub platforms: &'p [Platform],
    /// Feeds of the campaign.
    pub feeds: &'p [String],
    /// What the campaign may spend in a day.
    pub budget: Usd,
}

/// What is to change, by the keys of steps.
#[derive(Debug)]
pub struct Change {
    /// Steps to take out.
    pub prune: Vec<String>,
    /// New steps, with their prices.
    pub insert: Vec<PlanStep>,
    /// Steps with other needs than before.
    pub rewire: Vec<(String, Vec<String>)>,
}

/// The next revision, and how it comes about.
#[derive(Debug)]
pub struct Merged {
    /// All steps of the next revision.
    pub steps: Vec<PlanStep>,
    /// Tasks that leave.
    pub prune: Vec<TaskId>,
    /// Keys of the steps that come in.
    pub inserted: Vec<String>,
    /// Tasks that stay with other needs.
    pub rewired: Vec<(TaskId, Vec<String>)>,
}

/// Puts `change` into the plan.
///
/// # Errors
/// Why it cannot be done, in words for the planner.
pub fn merge(plot: &Plot<'_>, change: &Change) -> Result<Merged, String> {
    let new: BTreeSet<&str> = change.insert.iter().map(|step| step.key.as_str()).collect();
    check_new(plot, change)?;
    let pruned = pruned(plot, change)?;
    keep_what_people_wrote(plot, change, &pruned)?;
    let mut steps: Vec<PlanStep> = plot
        .steps
        .iter()
        .filter(|step| plot.is_alive(&step.key) && !pruned.contains(step.key.as_str()))
        .cloned()
        .collect();
    let mut rewired = Vec::new();
    for (key, needs) in &change.rewire {
        if !plot.is_alive(key) {
            return Err(format!(
                "'{key}' has ended, so it cannot need anything else; insert a new step for it."
            ));
        }
        let (Some(task), Some(step)) = (
            plot.standing.get(key),
            steps.iter_mut().find(|step| step.key == *key),
        ) else {
            return Err(format!(
                "'{key}' is not in the plan, so it cannot be rewired."
            ));
        };
        if !task.is_not_begun() {
            return Err(format!("'{key}' has begun and keeps what it builds on."));
        }
        let known = |needs: &String| new.contains(needs.as_str()) || plot.is_alive(needs);
        if needs.is_empty() || !needs.iter().all(known) {
            return Err(format!(
                "'{key}' has to need steps that are there or inserted, and none that failed: it names {}.",
                needs.join(", ")
            ));
        }
        step.needs.clone_from(needs);
        rewired.push((task.id, needs.clone()));
    }
    let inserted: Vec<String> = change.insert.iter().map(|step| step.key.clone()).collect();
    steps.extend(change.insert.iter().cloned());
    drop_what_hangs_on_nothing(&mut steps, &new)?;
    let stays: BTreeSet<&str> = steps.iter().map(|step| step.key.as_str()).collect();
    if let Some((task, _)) = rewired.iter().find(|(id, _)| {
        let key = plot.standing.iter().find(|(_, task)| task.id == *id);
        key.is_none_or(|(key, _)| !stays.contains(key.as_str()))
    }) {
        return Err(format!(
            "the rewired step {task} still needs something that failed."
        ));
    }
    check(&steps).map_err(|error| error.to_string())?;
    let is_over = |key: &str| {
        let task = plot.standing.get(key);
        task.is_some_and(|task| task.state.is_terminal())
    };
    share(&mut steps, &new, is_over, plot.budget).map_err(|error| error.to_string())?;
    lead_somewhere(plot, &steps, &new).map_err(|error| error.to_string())?;
    let prune = pruned
        .iter()
        .filter_map(|key| plot.standing.get(*key).map(|task| task.id))
        .collect();
    Ok(Merged {
        steps,
        prune,
        inserted,
        rewired,
    })
}

impl Plot<'_> {
    /// In the plan, and its result is there or still to come.
    fn is_alive(&self, key: &str) -> bool {
        self.standing.get(key).is_some_and(|task| {
            (!task.state.is_terminal() || task.state == TaskState::Completed)
                && !self.failed.iter().any(|failed| failed.task == task.id)
        })
    }
}

fn check_new(plot: &Plot<'_>, change: &Change) -> Result<(), String> {
    if change.insert.len() > MAX_NEW_STEPS {
        return Err(format!(
            "it inserts {} steps; {MAX_NEW_STEPS} is the most.",
            change.insert.len()
        ));
    }
    for step in &change.insert {
        let key = &step.key;
        if plot.standing.contains_key(key) || plot.steps.iter().any(|known| known.key == *key) {
            return Err(format!(
                "the key '{key}' is taken; give each new step a new one."
            ));
        }
        if step.kind.is_outward() && !step.platform.is_some_and(|to| plot.platforms.contains(&to)) {
            return Err(format!(
                "'{key}' posts to a network that is not the campaign's or not connected."
            ));
        }
        let unknown = step
            .feeds()
            .into_iter()
            .find(|feed| !plot.feeds.contains(feed));
        if let Some(feed) = unknown {
            return Err(format!(
                "'{key}' reads {feed}, which is not among the campaign's feeds."
            ));
        }
    }
    Ok(())
}

/// Refuses a new step whose result nobody would take. What was there before may lose the step that took its result:
/// that one may have failed.
fn lead_somewhere(
    plot: &Plot<'_>,
    steps: &[PlanStep],
    new: &BTreeSet<&str>,
) -> Result<(), PlanError> {
    let acts = |steps: &[PlanStep]| steps.iter().any(|step| step.kind.is_outward());
    // A plan that never was to act is research for its own sake; one that no longer does has not become so.
    if !acts(plot.steps) && !acts(steps) {
        return Ok(());
    }
    let nowhere = lost(steps).find(|step| new.contains(step.key.as_str()));
    nowhere.map_or(Ok(()), |step| {
        Err(PlanError::LeadsNowhere(step.key.clone()))
    })
}

/// Keys that leave, without those that are gone already.
fn pruned<'a>(plot: &Plot<'_>, change: &'a Change) -> Result<BTreeSet<&'a str>, String> {
    let mut pruned = BTreeSet::new();
    for key in &change.prune {
        let Some(task) = plot.standing.get(key) else {
            return Err(format!(
                "'{key}' is not in the plan, so it cannot be pruned."
            ));
        };
        if !plot.is_alive(key) {
            continue;
        }
        if !task.is_not_begun() {
            return Err(format!("'{key}' has begun and stays."));
        }
        let is_edited = plot
            .steps
            .iter()
            .any(|step| step.key == *key && step.edited);
        if is_edited {
            return Err(format!(
                "'{key}' was written by a person and stays; give it other needs, or leave it out of the answer."
            ));
        }
        pruned.insert(key.as_str());
    }
    Ok(pruned)
}

/// Refuses to take a person's step out by way of one that it needs.
fn keep_what_people_wrote(
    plot: &Plot<'_>,
    change: &Change,
    pruned: &BTreeSet<&str>,
) -> Result<(), String> {
    let rewired = |key: &str| change.rewire.iter().any(|(step, _)| *step == key);
    let mut gone: BTreeSet<&str> = pruned.clone();
    while let Some(step) = plot.steps.iter().find(|step| {
        !gone.contains(step.key.as_str())
            && plot.is_alive(&step.key)
            && !rewired(&step.key)
            && step.needs.iter().any(|needs| gone.contains(needs.as_str()))
    }) {
        if step.edited {
            return Err(format!(
                "'{}' was written by a person and needs something that would leave; give it other needs first.",
                step.key
            ));
        }
        gone.insert(&step.key);
    }
    Ok(())
}

/// What needs a step that failed or left goes with it, unless it was given other needs. A new step must not.
fn drop_what_hangs_on_nothing(
    steps: &mut Vec<PlanStep>,
    new: &BTreeSet<&str>,
) -> Result<(), String> {
    loop {
        let there: BTreeSet<String> = steps.iter().map(|step| step.key.clone()).collect();
        let hangs = |step: &PlanStep| step.needs.iter().any(|needs| !there.contains(needs));
        if let Some(step) = steps
            .iter()
            .find(|step| new.contains(step.key.as_str()) && hangs(step))
        {
            return Err(format!(
                "the new step '{}' needs {}, of which something failed or is not there.",
                step.key,
                step.needs.join(", ")
            ));
        }
        let before = steps.len();
        steps.retain(|step| !hangs(step));
        if steps.len() == before {
            return Ok(());
        }
    }
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
